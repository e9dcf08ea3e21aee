//! Queries for names that are taken.

use crate::operation::{Made, MadeKind};

use super::Dialect;
use super::table::base_name;

/// SQLite takes no more `SELECT`s than 500 in one.
const AT_ONCE: usize = 100;

impl Dialect {
    /// Queries that answer with the numbers, as text, of those whose names are taken.
    pub(crate) fn taken(self, made: &[Made]) -> Vec<String> {
        let from = if self == Self::Mysql {
            " FROM DUAL"
        } else {
            ""
        };
        let conditions: Vec<String> = made
            .iter()
            .enumerate()
            .map(|(number, made)| format!("SELECT '{number}'{from} WHERE {}", self.is_taken(made)))
            .collect();
        let queries = conditions.chunks(AT_ONCE);
        queries.map(|some| some.join(" UNION ALL ")).collect()
    }

    fn is_taken(self, made: &Made) -> String {
        match self {
            Self::Sqlite => self.is_taken_on_sqlite(made),
            Self::Postgres => self.is_taken_on_postgres(made),
            Self::Mysql => self.is_taken_on_mysql(made),
        }
    }

    fn is_taken_on_sqlite(self, made: &Made) -> String {
        let name = self.literal(&made.name);
        match made.what {
            MadeKind::Table | MadeKind::Index => {
                format!("EXISTS (SELECT 1 FROM sqlite_master WHERE name = {name} COLLATE NOCASE)")
            }
            MadeKind::Column => format!(
                "EXISTS (SELECT 1 FROM pragma_table_xinfo({}) WHERE name = {name} COLLATE NOCASE)",
                self.literal(&made.table)
            ),
            // They have names in the text of their table alone.
            MadeKind::ForeignKey | MadeKind::Enum => "FALSE".to_owned(),
        }
    }

    fn is_taken_on_postgres(self, made: &Made) -> String {
        let table = format!("to_regclass({})", self.literal(&self.table(&made.table)));
        let name = self.literal(&self.shortened(&made.name));
        match made.what {
            MadeKind::Table => format!("{table} IS NOT NULL"),
            MadeKind::Column => format!(
                "EXISTS (SELECT 1 FROM pg_attribute WHERE attrelid = {table} AND attname = {name} AND attnum > 0 AND NOT attisdropped)"
            ),
            MadeKind::Index => format!(
                "EXISTS (SELECT 1 FROM pg_class i JOIN pg_class t ON t.relnamespace = i.relnamespace WHERE t.oid = {table} AND i.relname = {name})"
            ),
            MadeKind::ForeignKey => format!(
                "EXISTS (SELECT 1 FROM pg_constraint WHERE conrelid = {table} AND conname = {name})"
            ),
            MadeKind::Enum => format!(
                "to_regtype({}) IS NOT NULL",
                self.literal(&self.quote(&made.name))
            ),
        }
    }

    fn is_taken_on_mysql(self, made: &Made) -> String {
        let (table, name) = (
            self.literal(&made.table),
            self.literal(&self.shortened(&made.name)),
        );
        let at = format!("table_schema = DATABASE() AND table_name = {table}");
        match made.what {
            MadeKind::Table => {
                format!("EXISTS (SELECT 1 FROM information_schema.tables WHERE {at})")
            }
            MadeKind::Column => {
                format!(
                    "EXISTS (SELECT 1 FROM information_schema.columns WHERE {at} AND column_name = {name})"
                )
            }
            MadeKind::Index => {
                format!(
                    "EXISTS (SELECT 1 FROM information_schema.statistics WHERE {at} AND index_name = {name})"
                )
            }
            MadeKind::ForeignKey => format!(
                "EXISTS (SELECT 1 FROM information_schema.referential_constraints WHERE constraint_schema = DATABASE() \
                 AND constraint_name = {name})"
            ),
            // Enums live in their columns.
            MadeKind::Enum => "FALSE".to_owned(),
        }
    }

    /// SQL that puts what has the name out of the way, without losing anything.
    pub(crate) fn put_aside(self, made: &Made) -> String {
        let aside = |name: &str| format!("{name}_by_hand");
        let (table, name) = (self.table(&made.table), &made.name);
        match made.what {
            MadeKind::Table => format!(
                "ALTER TABLE {table} RENAME TO {}",
                self.quote(&aside(base_name(name)))
            ),
            MadeKind::Column => format!(
                "ALTER TABLE {table} RENAME COLUMN {} TO {}",
                self.quote(name),
                self.quote(&aside(name))
            ),
            MadeKind::Index if self == Self::Mysql => {
                format!("ALTER TABLE {table} DROP INDEX {}", self.short(name))
            }
            MadeKind::Index => format!("DROP INDEX {}", self.short(name)),
            MadeKind::ForeignKey if self == Self::Mysql => {
                format!("ALTER TABLE {table} DROP FOREIGN KEY {}", self.short(name))
            }
            MadeKind::ForeignKey => {
                format!("ALTER TABLE {table} DROP CONSTRAINT {}", self.short(name))
            }
            MadeKind::Enum => format!(
                "ALTER TYPE {} RENAME TO {}",
                self.quote(name),
                self.quote(&aside(name))
            ),
        }
    }
}
