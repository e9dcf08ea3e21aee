//! Migration files that are no longer what they were written as.

use crate::sql::Dialect;

use super::history::{History, Sql};
use super::text::is_checksum;

/// Something about a file that its `meta` does not expect.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Problem {
    Missing(String),
    Edited(String),
}

impl History {
    /// Files that were edited or deleted since they were written, one sentence each.
    pub(crate) fn problems(&self, dialects: &[Dialect]) -> Vec<Problem> {
        let mut problems = Vec::new();
        for migration in self.migrations.values() {
            let Some(meta) = &migration.meta else {
                continue;
            };
            for dialect in dialects {
                let none = Sql::default();
                let sql = migration.sql.get(dialect).unwrap_or(&none);
                let hashes = meta.files.get(dialect.name());
                for (text, hash, direction) in [
                    (&sql.up, hashes.map(|h| &h.up), "up"),
                    (&sql.down, hashes.map(|h| &h.down), "down"),
                ] {
                    let path = format!("migrations/{dialect}/{}.{direction}.sql", migration.name);
                    match (text, hash) {
                        // Written before the project had this dialect.
                        (None, None) => {}
                        (None, Some(_)) => problems.push(Problem::Missing(path)),
                        (Some(text), Some(hash)) if !is_checksum(hash, text) => {
                            problems.push(Problem::Edited(path));
                        }
                        _ => {}
                    }
                }
            }
        }
        problems
    }

    /// The files of these dialects that have another beginning or other line ends than they were written with.
    pub(crate) fn respelled(&self, dialects: &[Dialect]) -> Vec<&str> {
        let migrations = self.migrations.values();
        let sql = migrations.flat_map(|migration| &migration.sql);
        sql.filter(|(dialect, _)| dialects.contains(dialect))
            .flat_map(|(_, sql)| sql.respelled.iter().map(String::as_str))
            .collect()
    }
}
