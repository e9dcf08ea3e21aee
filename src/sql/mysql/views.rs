//! The text of a view that follows new names of tables and columns: MySQL keeps views as text and leaves them broken.
//!
//! `SHOW CREATE VIEW` writes every column behind its table, or what the table is called there, and every column of the
//! result with its name (`AS`), so that whoever reads the view finds what was there before.

use std::collections::BTreeMap;
use std::ops::Range;

use super::super::Dialect;
use super::super::tokens::{Token, TokenKind, tokenize};

const MY: Dialect = Dialect::Mysql;

/// Tables that get other names, and columns, by the names that they had before.
#[derive(Clone, Debug, Default)]
pub(crate) struct NewNames {
    /// By old name, the new one.
    pub(crate) tables: BTreeMap<String, String>,
    /// By table and column, both as they were, the column's new name.
    pub(crate) columns: BTreeMap<(String, String), String>,
}

/// A table in a `FROM`.
struct Source {
    /// Its name; `None` for a query in parentheses, and for a table of another database.
    table: Option<String>,
    at: Range<usize>,
    /// What its columns are written behind.
    called: String,
    has_alias: bool,
}

impl NewNames {
    /// `CREATE VIEW` in the words of `SHOW CREATE VIEW`, after the change. `None` where the text leaves open which table
    /// a name is of.
    pub(crate) fn follow(&self, create: &str, database: &str) -> Option<String> {
        let script = tokenize(MY, create);
        let [statement] = script.statements.as_slice() else {
            return None;
        };
        let tokens = &statement.tokens;
        if script.broken.is_some()
            || tokens
                .iter()
                .any(|token| token.is("WITH") && is_query(tokens, token))
        {
            return None;
        }
        let sources = sources(tokens, database)?;
        let mut edits: Vec<(Range<usize>, String)> = Vec::new();
        for source in &sources {
            let Some(table) = &source.table else {
                continue;
            };
            let to = self.tables.get(table);
            if let Some(to) = to {
                edits.push((source.at.clone(), MY.quote(to)));
            }
            let is_ambiguous = sources
                .iter()
                .any(|other| other.called == source.called && other.table != source.table);
            for (behind, column) in columns(tokens, &source.called) {
                let new = column.name().and_then(|name| self.column(table, name));
                if is_ambiguous && (new.is_some() || to.is_some()) {
                    return None;
                }
                if let Some(new) = new {
                    edits.push((column.span.clone(), MY.quote(new)));
                }
                if let Some(to) = to.filter(|_| !source.has_alias) {
                    edits.push((behind.span.clone(), MY.quote(to)));
                }
            }
        }
        edits.sort_by_key(|(at, _)| at.start);
        edits.dedup();
        let mut text = create.to_owned();
        for (at, new) in edits.into_iter().rev() {
            text.replace_range(at, &new);
        }
        Some(text)
    }

    fn column(&self, table: &str, column: &str) -> Option<&String> {
        let mut columns = self.columns.iter();
        let same = |(t, c): &(String, String)| t == table && c.eq_ignore_ascii_case(column);
        columns.find(|(place, _)| same(place)).map(|(_, new)| new)
    }
}

/// Whether a `WITH` begins a query, and is no `WITH CHECK OPTION`.
fn is_query(tokens: &[Token], with: &Token) -> bool {
    let rest = tokens
        .iter()
        .skip_while(|token| token.span.start <= with.span.start);
    let next: Vec<&Token> = rest.take(2).collect();
    !next
        .iter()
        .any(|token| token.is("CHECK") || token.is("ROLLUP"))
}

fn quoted(token: Option<&Token>) -> Option<&str> {
    match &token?.kind {
        TokenKind::Quoted(name) => Some(name),
        _ => None,
    }
}

/// Every table and query in parentheses that rows are taken from. `None` for what this does not read.
fn sources(tokens: &[Token], database: &str) -> Option<Vec<Source>> {
    let mut sources = Vec::new();
    for (at, token) in tokens.iter().enumerate() {
        if token.is(")") {
            // What a query in parentheses is called, as far as it is one.
            if let Some(called) = quoted(tokens.get(at + 1)) {
                sources.push(Source {
                    table: None,
                    at: token.span.clone(),
                    called: called.to_owned(),
                    has_alias: true,
                });
            }
        }
        if !token.is("FROM") && !token.is("JOIN") && !token.is("STRAIGHT_JOIN") {
            continue;
        }
        let opened = tokens[at + 1..].iter().take_while(|token| token.is("("));
        let first = at + 1 + opened.count();
        if tokens.get(first)?.is("SELECT") {
            continue;
        }
        // `extract(year from …)`, `trim(… from …)`
        let Some(name) = quoted(tokens.get(first)) else {
            continue;
        };
        let second = tokens.get(first + 1).filter(|token| token.is("."));
        let (own, last) = match second {
            Some(_) => (name == database, first + 2),
            None => (true, first),
        };
        let table = quoted(tokens.get(last))?;
        if tokens.get(last + 1).is_some_and(|token| token.is(".")) {
            continue;
        }
        let alias = quoted(tokens.get(last + 1));
        sources.push(Source {
            table: own.then(|| table.to_owned()),
            at: tokens[last].span.clone(),
            called: alias.unwrap_or(table).to_owned(),
            has_alias: alias.is_some(),
        });
    }
    Some(sources)
}

