//! What a rebuild takes over from the live table: its definition, rows, indexes and triggers.

use crate::sql::tokens::{Token, tokenize};
use crate::sql::{Dialect, Loss};

use super::definition::{Definition, names_in};
use super::merge::{Merged, merge, strict_column};
use super::statements::{meaning_of, read, replacements};

mod copy;

use copy::{Copied, copy};

const LITE: Dialect = Dialect::Sqlite;

/// What a rebuild in a file was written for: the table before and after it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct RebuildBase {
    pub(crate) table: String,
    /// `CREATE TABLE` before and after.
    pub(crate) before: String,
    pub(crate) after: String,
    /// The names and definitions of the indexes before and after.
    pub(crate) indexes_before: Vec<(String, String)>,
    pub(crate) indexes_after: Vec<(String, String)>,
}

/// A table as the database has it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct LiveTable {
    pub(crate) name: String,
    pub(crate) sql: String,
    /// By name, with their definitions; those that belong to a constraint have none and are left out.
    pub(crate) indexes: Vec<(String, String)>,
    pub(crate) triggers: Vec<(String, String)>,
}

/// A rebuild that keeps what it does not change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Rebuild {
    pub(crate) create: String,
    /// The statement that copies the rows.
    pub(crate) copy: Option<String>,
    /// The new table counts on where the old one was.
    pub(crate) counts_on: bool,
    /// Statements that make again what went with the old table.
    pub(crate) restore: Vec<String>,
    /// Indexes that are kept as they are, whatever the file says of them.
    pub(crate) kept_indexes: Vec<String>,
    pub(crate) losses: Vec<Loss>,
}

/// The statements of a file for one rebuild, and what it says later.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Written<'a> {
    pub(crate) create: &'a str,
    pub(crate) copy: Option<&'a str>,
    /// The name of the new table until it takes the old one's.
    pub(crate) aside: &'a str,
    /// Indexes and triggers that the file makes later: name and meaning.
    pub(crate) made_later: &'a [(String, String)],
}

/// Carries the change that a file makes over to the live table.
///
/// # Errors
/// The live table is not one that the change fits, or its definition cannot be read.
pub(crate) fn carry(
    live: &LiveTable,
    base: &RebuildBase,
    written: Written,
) -> Result<Rebuild, String> {
    let table = &live.name;
    let parse = |sql: &str| {
        Definition::parse(sql)
            .map_err(|why| format!("the definition of `{table}` cannot be read: {why}"))
    };
    let (old, before, after) = (
        parse(&live.sql)?,
        parse(&base.before)?,
        parse(written.create)?,
    );
    let Merged {
        definition,
        mut losses,
        dropped,
    } = merge(table, &old, &before, &after)?;
    let copy = copy(
        table,
        written,
        &Copied {
            old: &old,
            after: &after,
            new: &definition,
        },
    )?;
    let mut rebuild = Rebuild {
        create: definition.create(&LITE.quote(written.aside)),
        copy,
        counts_on: old.counts_up() && definition.counts_up(),
        restore: Vec::new(),
        kept_indexes: Vec::new(),
        losses: Vec::new(),
    };
    let is_in = |list: &[(String, String)], name: &str| {
        list.iter()
            .any(|(other, _)| other.eq_ignore_ascii_case(name))
    };
    for (name, sql) in &live.indexes {
        if is_in(&base.indexes_before, name) && !is_in(&base.indexes_after, name) {
            continue;
        }
        let later = written
            .made_later
            .iter()
            .find(|(other, _)| other.eq_ignore_ascii_case(name));
        if let Some((_, meaning)) = later {
            // The file makes it again; somebody may have made it otherwise since.
            let unchanged = is_in(&base.indexes_before, name) && meaning_of(sql) != *meaning;
            if !unchanged || !same_index(base, name) {
                continue;
            }
            rebuild.kept_indexes.push(name.clone());
        }
        match dropped.iter().find(|column| index_uses(sql, column)) {
            Some(gone) => losses.push(Loss::new(
                name,
                format!("the index `{name}` of `{table}` uses `{gone}`, which goes away: {sql}"),
                format!("drop it first: DROP INDEX {}", LITE.quote(name)),
            )),
            None => rebuild.restore.push(sql.clone()),
        }
    }
    for (name, sql) in &live.triggers {
        if !is_in(written.made_later, name) {
            rebuild.restore.push(sql.clone());
        }
    }
    rebuild.losses = losses;
    Ok(rebuild)
}

