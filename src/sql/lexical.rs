//! Names, literals and other small pieces of SQL, by dialect.

use crate::schema::{ColumnType, Default, ForeignKey, hex};
use sha2::{Digest, Sha256};

use super::Dialect;

impl Dialect {
    /// The dialect as people write it.
    pub(crate) fn title(self) -> &'static str {
        match self {
            Self::Sqlite => "SQLite",
            Self::Postgres => "PostgreSQL",
            Self::Mysql => "MySQL",
        }
    }

    /// A quoted name: always quoted, so that reserved words, capitals and Unicode need no thought.
    pub(crate) fn quote(self, name: &str) -> String {
        match self {
            Self::Sqlite | Self::Postgres => format!("\"{}\"", name.replace('"', "\"\"")),
            Self::Mysql => format!("`{}`", name.replace('`', "``")),
        }
    }

    /// A table's quoted name, with its schema where it has one.
    pub(crate) fn table(self, name: &str) -> String {
        match name.split_once('.') {
            Some((schema, name)) => format!("{}.{}", self.quote(schema), self.quote(name)),
            None => self.quote(name),
        }
    }

    /// Quoted names with commas between.
    pub(super) fn list<S: AsRef<str>>(self, names: &[S]) -> String {
        let names: Vec<String> = names.iter().map(|name| self.quote(name.as_ref())).collect();
        names.join(", ")
    }

    /// A quoted name for an index or a constraint, shortened where the dialect's limit asks for it: always
    /// the same way, with a hash of what was cut.
    pub(super) fn short(self, name: &str) -> String {
        self.quote(&self.shortened(name))
    }

    pub(super) fn shortened(self, name: &str) -> String {
        let max = match self {
            Self::Sqlite => return name.to_owned(),
            Self::Postgres => 63,
            Self::Mysql => 64,
        };
        if name.len() <= max {
            return name.to_owned();
        }
        let hash = &hex(&Sha256::digest(name))[..8];
        let mut end = max - hash.len() - 1;
        while !name.is_char_boundary(end) {
            end -= 1;
        }
        format!("{}_{hash}", &name[..end])
    }

    /// A string literal.
    pub(crate) fn literal(self, text: &str) -> String {
        let text = text.replace('\'', "''");
        match self {
            Self::Sqlite | Self::Postgres => format!("'{text}'"),
            Self::Mysql => format!("'{}'", text.replace('\\', "\\\\")),
        }
    }

    /// What follows `DEFAULT`.
    pub(super) fn default(self, default: &Default, kind: &ColumnType) -> String {
        let text = match default {
            Default::Bool(true) => "TRUE".into(),
            Default::Bool(false) => "FALSE".into(),
            Default::Number(digits) => digits.clone(),
            Default::Text(text) => self.literal_for(text, kind),
            Default::CurrentTimestamp => "CURRENT_TIMESTAMP".into(),
            Default::CurrentDate => "CURRENT_DATE".into(),
            Default::CurrentTime => "CURRENT_TIME".into(),
            Default::Null => "NULL".into(),
            Default::Sql(sql) => format!("({sql})"),
        };
        // MySQL takes these only as expressions.
        let is_long = matches!(
            kind,
            ColumnType::Text | ColumnType::Blob | ColumnType::Json | ColumnType::JsonBinary
        );
        let is_date = matches!(default, Default::CurrentDate | Default::CurrentTime);
        let bare = matches!(default, Default::Null | Default::Sql(_));
        if self == Self::Mysql && (is_long || is_date) && !bare {
            return format!("({text})");
        }
        text
    }

    /// `CONSTRAINT "fk" FOREIGN KEY ("a") REFERENCES "t" ("id") ON DELETE CASCADE`.
    pub(super) fn foreign_key(self, key: &ForeignKey) -> String {
        format!(
            "CONSTRAINT {} FOREIGN KEY ({}) {}",
            self.short(&key.name),
            self.list(&key.columns),
            self.references(key)
        )
    }

    /// `REFERENCES "t" ("id") ON DELETE CASCADE`.
    pub(super) fn references(self, key: &ForeignKey) -> String {
        let mut text = format!(
            "REFERENCES {} ({})",
            self.table(&key.table),
            self.list(&key.references)
        );
        if let Some(action) = key.on_delete {
            text.push_str(&format!(" ON DELETE {}", action.sql()));
        }
        if let Some(action) = key.on_update {
            text.push_str(&format!(" ON UPDATE {}", action.sql()));
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_quoted_and_shortened() {
        let (sqlite, postgres) = (Dialect::Sqlite, Dialect::Postgres);
        assert_eq!(sqlite.table("shop.or\"der"), "\"shop\".\"or\"\"der\"");
        assert_eq!(Dialect::Mysql.quote("a`b"), "`a``b`");
        let long = "fk-a_table_with_a_very_long_name-a_column_with_a_very_long_name_é_too";
        let short = postgres.short(long);
        assert_eq!(
            short,
            "\"fk-a_table_with_a_very_long_name-a_column_with_a_very__2b3a1f8b\""
                .get(..56)
                .map(|start| format!("{start}{}", &short[56..]))
                .expect("ASCII")
        );
        assert_eq!(short.len(), 65);
        assert_eq!(short, postgres.short(long));
        assert_ne!(short, postgres.short(&format!("{long}s")));
        assert_eq!(sqlite.short(long), format!("\"{long}\""));
    }

    #[test]
    fn literals_keep_what_they_hold() {
        assert_eq!(Dialect::Postgres.literal(r"it's a \"), r"'it''s a \'");
        assert_eq!(Dialect::Mysql.literal(r"it's a \"), r"'it''s a \\'");
    }
}
