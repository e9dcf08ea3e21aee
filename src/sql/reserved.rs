//! Names that a database keeps for itself, quoted or not.

use crate::operation::Operation;
use crate::schema::Table;

use super::Dialect;

/// System columns of every table.
/// <https://www.postgresql.org/docs/current/ddl-system-columns.html>
const POSTGRES_COLUMNS: [&str; 6] = ["tableoid", "xmin", "cmin", "xmax", "cmax", "ctid"];

/// Hidden columns of InnoDB, in any case; the last is that of full-text indexes.
/// <https://dev.mysql.com/doc/refman/8.4/en/innodb-multi-versioning.html>
const MYSQL_COLUMNS: [&str; 4] = ["db_row_id", "db_trx_id", "db_roll_ptr", "fts_doc_id"];

/// <https://www.sqlite.org/fileformat2.html#intschema>
const SQLITE_TABLES: &str = "sqlite_";

impl Dialect {
    /// Whether no table can have a column by this name.
    pub(crate) fn reserves_column(self, name: &str) -> bool {
        match self {
            Self::Sqlite => false,
            // Names in quotes keep their case.
            Self::Postgres => POSTGRES_COLUMNS.contains(&name),
            Self::Mysql => MYSQL_COLUMNS.contains(&&*name.to_ascii_lowercase()),
        }
    }

    /// Whether no table can have this name.
    pub(crate) fn reserves_table(self, name: &str) -> bool {
        let prefix = name.get(..SQLITE_TABLES.len());
        self == Self::Sqlite
            && prefix.is_some_and(|prefix| prefix.eq_ignore_ascii_case(SQLITE_TABLES))
    }

    /// What of `operations` gives something a name that the database keeps for itself, as a sentence.
    pub(super) fn check_reserved(self, operations: &[Operation]) -> Result<(), String> {
        for operation in operations {
            match operation {
                Operation::CreateTable { table } => self.check_table(table)?,
                Operation::RenameTable { to, .. } => self.check_table_name(to)?,
                Operation::AddColumn { table, column, .. } => {
                    self.check_column_name(table, &column.name)?;
                }
                Operation::RenameColumn { table, to, .. } => self.check_column_name(table, to)?,
                _ => {}
            }
        }
        Ok(())
    }

    fn check_table(self, table: &Table) -> Result<(), String> {
        self.check_table_name(&table.name)?;
        table
            .columns
            .iter()
            .try_for_each(|column| self.check_column_name(&table.name, &column.name))
    }

    fn check_table_name(self, name: &str) -> Result<(), String> {
        if !self.reserves_table(name) {
            return Ok(());
        }
        Err(format!(
            "the table `{name}`: {self} keeps names that start with `{SQLITE_TABLES}` for itself. Give the entity \
             another `table_name`"
        ))
    }

    fn check_column_name(self, table: &str, name: &str) -> Result<(), String> {
        if !self.reserves_column(name) {
            return Ok(());
        }
        Err(format!(
            "the column `{table}.{name}`: every table of {self} has a system column by that name. Give the field \
             another `column_name`"
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_reserved_by_the_database_that_uses_them() {
        for (dialect, name, expected) in [
            (Dialect::Postgres, "xmin", true),
            (Dialect::Postgres, "tableoid", true),
            (Dialect::Postgres, "XMIN", false),
            (Dialect::Postgres, "oid", false),
            (Dialect::Postgres, "db_row_id", false),
            (Dialect::Mysql, "DB_TRX_ID", true),
            (Dialect::Mysql, "fts_doc_id", true),
            (Dialect::Mysql, "ctid", false),
            (Dialect::Sqlite, "rowid", false),
        ] {
            assert_eq!(dialect.reserves_column(name), expected, "{dialect} {name}");
        }
        for (name, expected) in [("sqlite_x", true), ("SQLite_x", true), ("sqlite", false)] {
            assert_eq!(Dialect::Sqlite.reserves_table(name), expected, "{name}");
            assert!(!Dialect::Postgres.reserves_table(name), "{name}");
        }
    }
}