/// The columns that are written behind a name, each with the token of that name.
fn columns<'a>(tokens: &'a [Token], called: &str) -> Vec<(&'a Token, &'a Token)> {
    let mut found = Vec::new();
    for (at, three) in tokens.windows(3).enumerate() {
        let [behind, dot, column] = three else {
            continue;
        };
        let ends = !tokens.get(at + 3).is_some_and(|token| token.is("."));
        if quoted(Some(behind)) == Some(called) && dot.is(".") && column.name().is_some() && ends {
            found.push((behind, column));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn views_follow_new_names() {
        let names = NewNames {
            tables: [("t".to_owned(), "u".to_owned())].into(),
            columns: [(("t".to_owned(), "a".to_owned()), "z".to_owned())].into(),
        };
        let other = NewNames {
            tables: BTreeMap::new(),
            ..names.clone()
        };
        let follow = |names: &NewNames, text: &str| {
            names
                .follow(&text.replace('\'', "`"), "shop")
                .map(|text| text.replace('`', "'"))
        };
        for (view, column, both) in [
            (
                "CREATE VIEW 'v' AS select 't'.'a' AS 'a','t'.'b' AS 'b' from 't'",
                Some("CREATE VIEW 'v' AS select 't'.'z' AS 'a','t'.'b' AS 'b' from 't'"),
                Some("CREATE VIEW 'v' AS select 'u'.'z' AS 'a','u'.'b' AS 'b' from 'u'"),
            ),
            // A name of its own, and another table with such a column.
            (
                "CREATE VIEW 'v' AS select 'x'.'a' AS 'a','o'.'a' AS 'oa' from ('t' 'x' join 'o' on('x'.'id' = 'o'.'id'))",
                Some(
                    "CREATE VIEW 'v' AS select 'x'.'z' AS 'a','o'.'a' AS 'oa' from ('t' 'x' join 'o' on('x'.'id' = 'o'.'id'))",
                ),
                Some(
                    "CREATE VIEW 'v' AS select 'x'.'z' AS 'a','o'.'a' AS 'oa' from ('u' 'x' join 'o' on('x'.'id' = 'o'.'id'))",
                ),
            ),
            // Twice, and inside of a query.
            (
                "CREATE VIEW 'v' AS select max('d'.'a') AS 'm' from (select 't'.'a' AS 'a' from 't' where 't'.'a' > 1) 'd' order by 'd'.'a'",
                Some(
                    "CREATE VIEW 'v' AS select max('d'.'a') AS 'm' from (select 't'.'z' AS 'a' from 't' where 't'.'z' > 1) 'd' order by 'd'.'a'",
                ),
                Some(
                    "CREATE VIEW 'v' AS select max('d'.'a') AS 'm' from (select 'u'.'z' AS 'a' from 'u' where 'u'.'z' > 1) 'd' order by 'd'.'a'",
                ),
            ),
            // With its database, and one of that name in another.
            (
                "CREATE VIEW 'v' AS select 'shop'.'t'.'a' AS 'a' from 'shop'.'t'",
                Some("CREATE VIEW 'v' AS select 'shop'.'t'.'z' AS 'a' from 'shop'.'t'"),
                Some("CREATE VIEW 'v' AS select 'shop'.'u'.'z' AS 'a' from 'shop'.'u'"),
            ),
            (
                "CREATE VIEW 'v' AS select 't'.'a' AS 'a' from 'attic'.'t'",
                Some("CREATE VIEW 'v' AS select 't'.'a' AS 'a' from 'attic'.'t'"),
                Some("CREATE VIEW 'v' AS select 't'.'a' AS 'a' from 'attic'.'t'"),
            ),
            // Two of one name: whose columns these are, the text does not say.
            (
                "CREATE VIEW 'v' AS select 't'.'a' AS 'a' from 't' where exists(select 't'.'a' from 'o' 't')",
                None,
                None,
            ),
            (
                "CREATE VIEW 'v' AS with c as (select 't'.'a' AS 'a' from 't') select 'c'.'a' AS 'a' from 'c'",
                None,
                None,
            ),
            (
                "CREATE VIEW 'v' AS select 't'.'a' AS 'a' from 't' where 't'.'a' > 1 WITH CASCADED CHECK OPTION",
                Some(
                    "CREATE VIEW 'v' AS select 't'.'z' AS 'a' from 't' where 't'.'z' > 1 WITH CASCADED CHECK OPTION",
                ),
                Some(
                    "CREATE VIEW 'v' AS select 'u'.'z' AS 'a' from 'u' where 'u'.'z' > 1 WITH CASCADED CHECK OPTION",
                ),
            ),
        ] {
            assert_eq!(follow(&other, view).as_deref(), column, "{view}");
            assert_eq!(follow(&names, view).as_deref(), both, "{view}");
        }
    }
}
