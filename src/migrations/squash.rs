//! A run of migrations folded into one, which stands for them from then on.
//!
//! Its version is that of the first one it replaces: it keeps its place among the others, and a program that still
//! has the old files stumbles over the first of them instead of running any again. The files of the replaced ones go
//! away: a migrator that only knows the folder would run them too. What they were is kept in `meta`, and as `-- replaces NAME SHA384` at the head of each up file, where programs that embed the SQL alone can
//! read it; lists that a database may hold instead of each other are parted by `-- or`.

use std::collections::BTreeMap;

use crate::schema::Schema;
use crate::sql::{self, Dialect, Script};

use super::blocked::{Blocked, blocked};
use super::diff::{Fills, diff};
use super::history::{Hashes, Meta, Migration, Replaced};
use super::renames::Renames;
use super::text::checksum;
use super::write::{inverted, meta_text, title};
use crate::operation::Operation;

mod run;

/// Migrations that follow each other without a gap, and nothing else builds on their middle.
#[derive(Debug)]
pub(crate) struct Run<'h> {
    pub(crate) members: Vec<(&'h Migration, &'h Meta)>,
    /// What the first builds on.
    parents: Vec<String>,
    before: Schema,
}

/// The files of the one migration, and those that go.
#[derive(Debug)]
pub(crate) struct Squashed {
    pub(crate) files: Vec<(String, String)>,
    pub(crate) removed: Vec<(String, String)>,
    /// How many operations there were, and how many are left.
    pub(crate) operations: (usize, usize),
}

/// A part of the run that is written in one piece.
enum Piece<'h> {
    /// Operations; `empty` where there is nothing in the database before them.
    Operations {
        before: Schema,
        operations: Vec<Operation>,
    },
    /// Files that somebody wrote or edited, and what `meta` says of them.
    ByHand(&'h Migration, &'h [Operation]),
}

impl<'h> Run<'h> {
    /// A name from the first and the last: `squashed_initial_to_add_isbn`.
    pub(crate) fn automatic_name(&self) -> String {
        let words = |end: Option<&(&Migration, &Meta)>| -> String {
            let name = end.map_or("", |(migration, _)| migration.name.as_str());
            let words = name.split_once('_').map_or("", |(_, words)| words);
            words
                .trim_start_matches("squashed_")
                .chars()
                .take(25)
                .collect()
        };
        let name = format!(
            "squashed_{}_to_{}",
            words(self.members.first()),
            words(self.members.last())
        );
        super::name::clean(&name)
    }

    /// The version of the squashed migration: that of the first.
    pub(crate) fn version(&self) -> i64 {
        let versions = self.members.iter().map(|(migration, _)| migration.version);
        versions.min().unwrap_or_default()
    }

    /// Writes the run as the one migration `name`, in every dialect that it has. `optimize` makes at once what the
    /// operations make in several steps, wherever there can be no rows yet.
    ///
    /// # Errors
    /// Something that one migration cannot do.
    pub(crate) fn squash(
        &self,
        name: &str,
        dialects: &[Dialect],
        optimize: bool,
    ) -> Result<Squashed, Blocked> {
        let dialects = self.dialects(dialects)?;
        let pieces = self.pieces(&dialects, optimize)?;
        let mut hashes = BTreeMap::new();
        let mut files = Vec::new();
        for dialect in &dialects {
            let (up, down) = self.scripts(*dialect, &pieces)?;
            let up = up.text(&head(*dialect, name, &self.ways()));
            let down = down.text(&title(name, "down"));
            let hash = Hashes {
                up: checksum(&up),
                down: checksum(&down),
            };
            hashes.insert(dialect.name().to_owned(), hash);
            files.push((format!("{dialect}/{name}.up.sql"), up));
            files.push((format!("{dialect}/{name}.down.sql"), down));
        }
        let operations: Vec<Operation> = pieces
            .iter()
            .flat_map(|piece| match piece {
                Piece::Operations { operations, .. } => operations.clone(),
                Piece::ByHand(_, operations) => operations.to_vec(),
            })
            .collect();
        let mut after = self.before.clone();
        for operation in &operations {
            operation.apply(&mut after).map_err(refused)?;
        }
        let count = self.members.iter().map(|(_, meta)| meta.operations.len());
        let counts = (count.sum(), operations.len());
        let meta = Meta {
            parents: self.parents.clone(),
            operations,
            files: hashes,
            schema: after.hash(),
            replaces: self.ways(),
            by_hand: pieces.iter().any(|p| matches!(p, Piece::ByHand(..))),
            accepted_losses: self.accepted_losses(),
        };
        let text = meta_text(&meta).map_err(refused)?;
        files.push((format!("meta/{name}.json"), text));
        Ok(Squashed {
            files,
            removed: self.files(),
            operations: counts,
        })
    }

