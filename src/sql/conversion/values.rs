//! The table of conversions: what becomes of a value when its column changes type, the same on every database.
//!
//! PostgreSQL's own casts are the rule. Values that it cannot read are looked for before anything runs, and so are
//! those that it would silently round, cut or fold together.

use crate::schema::ColumnType;

use super::change::{Change, Conversion};
use super::family::{Family, family};
use super::text;
use crate::sql::Dialect;

impl Change<'_> {
    pub(in super::super) fn conversion(&self) -> Conversion {
        use Family::{Boolean, Bytes, Date, Enum, Integer, Json, Moment, Number, Text, Time, Uuid};
        let mut found = match (family(self.from), family(self.to)) {
            (Integer, Number) => self.integer_to_number(),
            (Number, Number) => self.number_to_number(),
            (Number, Integer) => self.number_to_integer(),
            (Integer | Number, Boolean) => self.number_to_boolean(),
            (Boolean, Text) => self.boolean_to_text(),
            (Number, Text) => self.number_to_text(),
            (Moment, Text) => self.moment_to_text(),
            (Uuid, Text) => Conversion {
                value: text::uuid_as_text(self.dialect, self.name),
                ..Conversion::default()
            },
            (Bytes, Text) => text::from_bytes(self.dialect, self.name),
            (Text, Text) => self.text_to_text(),
            (Text, Boolean) => text::to_boolean(self.dialect, self.name),
            (Text, Integer) => text::to_integer(self.dialect, self.name, self.to),
            (Text, Number) => {
                text::to_number(self.dialect, self.name, self.to, self.scale(self.to))
            }
            (Text, Uuid) => text::to_uuid(self.dialect, self.name),
            (Text, Json) => text::to_json(self.dialect, self.name),
            (Text, Date | Time | Moment) => text::to_moment(self.dialect, self.name, self.to),
            (Text | Enum, Enum) if self.from != self.to => self.to_enum(),
            (Date, Moment) => self.date_to_moment(),
            (Moment, Date) => self.moment_to_date(),
            (Moment, Time) => self.moment_to_time(),
            (Moment, Moment) => self.moment_to_moment(),
            _ => Conversion::default(),
        };
        if let Some(room) = self.to.max_characters()
            && !self.from.is_text()
            && family(self.to) == Text
        {
            let value = found.value.clone().unwrap_or_else(|| self.name.to_owned());
            let length = match self.dialect {
                Dialect::Sqlite => format!("length({value}) > {room}"),
                Dialect::Postgres => format!("char_length(({value})::text) > {room}"),
                Dialect::Mysql => format!("char_length({value}) > {room}"),
            };
            found.unreadable = Some(length);
        }
        found
    }

    fn number_to_boolean(&self) -> Conversion {
        let name = self.name;
        Conversion {
            value: (self.dialect != Dialect::Postgres).then(|| format!("({name} <> 0)")),
            unreadable: None,
            changed: Some(format!("{name} NOT IN (0, 1)")),
        }
    }

    fn boolean_to_text(&self) -> Conversion {
        let name = self.name;
        let value = match self.dialect {
            Dialect::Postgres => None,
            _ => Some(format!(
                "CASE WHEN {name} IS NULL THEN NULL WHEN {name} THEN 'true' ELSE 'false' END"
            )),
        };
        Conversion {
            value,
            ..Conversion::default()
        }
    }

    /// Blanks at the end mean nothing in text of a fixed length.
    fn text_to_text(&self) -> Conversion {
        let is_fixed = |kind: &ColumnType| matches!(kind, ColumnType::Char(_));
        let cut = is_fixed(self.to) && !is_fixed(self.from);
        // SQLite would keep them.
        let keeps = cut && self.dialect == Dialect::Sqlite;
        Conversion {
            value: keeps.then(|| format!("rtrim({}, ' ')", self.name)),
            changed: cut.then(|| format!("{} LIKE '% '", self.name)),
            ..Conversion::default()
        }
    }

    fn to_enum(&self) -> Conversion {
        let (dialect, name) = (self.dialect, self.name);
        let values: Vec<String> = self
            .values
            .iter()
            .map(|value| dialect.literal(value))
            .collect();
        let list = if values.is_empty() {
            "NULL".to_owned()
        } else {
            values.join(", ")
        };
        Conversion {
            unreadable: Some(match dialect {
                Dialect::Sqlite => format!("{name} NOT IN ({list})"),
                Dialect::Postgres => format!("{name}::text NOT IN ({list})"),
                // Capitals and blanks at the end make another value.
                Dialect::Mysql => {
                    format!("CAST(CONVERT({name} USING utf8mb4) AS BINARY) NOT IN ({list})")
                }
            }),
            ..Conversion::default()
        }
    }
}