/// What a rebuild that was written by hand takes along: the indexes and triggers that it does not make itself.
pub(crate) fn restored(live: &LiveTable, made_later: &[(String, String)]) -> Vec<String> {
    let objects = live.indexes.iter().chain(&live.triggers);
    let kept = objects.filter(|(name, _)| {
        let mut later = made_later.iter();
        !later.any(|(other, _)| other.eq_ignore_ascii_case(name))
    });
    kept.map(|(_, sql)| sql.clone()).collect()
}

/// Takes the base of a rebuild of `table` out of `bases`: the one that makes what `create` makes, otherwise the first.
pub(crate) fn take_base(
    bases: &mut Vec<RebuildBase>,
    table: &str,
    create: &str,
) -> Option<RebuildBase> {
    let same_table = |base: &RebuildBase| base.table.eq_ignore_ascii_case(table);
    let exact = exact_base(bases, table, create);
    let at = exact.or_else(|| bases.iter().position(same_table))?;
    Some(bases.remove(at))
}

fn exact_base(bases: &[RebuildBase], table: &str, create: &str) -> Option<usize> {
    let made = Definition::parse(create).ok()?;
    bases.iter().position(|base| {
        base.table.eq_ignore_ascii_case(table)
            && Definition::parse(&base.after).ok().as_ref() == Some(&made)
    })
}

/// Whether every rebuild in a file makes the table that one of `bases` makes.
pub(crate) fn are_bases_of(bases: &[RebuildBase], text: &str) -> bool {
    let Ok((_, statements)) = read(text) else {
        return false;
    };
    let mut left = bases.to_vec();
    replacements(&statements).iter().all(|replacement| {
        let create = &statements[replacement.create].text;
        match exact_base(&left, &replacement.table, create) {
            Some(at) => {
                left.remove(at);
                true
            }
            None => false,
        }
    })
}

/// Statements that have a new table count on where the old one was, so that numbers of deleted rows stay used.
pub(crate) fn count_on(table: &str, aside: &str) -> [String; 2] {
    let (table, aside) = (LITE.literal(table), LITE.literal(aside));
    [
        format!("DELETE FROM \"sqlite_sequence\" WHERE \"name\" = {aside}"),
        format!(
            "INSERT INTO \"sqlite_sequence\" (\"name\", \"seq\")\n    \
             SELECT {aside}, \"seq\" FROM \"sqlite_sequence\" WHERE \"name\" = {table} COLLATE NOCASE"
        ),
    ]
}

/// `ALTER TABLE … ADD COLUMN` with a type that a STRICT table takes; `None` where it is another statement.
pub(crate) fn strict_add_column(sql: &str) -> Option<String> {
    let script = tokenize(LITE, sql);
    let tokens = script.statements.into_iter().next()?.tokens;
    let add = tokens.iter().position(|token| token.is("ADD"))?;
    let column = tokens.get(add + 1)?;
    let start = add + 1 + usize::from(column.is("COLUMN"));
    let start = tokens.get(start)?.span.start;
    let definition = &sql[start..tokens.last()?.span.end];
    let parsed = Definition::parse(&format!("CREATE TABLE t ({definition})")).ok()?;
    let [column] = parsed.columns.as_slice() else {
        return None;
    };
    Some(format!("{}{}", &sql[..start], strict_column(column)))
}

/// `INSERT`, `UPDATE` or `DELETE`: what sets a trigger off.
pub(crate) fn trigger_event(sql: &str) -> Option<&'static str> {
    let script = tokenize(LITE, sql);
    let tokens = script.statements.into_iter().next()?.tokens;
    tokens.iter().skip(2).find_map(|token| {
        let events = ["INSERT", "UPDATE", "DELETE"];
        events.into_iter().find(|event| token.is(event))
    })
}

/// Whether the migrations leave an index as it is.
fn same_index(base: &RebuildBase, name: &str) -> bool {
    let find = |list: &[(String, String)]| {
        let mut list = list.iter();
        list.find(|(other, _)| other.eq_ignore_ascii_case(name))
            .map(|(_, sql)| meaning_of(sql))
    };
    find(&base.indexes_before) == find(&base.indexes_after)
}

