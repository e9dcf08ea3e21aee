//! What a database keeps of a definition: two definitions that it keeps alike are the same to it.
//!
//! `bool` and `tinyint(1)` are one type to MySQL, `now()` and `CURRENT_TIMESTAMP` one default to PostgreSQL. Here
//! spellings are read back into types and defaults, so that what a catalogue says can be compared with what this
//! tool would have written.

mod default;
mod mysql;
mod postgres;
mod spelling;
mod sqlite;

use crate::schema::{Action, Column, ColumnType, Default, Schema, Table};

use super::Dialect;

impl Dialect {
    /// The type that this database spells `text`. What SeaORM has no name for stays as it is, as a custom type.
    pub(crate) fn read_type(self, text: &str) -> ColumnType {
        match self {
            Self::Sqlite => sqlite::read(text),
            Self::Postgres => postgres::read(text),
            Self::Mysql => mysql::read(text),
        }
    }

    /// The SQL of an enum's type as an entity would give it as a type of its own, and catalogues do.
    pub(super) fn enum_text(self, sql: String) -> String {
        match sql.strip_prefix("ENUM(") {
            Some(values) if self == Self::Mysql => format!("enum({values}"),
            _ => sql,
        }
    }

    /// The one spelling of the type of a column among all that mean the same here.
    pub(super) fn stored_type(self, table: &Table, column: &Column, schema: &Schema) -> String {
        if self == Self::Sqlite && counts(table, column) {
            return "integer".into();
        }
        let text = match self.column_type(column, schema) {
            Ok(text) => text,
            // The dialect has no such type, so that the database cannot have it either.
            Err(_) => return column.kind.to_string(),
        };
        if column.kind.enum_name().is_some() {
            return self.enum_text(text);
        }
        let mut plain = Column::new("", self.read_type(&text));
        plain.auto_increment = column.auto_increment;
        self.column_type(&plain, schema).unwrap_or(text)
    }

    /// The one spelling of a column's default; `None` where there is none.
    pub(super) fn stored_default(self, column: &Column) -> Option<String> {
        let default = column.default.as_ref()?;
        let text = self.default(default, &column.kind);
        let read = self.read_default(&text, &column.kind)?;
        Some(default::canonical(&read))
    }

    /// Whether the default is more than a value or the current time.
    pub(super) fn is_computed(self, column: &Column) -> bool {
        let Some(default) = &column.default else {
            return false;
        };
        let text = self.default(default, &column.kind);
        matches!(
            self.read_default(&text, &column.kind),
            Some(Default::Sql(_))
        )
    }

    /// Whether rows that say nothing of the column get the next number. On SQLite a sole key of whole numbers always
    /// does.
    pub(super) fn stored_counting(self, table: &Table, column: &Column) -> bool {
        match self {
            Self::Sqlite => counts(table, column),
            _ => column.auto_increment,
        }
    }

    /// What the database does when it is told nothing is the same as being told that.
    pub(crate) fn stored_action(self, action: Option<Action>) -> Option<Action> {
        match (self, action) {
            (_, Some(Action::NoAction)) => None,
            // InnoDB checks at once either way.
            (Self::Mysql, Some(Action::Restrict)) => None,
            (_, action) => action,
        }
    }
}

/// Whether SQLite takes the column for the number of the row.
fn counts(table: &Table, column: &Column) -> bool {
    if column.auto_increment {
        return true;
    }
    table.is_sole_primary_key(&column.name)
        && matches!(
            column.kind,
            ColumnType::Integer
                | ColumnType::BigInteger
                | ColumnType::Unsigned
                | ColumnType::BigUnsigned
        )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::Length;

    fn all() -> Vec<ColumnType> {
        use ColumnType as T;
        vec![
            T::Char(None),
            T::Char(Some(3)),
            T::String(Length::None),
            T::String(Length::N(40)),
            T::String(Length::Max),
            T::Text,
            T::Blob,
            T::TinyInteger,
            T::SmallInteger,
            T::Integer,
            T::BigInteger,
            T::TinyUnsigned,
            T::SmallUnsigned,
            T::Unsigned,
            T::BigUnsigned,
            T::Float,
            T::Double,
            T::Decimal(None),
            T::Decimal(Some((10, 2))),
            T::DateTime,
            T::Timestamp,
            T::TimestampWithTimeZone,
            T::Time,
            T::Date,
            T::Year,
            T::Interval(None, None),
            T::Interval(Some("DAY TO SECOND".into()), Some(3)),
            T::Binary(7),
            T::Binary(16),
            T::VarBinary(Length::None),
            T::VarBinary(Length::N(16)),
            T::VarBinary(Length::Max),
            T::Bit(None),
            T::Bit(Some(8)),
            T::VarBit(8),
            T::Boolean,
            T::Money(None),
            T::Money(Some((10, 2))),
            T::Json,
            T::JsonBinary,
            T::Uuid,
            T::Custom("CITEXT".into()),
            T::Custom("set('a','B')".into()),
            T::Array(Box::new(T::String(Length::N(9)))),
            T::Vector(Some(3)),
            T::Cidr,
            T::Inet,
            T::MacAddr,
            T::LTree,
        ]
    }

    #[test]
    fn reading_back_what_was_written_changes_nothing_more() {
        let (table, schema) = (Table::default(), Schema::default());
        for dialect in Dialect::ALL {
            for kind in all() {
                let Ok(text) = dialect.column_type(&Column::new("c", kind.clone()), &schema) else {
                    continue;
                };
                let read = dialect.read_type(&text);
                let stored = |kind| dialect.stored_type(&table, &Column::new("c", kind), &schema);
                assert_eq!(
                    stored(kind.clone()),
                    stored(read.clone()),
                    "{dialect} {kind} {text}"
                );
                let again = dialect.read_type(&stored(read.clone()));
                assert_eq!(read, again, "{dialect} {kind} {text}");
            }
        }
    }
}