    /// The dialects that every member is written for, which must be all of the project's.
    fn dialects(&self, wanted: &[Dialect]) -> Result<Vec<Dialect>, Blocked> {
        let mut dialects = Vec::new();
        for dialect in Dialect::ALL {
            let complete = |migration: &Migration| {
                let sql = migration.sql.get(&dialect);
                sql.is_some_and(|sql| sql.up.is_some() && sql.down.is_some())
            };
            let lacking = self.members.iter().find(|(m, _)| !complete(m));
            let any = self
                .members
                .iter()
                .any(|(m, _)| m.sql.contains_key(&dialect));
            match lacking {
                None => dialects.push(dialect),
                Some((migration, _)) if any || wanted.contains(&dialect) => {
                    return Err(blocked(
                        format!(
                            "{} has no complete files for {}",
                            migration.name,
                            dialect.title()
                        ),
                        format!(
                            "bring them back from version control, write them with `luthier makemigrations`, or \
                             remove migrations/{dialect} where the project has no use for it"
                        ),
                    ));
                }
                Some(_) => {}
            }
        }
        Ok(dialects)
    }

    fn pieces(&self, dialects: &[Dialect], optimize: bool) -> Result<Vec<Piece<'h>>, Blocked> {
        let mut pieces: Vec<Piece> = Vec::new();
        let mut state = self.before.clone();
        for (migration, meta) in &self.members {
            if is_by_hand(migration, meta, dialects) {
                pieces.push(Piece::ByHand(migration, &meta.operations));
            } else if let Some(Piece::Operations { operations, .. }) = pieces.last_mut() {
                operations.extend(meta.operations.iter().cloned());
            } else {
                pieces.push(Piece::Operations {
                    before: state.clone(),
                    operations: meta.operations.clone(),
                });
            }
            for operation in &meta.operations {
                operation.apply(&mut state).map_err(refused)?;
            }
        }
        if optimize {
            for piece in &mut pieces {
                piece.optimize().map_err(refused)?;
            }
        }
        if dialects.contains(&Dialect::Postgres) {
            self.check_enums(&pieces)?;
        }
        Ok(pieces)
    }

    /// PostgreSQL can use a new value only after it is committed, and one migration is one transaction.
    fn check_enums(&self, pieces: &[Piece]) -> Result<(), Blocked> {
        let alters = |operation: &Operation| matches!(operation, Operation::AlterEnum { .. });
        let kept = |operation: &Operation| {
            pieces.iter().any(|piece| match piece {
                Piece::Operations { operations, .. } => operations.contains(operation),
                Piece::ByHand(_, operations) => operations.contains(operation),
            })
        };
        let does = |meta: &Meta, migration: &Migration| {
            !meta.operations.is_empty() || is_by_hand(migration, meta, &[Dialect::Postgres])
        };
        for (number, (migration, meta)) in self.members.iter().enumerate() {
            let altered = meta.operations.iter().any(|op| alters(op) && kept(op));
            let mut later = self.members[number + 1..].iter();
            if let Some((next, _)) = later.find(|(m, meta)| does(meta, m)).filter(|_| altered) {
                return Err(blocked(
                    format!(
                        "{} changes an enum, and PostgreSQL must commit that before {} can rest on it",
                        migration.name, next.name
                    ),
                    format!(
                        "squash in two runs: up to {}, and from {}",
                        migration.name, next.name
                    ),
                ));
            }
        }
        Ok(())
    }

    /// Both directions.
    fn scripts(&self, dialect: Dialect, pieces: &[Piece]) -> Result<(Script, Script), Blocked> {
        let (mut ups, mut downs) = (Vec::new(), Vec::new());
        for piece in pieces {
            match piece {
                Piece::Operations { before, operations } => {
                    let (after, inverse) = inverted(before, operations).map_err(refused)?;
                    ups.push(sql::render(dialect, before, operations).map_err(refused)?);
                    downs.push(sql::render(dialect, &after, &inverse).map_err(refused)?);
                }
                Piece::ByHand(migration, _) => {
                    let name = &migration.name;
                    let texts = migration.sql.get(&dialect).cloned().unwrap_or_default();
                    let script = |text: Option<String>, direction: &str| {
                        let comment = match direction {
                            "up" => format!("By hand, from {name}."),
                            _ => format!("By hand, takes back {name}."),
                        };
                        let text = text.unwrap_or_default();
                        Script::by_hand(dialect, comment, &text).map_err(|why| {
                            blocked(
                                format!("migrations/{dialect}/{name}.{direction}.sql has no place among others: {why}"),
                                "squash the migrations before it, or those after it",
                            )
                        })
                    };
                    ups.push(script(texts.up, "up")?);
                    downs.push(script(texts.down, "down")?);
                }
            }
        }
        downs.reverse();
        Ok((Script::joined(ups), Script::joined(downs)))
    }

    fn accepted_losses(&self) -> Vec<String> {
        let metas = self.members.iter().map(|(_, meta)| meta);
        metas
            .flat_map(|meta| meta.accepted_losses.clone())
            .collect()
    }

    /// Every list of rows that a database may hold in place of the squashed migration.
    fn ways(&self) -> Vec<Vec<Replaced>> {
        let mut ways: Vec<Vec<Replaced>> = vec![Vec::new()];
        for (migration, meta) in &self.members {
            let up = migration.sql.iter().filter_map(|(dialect, sql)| {
                let text = sql.up.as_ref()?;
                Some((dialect.name().to_owned(), checksum(text)))
            });
            let own = vec![Replaced {
                name: migration.name.clone(),
                up: up.collect(),
            }];
            let choices: Vec<&Vec<Replaced>> = [&own].into_iter().chain(&meta.replaces).collect();
            ways = ways
                .iter()
                .flat_map(|way| {
                    choices
                        .iter()
                        .map(move |more| [way.as_slice(), more].concat())
                })
                .collect();
        }
        ways
    }

    /// The paths and texts of all files of the members.
    fn files(&self) -> Vec<(String, String)> {
        let mut files = Vec::new();
        for (migration, _) in &self.members {
            let name = &migration.name;
            for (dialect, sql) in &migration.sql {
                let texts = [("up", &sql.up), ("down", &sql.down)];
                for (direction, text) in texts {
                    let path = format!("{dialect}/{name}.{direction}.sql");
                    files.extend(text.as_ref().map(|text| (path, text.clone())));
                }
            }
            files.push((format!("meta/{name}.json"), migration.meta_text.clone()));
        }
        files
    }
}

