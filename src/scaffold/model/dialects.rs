//! What some of a project's databases cannot do, and what else a field does not do that one may expect.

use crate::error::Result;
use crate::scaffold::field::{Field, FieldError, FieldType, LIST_PARAMETERS};
use crate::sql::Dialect;

/// The most characters that an index of MySQL takes: 3,072 bytes, 4 a character.
/// <https://dev.mysql.com/doc/refman/8.4/en/innodb-limits.html>
const LONGEST_MYSQL_KEY: usize = 768;

/// SQLite has no decimals: it keeps them as 64-bit floats, which are exact up to 15 digits.
/// <https://www.sqlite.org/floatingpoint.html>
const INEXACT_IN_SQLITE: u32 = 16;

/// Refuses a field that one of `dialects` has no way to keep as asked. `typed` are the fields as typed.
pub(crate) fn check(fields: &[Field], typed: &[String], dialects: &[Dialect]) -> Result<()> {
    for (field, typed) in fields.iter().zip(typed) {
        check_reserved(field, typed, dialects)?;
    }
    if !dialects.contains(&Dialect::Mysql) {
        return Ok(());
    }
    for (field, typed) in fields.iter().zip(typed) {
        let length = match &field.kind {
            FieldType::String { length } => *length as usize,
            FieldType::Url => super::column::URL_LENGTH,
            FieldType::Text => usize::MAX,
            _ => 0,
        };
        let problem = if (field.unique || field.index) && length > LONGEST_MYSQL_KEY {
            Some((
                format!("MySQL cannot index more than {LONGEST_MYSQL_KEY} characters"),
                format!(
                    "use a `string` of at most {LONGEST_MYSQL_KEY}, or leave `:unique` and `:index` out"
                ),
            ))
        } else if field.kind == FieldType::Text && field.default.is_some() {
            Some((
                "MySQL takes no default for text of any length".to_owned(),
                "use `string(n)`, or leave the default out".to_owned(),
            ))
        } else {
            None
        };
        if let Some((message, hint)) = problem {
            let error = FieldError {
                text: typed.clone(),
                at: 0..typed.len(),
                message,
                hint: Some(hint),
            };
            return Err(error.into());
        }
    }
    Ok(())
}

/// Refuses a field whose column would have a name that a database keeps for itself.
fn check_reserved(field: &Field, typed: &str, dialects: &[Dialect]) -> Result<()> {
    let Some(column) = field.column() else {
        return Ok(());
    };
    match dialects
        .iter()
        .find(|dialect| dialect.reserves_column(&column))
    {
        None => Ok(()),
        Some(dialect) => Err(FieldError {
            text: typed.to_owned(),
            at: 0..field.name.len(),
            message: format!("every table of {dialect} has a system column `{column}`"),
            hint: Some(format!("try `{}_value`", field.name)),
        }
        .into()),
    }
}

/// What is fine, but should be known: each a sentence.
pub(crate) fn warnings(fields: &[Field], api: bool, dialects: &[Dialect]) -> Vec<String> {
    let mut warnings = Vec::new();
    for field in fields {
        let name = &field.name;
        let unfilterable = field
            .column()
            .is_some_and(|column| LIST_PARAMETERS.contains(&&*column));
        if api && unfilterable {
            warnings.push(format!(
                "lists cannot be filtered by `{name}`: `?{name}=` means something else there"
            ));
        }
        if let FieldType::Decimal {
            precision: INEXACT_IN_SQLITE..,
            ..
        } = field.kind
            && dialects.contains(&Dialect::Sqlite)
        {
            warnings.push(format!(
                "SQLite keeps 15 digits of `{name}`; the other databases keep all"
            ));
        }
    }
    warnings
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scaffold::field::parse_all;

    #[test]
    fn what_should_be_known_is_said() {
        let typed = [
            "page:int",
            "a:decimal(16,2)",
            "b:decimal(15,2)",
            "search:ref(x.Y)",
            "order:int",
        ];
        let fields = parse_all(&typed.map(str::to_owned)).unwrap();
        let said = warnings(&fields, true, &[Dialect::Sqlite]);
        insta::assert_snapshot!(said.join("\n"), @r"
        lists cannot be filtered by `page`: `?page=` means something else there
        SQLite keeps 15 digits of `a`; the other databases keep all
        ");
        assert!(warnings(&fields, false, &[Dialect::Postgres]).is_empty());
    }

    #[test]
    fn names_of_system_columns_are_refused_where_the_database_is_used() {
        for (typed, dialect) in [
            ("xmin:double", Dialect::Postgres),
            ("ctid:text", Dialect::Postgres),
            ("db_trx_id:int", Dialect::Mysql),
            ("fts_doc:ref(x.Y)", Dialect::Mysql),
        ] {
            let typed = vec![typed.to_owned()];
            let fields = parse_all(&typed).unwrap();
            let error = check(&fields, &typed, &[dialect]).expect_err(&typed[0]);
            assert!(error.to_string().contains("system column"), "{error:?}");
            assert!(check(&fields, &typed, &[Dialect::Sqlite]).is_ok());
        }
    }

    #[test]
    fn only_what_mysql_cannot_do_is_refused_and_only_where_it_is_used() {
        for typed in [
            "a:text:unique",
            "a:text:index",
            "a:string(769):index",
            "a:url:unique",
            "a:text=x",
        ] {
            let typed = vec![typed.to_owned()];
            let fields = parse_all(&typed).unwrap();
            assert!(
                check(&fields, &typed, &[Dialect::Sqlite, Dialect::Mysql]).is_err(),
                "{typed:?}"
            );
            assert!(
                check(&fields, &typed, &[Dialect::Sqlite, Dialect::Postgres]).is_ok(),
                "{typed:?}"
            );
        }
        for typed in [
            "a:text",
            "a:string(768):unique",
            "a:string(9000)",
            "a:int:index=1",
            "a:url",
        ] {
            let typed = vec![typed.to_owned()];
            let fields = parse_all(&typed).unwrap();
            assert!(
                check(&fields, &typed, &[Dialect::Mysql]).is_ok(),
                "{typed:?}"
            );
        }
    }
}