fn index_uses(sql: &str, column: &str) -> bool {
    let script = tokenize(LITE, sql);
    let tokens = script.statements.into_iter().flat_map(|s| s.tokens);
    // Behind `ON table`.
    let tokens: Vec<Token> = tokens.skip_while(|token| !token.is("ON")).skip(2).collect();
    names_in(&tokens)
        .iter()
        .any(|name| name.eq_ignore_ascii_case(column))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn base() -> RebuildBase {
        let index = |name: &str, sql: &str| (name.to_owned(), sql.to_owned());
        RebuildBase {
            table: "t".into(),
            before: "CREATE TABLE t (\"id\" integer PRIMARY KEY AUTOINCREMENT, \"a\" integer)"
                .into(),
            after: "CREATE TABLE t (\"id\" integer PRIMARY KEY AUTOINCREMENT, \"b\" integer)"
                .into(),
            indexes_before: vec![
                index("gone", "CREATE INDEX gone ON t (id)"),
                index("stays", "CREATE INDEX stays ON t (id)"),
            ],
            indexes_after: vec![index("stays", "CREATE INDEX stays ON t (id)")],
        }
    }

    fn live(sql: &str) -> LiveTable {
        LiveTable {
            name: "t".into(),
            sql: sql.into(),
            ..LiveTable::default()
        }
    }

    fn carried(live: &LiveTable) -> Rebuild {
        let later = [(
            "stays".to_owned(),
            "create index stays on t ( id )".to_owned(),
        )];
        let base = base();
        let create = base.after.replace("TABLE t", "TABLE t__new");
        let written = Written {
            create: &create,
            copy: Some("INSERT INTO \"t__new\" (\"id\")\n    SELECT \"t\".\"id\"\n    FROM \"t\""),
            aside: "t__new",
            made_later: &later,
        };
        carry(live, &base, written).expect("it fits")
    }

    #[test]
    fn columns_that_the_file_does_not_know_are_copied() {
        let rebuild = carried(&live(
            "CREATE TABLE t (id integer PRIMARY KEY AUTOINCREMENT, a int, \"x y\" int, g AS (id + 1)) STRICT",
        ));
        let copy = rebuild.copy.expect("rows are copied");
        assert!(
            copy.contains(
                "(\"id\", \"x y\")\n    SELECT \"t\".\"id\", \"t\".\"x y\"\n    FROM \"t\""
            ),
            "{copy}"
        );
        assert!(rebuild.create.ends_with(") STRICT") && rebuild.create.contains("g AS (id + 1)"));
        assert!(rebuild.counts_on && rebuild.losses.is_empty());
    }

    #[test]
    fn rows_keep_their_numbers() {
        let rebuild = carried(&live("CREATE TABLE t (id text PRIMARY KEY, a int)"));
        assert!(
            rebuild
                .copy
                .expect("rows are copied")
                .contains("\"t\".rowid")
        );
        let without = carried(&live(
            "CREATE TABLE t (id text PRIMARY KEY, a int) WITHOUT ROWID",
        ));
        assert!(!without.copy.expect("rows are copied").contains("rowid"));
    }

    #[test]
    fn indexes_and_triggers_come_back_unless_the_migration_names_them() {
        let mut table = live("CREATE TABLE t (id integer PRIMARY KEY AUTOINCREMENT, a int)");
        let index =
            |name: &str, what: &str| (name.to_owned(), format!("CREATE INDEX {name} ON t {what}"));
        table.indexes = vec![
            index("gone", "(id)"),
            index("mine", "(id) WHERE id > 3"),
            index("on_a", "(lower(a))"),
            index("stays", "(id DESC)"),
        ];
        table.triggers = vec![(
            "g".into(),
            "CREATE TRIGGER g AFTER INSERT ON t BEGIN SELECT 1; END".into(),
        )];
        let rebuild = carried(&table);
        let restored = [
            &table.indexes[1].1,
            &table.indexes[3].1,
            &table.triggers[0].1,
        ];
        assert_eq!(rebuild.restore.iter().collect::<Vec<_>>(), restored);
        assert_eq!(rebuild.kept_indexes, ["stays"]);
        assert_eq!(rebuild.losses.len(), 1);
        assert_eq!(rebuild.losses[0].name, "on_a");
    }
}
