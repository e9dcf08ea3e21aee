//! The statement that copies the rows of a table that is built again.

use crate::sql::tokens::{Token, tokenize};

use super::super::definition::Definition;
use super::{LITE, Written};

/// The definitions that a copy leads between.
pub(super) struct Copied<'a> {
    pub(super) old: &'a Definition,
    /// As the file has it.
    pub(super) after: &'a Definition,
    pub(super) new: &'a Definition,
}

/// The statement that copies the rows: the file's, with the columns that it does not know, and without those that are
/// computed.
pub(super) fn copy(
    table: &str,
    written: Written,
    copied: &Copied,
) -> Result<Option<String>, String> {
    let Copied { old, after, new } = copied;
    let mut pairs = match written.copy {
        Some(copy) => Copy::parse(copy).ok_or_else(|| {
            format!("how the rows of `{table}` are copied is not understood: {copy}")
        })?,
        None => Copy::default(),
    };
    pairs.columns.retain(|(name, _)| {
        let column = new.column(name);
        column.is_some_and(|column| !column.is_generated())
    });
    let at = LITE.quote(table);
    for column in &new.columns {
        let known = after.column(&column.name).is_some();
        if !known && !column.is_generated() && old.column(&column.name).is_some() {
            let name = LITE.quote(&column.name);
            let value = format!("{at}.{name}");
            pairs.columns.push((column.name.clone(), value));
        }
    }
    let keeps_columns = old
        .columns
        .iter()
        .any(|column| new.column(&column.name).is_some());
    let named = |definition: &Definition| definition.column("rowid").is_some();
    if !(old.keeps_row_numbers() || new.keeps_row_numbers() || named(old) || named(new))
        && keeps_columns
    {
        pairs.columns.push(("rowid".into(), format!("{at}.rowid")));
    }
    if pairs.columns.is_empty() {
        return Ok(None);
    }
    let names: Vec<&str> = pairs
        .columns
        .iter()
        .map(|(name, _)| name.as_str())
        .collect();
    let values: Vec<&str> = pairs
        .columns
        .iter()
        .map(|(_, value)| value.as_str())
        .collect();
    let rest = match pairs.rest.is_empty() {
        true => format!("FROM {at}"),
        false => pairs.rest,
    };
    Ok(Some(format!(
        "INSERT INTO {} ({})\n    SELECT {}\n    {rest}",
        LITE.quote(written.aside),
        LITE.list(&names),
        values.join(", ")
    )))
}

/// `INSERT INTO new (a, b) SELECT x, y FROM …` in parts.
#[derive(Default)]
struct Copy {
    columns: Vec<(String, String)>,
    /// From `FROM` on.
    rest: String,
}

impl Copy {
    fn parse(sql: &str) -> Option<Self> {
        let script = tokenize(LITE, sql);
        let tokens = script.statements.into_iter().next()?.tokens;
        let open = tokens.iter().position(|token| token.is("("))?;
        let close = tokens.iter().position(|token| token.is(")"))?;
        let select = close + 1;
        if !tokens.get(select)?.is("SELECT") {
            return None;
        }
        let names: Option<Vec<&str>> = tokens[open + 1..close]
            .iter()
            .filter(|token| !token.is(","))
            .map(Token::name)
            .collect();
        let mut depth = 0usize;
        let mut values = Vec::new();
        let mut start = select + 1;
        let mut from = None;
        for (at, token) in tokens.iter().enumerate().skip(start) {
            if token.is("(") {
                depth += 1;
            } else if token.is(")") {
                depth = depth.saturating_sub(1);
            } else if depth == 0 && (token.is(",") || token.is("FROM")) {
                let (first, last) = (tokens.get(start)?, tokens.get(at.checked_sub(1)?)?);
                values.push(sql[first.span.start..last.span.end].to_owned());
                start = at + 1;
                if token.is("FROM") {
                    from = Some(token.span.start);
                    break;
                }
            }
        }
        let names = names?;
        (names.len() == values.len()).then(|| Self {
            columns: names.into_iter().map(str::to_owned).zip(values).collect(),
            rest: from.map(|from| sql[from..].to_owned()).unwrap_or_default(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn copies_are_taken_apart() {
        let copy = Copy::parse(
            "INSERT INTO n (a, \"b c\") SELECT coalesce(t.a, 0), CAST((t.b) AS TEXT) FROM t WHERE 1",
        );
        let copy = copy.expect("it is one");
        assert_eq!(
            copy.columns[1],
            ("b c".into(), "CAST((t.b) AS TEXT)".into())
        );
        assert_eq!(copy.rest, "FROM t WHERE 1");
        assert!(Copy::parse("INSERT INTO n SELECT * FROM t").is_none());
        assert!(Copy::parse("INSERT INTO n (a, b) SELECT * FROM t").is_none());
    }
}