impl Piece<'_> {
    /// Where there is nothing yet, the tables can be made as they are in the end.
    fn optimize(&mut self) -> Result<(), String> {
        if let Self::Operations { before, operations } = self
            && before.tables.is_empty()
            && before.enums.is_empty()
        {
            let (after, _) = inverted(before, operations)?;
            *operations = diff(before, &after, &Renames::default(), &Fills::new())?;
        }
        Ok(())
    }
}

/// The title of an up file, and the rows that it replaces.
pub(super) fn head(dialect: Dialect, name: &str, ways: &[Vec<Replaced>]) -> String {
    let mut lists = Vec::new();
    for way in ways {
        let line = |replaced: &Replaced| {
            let hash = replaced.up.get(dialect.name())?;
            Some(format!("-- replaces {} {hash}", replaced.name))
        };
        if let Some(lines) = way.iter().map(line).collect::<Option<Vec<_>>>() {
            lists.push(lines.join("\n"));
        }
    }
    format!("{}\n{}", title(name, "up"), lists.join("\n-- or\n"))
}

/// Whether files are not as they were generated.
fn is_by_hand(migration: &Migration, meta: &Meta, dialects: &[Dialect]) -> bool {
    let edited = |dialect: &Dialect| {
        let (Some(sql), Some(hashes)) =
            (migration.sql.get(dialect), meta.files.get(dialect.name()))
        else {
            return true;
        };
        let differs = |text: &Option<String>, hash: &String| {
            text.as_ref().is_some_and(|text| checksum(text) != *hash)
        };
        differs(&sql.up, &hashes.up) || differs(&sql.down, &hashes.down)
    };
    meta.by_hand || dialects.iter().any(edited)
}

fn refused(reason: String) -> Blocked {
    blocked(reason, "squash fewer migrations at a time")
}
