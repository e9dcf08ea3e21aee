//! What some of a project's databases cannot do.

use crate::error::Result;
use crate::scaffold::field::{Field, FieldError, Kind};
use crate::sql::Dialect;

/// The most characters that an index of MySQL takes: 3,072 bytes, 4 a character.
/// <https://dev.mysql.com/doc/refman/8.4/en/innodb-limits.html>
const LONGEST_MYSQL_KEY: usize = 768;

/// Refuses a field that one of `dialects` has no way to keep as asked. `typed` are the fields as typed.
pub(crate) fn check(fields: &[Field], typed: &[String], dialects: &[Dialect]) -> Result<()> {
    if !dialects.contains(&Dialect::Mysql) {
        return Ok(());
    }
    for (field, typed) in fields.iter().zip(typed) {
        let length = match &field.kind {
            Kind::String { length } => *length as usize,
            Kind::Url => super::column::URL_LENGTH,
            Kind::Text => usize::MAX,
            _ => 0,
        };
        let problem = if (field.unique || field.index) && length > LONGEST_MYSQL_KEY {
            Some((
                format!("MySQL cannot index more than {LONGEST_MYSQL_KEY} characters"),
                format!(
                    "use a `string` of at most {LONGEST_MYSQL_KEY}, or leave `:unique` and `:index` out"
                ),
            ))
        } else if field.kind == Kind::Text && field.default.is_some() {
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scaffold::field::parse_all;

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
