//! Two branches that change one schema at random: refused until they are merged, and then the same schema and rows
//! whichever came first, and whichever a database has.

use proptest::prelude::*;
use proptest::test_runner::TestCaseError;

use super::changes::{add, unchanged};
use super::place::Place;
use super::{server, try_out};
use crate::migrations::{File, Fills, History, Renames, Target, diff, in_transactions};
use crate::operation::Operation;
use crate::schema::random::schema;
use crate::schema::{Column, ColumnType, Default, ForeignKey, Index, Schema, Table};
use crate::sql::Dialect;

/// A branch as it is written: what its entities say, and what it says of renames.
struct Branch {
    name: &'static str,
    schema: Schema,
    renames: Renames,
}

/// What a branch does to one table, by numbers that were drawn.
type Draw = (usize, usize, u8);

impl Branch {
    /// Does what was drawn, where that fits the table.
    fn change(&mut self, number: usize, (table, at, what): Draw) {
        let count = self.schema.tables.len().max(1);
        let Some(table) = self.schema.tables.keys().nth(table % count).cloned() else {
            return;
        };
        match what % 15 {
            0..=2 => self.add_column(number, &table, what % 15),
            3..=6 => self.alter_column(&table, at, what % 15),
            7 => self.rename_column(number, &table, at),
            8 => self.drop_column(&table, at),
            9 => self.add_index(number, &table),
            10 => self.add_reference(number, &table),
            11 => self.add_table(number),
            12 => self.rename_table(number, &table),
            13 => self.add_mood(number, &table),
            _ => self.add_value(),
        }
    }

    fn table(&mut self, name: &str) -> &mut Table {
        self.schema.tables.get_mut(name).expect("it is there")
    }

    fn add_column(&mut self, number: usize, table: &str, what: u8) {
        let mut column = Column::new(format!("{}{number}", self.name), ColumnType::Integer);
        column.nullable = true;
        column.unique = what == 1;
        let table = self.table(table);
        if what == 2 {
            let is_number = |c: &&Column| {
                c.name.len() == 1 && c.kind.is_integer() && !c.nullable && !c.is_generated()
            };
            let from = table.columns.iter().find(is_number);
            let from = from.map_or("1", |column| &column.name);
            column.extra = Some(format!("GENERATED ALWAYS AS ({from} + 1) STORED"));
        }
        table.columns.push(column);
    }

    /// A column that is neither a key nor a reference.
    fn plain_column(&self, table: &str, at: usize) -> Option<&Column> {
        let table = self.schema.table(table)?;
        let at = at % table.columns.len();
        let column = &table.columns[at];
        let is_key = table.primary_key.contains(&column.name);
        let is_plain = !is_key && !column.name.ends_with("_id") && !column.is_generated();
        Some(column).filter(|_| is_plain)
    }

    fn alter_column(&mut self, table: &str, at: usize, what: u8) {
        let Some(column) = self.plain_column(table, at) else {
            return;
        };
        let mut column = column.clone();
        match what {
            3 => column.nullable = true,
            4 => column.unique = !column.unique && column.kind != ColumnType::Text,
            5 if column.kind.is_integer() => column.default = Some(Default::Number("3".into())),
            6 if column.kind == ColumnType::Integer => column.kind = ColumnType::BigInteger,
            6 if column.kind == ColumnType::SmallInteger => column.kind = ColumnType::Integer,
            _ => return,
        }
        if let Some(found) = self.table(table).column_mut(&column.name) {
            *found = column;
        }
    }

    fn apply(&mut self, operation: &Operation) -> bool {
        let mut schema = self.schema.clone();
        let fits = operation.apply(&mut schema).is_ok();
        if fits {
            self.schema = schema;
        }
        fits
    }

    fn rename_column(&mut self, number: usize, table: &str, at: usize) {
        let is_old = self.renames.old_table(table) == table;
        let Some(from) = self.plain_column(table, at).map(|c| c.name.clone()) else {
            return;
        };
        // One that this branch made, or renamed, has no name from before.
        let to = format!("{}r{number}", self.name);
        let is_new = from.starts_with(self.name) && from.len() > 1;
        let operation = Operation::RenameColumn {
            table: table.into(),
            from: from.clone(),
            to: to.clone(),
        };
        if is_old && !is_new && self.apply(&operation) {
            self.renames.add_column(table, &from, &to);
        }
    }

    fn drop_column(&mut self, table: &str, at: usize) {
        let Some(name) = self.plain_column(table, at).map(|c| c.name.clone()) else {
            return;
        };
        let old = self.renames.columns.values().flatten();
        let is_renamed = old.into_iter().any(|(_, to)| *to == name);
        let table = table.to_owned();
        let is_used = self
            .table(&table)
            .indexes
            .iter()
            .any(|index| index.columns.contains(&name))
            || self.table(&table).columns.iter().any(Column::is_generated);
        if !is_renamed && !is_used {
            self.apply(&Operation::DropColumn { table, name });
        }
    }

    fn add_index(&mut self, number: usize, table: &str) {
        let name = format!("idx-{table}-{}{number}", self.name);
        let table = self.table(table);
        let columns = vec![table.columns[0].name.clone()];
        table.add_index(Index {
            name,
            columns,
            unique: false,
        });
    }

    fn add_reference(&mut self, number: usize, table: &str) {
        let single = |table: &&Table| table.primary_key.len() == 1;
        let target = self.schema.tables.values().find(single);
        let Some((to, kind)) = target.map(|to| (to.name.clone(), to.columns[0].kind.clone()))
        else {
            return;
        };
        // Tables that this branch renames are called otherwise in the other.
        if self.renames.tables.values().any(|name| *name == to) {
            return;
        }
        let mut column = Column::new(format!("{}{number}_id", self.name), kind);
        column.nullable = true;
        let key = ForeignKey {
            name: format!("fk-{table}-{}", column.name),
            columns: vec![column.name.clone()],
            table: to,
            references: vec!["id".into()],
            on_delete: None,
            on_update: None,
        };
        let table = self.table(table);
        table.columns.push(column);
        table.add_foreign_key(key);
    }

    fn add_table(&mut self, number: usize) {
        let mut id = Column::new("id", ColumnType::BigInteger);
        id.auto_increment = true;
        let table = Table {
            name: format!("{}_table{number}", self.name),
            columns: vec![id],
            primary_key: vec!["id".into()],
            ..Table::default()
        };
        self.schema.tables.insert(table.name.clone(), table);
    }

    fn rename_table(&mut self, number: usize, table: &str) {
        let to = format!("{}_renamed{number}", self.name);
        let touched = self.renames.columns.contains_key(table);
        let is_new = table.starts_with(&format!("{}_", self.name));
        let operation = Operation::RenameTable {
            from: table.into(),
            to: to.clone(),
        };
        if !touched && !is_new && self.apply(&operation) {
            self.renames.tables.insert(table.into(), to);
        }
    }

    /// A column of the enum, which the other branch may change.
    fn add_mood(&mut self, number: usize, table: &str) {
        if self.schema.enums.contains_key("mood") {
            let mut column = Column::new(
                format!("{}{number}", self.name),
                ColumnType::Enum("mood".into()),
            );
            column.nullable = true;
            self.table(table).columns.push(column);
        }
    }

    fn add_value(&mut self) {
        if let Some(kind) = self.schema.enums.get_mut("mood") {
            let value = format!("of {}", self.name);
            if !kind.values.contains(&value) {
                kind.values.push(value);
            }
        }
    }
}

/// The files of the start, and of each branch alone.
struct Branches {
    start: Schema,
    first: Vec<File>,
    sides: [Vec<File>; 2],
    operations: Vec<Operation>,
}

/// `None` where nothing of what was drawn fits, or a branch is more than one migration.
fn branches(dialect: Dialect, start: &Schema, draws: [Vec<Draw>; 2]) -> Option<Branches> {
    let none = Schema::default();
    let made = diff(&none, start, &Renames::default(), &Fills::new()).ok()?;
    let mut first = Vec::new();
    add(&mut first, dialect, "1_first", &[], (&none, &made)).ok()?;
    let mut sides = [Vec::new(), Vec::new()];
    let mut all = Vec::new();
    for (side, (draws, name)) in sides.iter_mut().zip(draws.into_iter().zip(["a", "b"])) {
        let mut branch = Branch {
            name,
            schema: start.clone(),
            renames: Renames::default(),
        };
        for (number, draw) in draws.into_iter().enumerate() {
            branch.change(number, draw);
        }
        let operations = diff(start, &branch.schema, &branch.renames, &Fills::new()).ok()?;
        if operations.is_empty() || in_transactions(operations.clone()).len() > 1 {
            return None;
        }
        let name = format!("{}_{name}", if name == "a" { 2 } else { 3 });
        add(side, dialect, &name, &["1_first"], (start, &operations)).ok()?;
        all.extend(operations);
    }
    Some(Branches {
        start: start.clone(),
        first,
        sides,
        operations: all,
    })
}

/// Applies what is open; what was made by no hand is never said to be lost.
async fn go(place: &mut Place, files: &[File]) -> Result<(), TestCaseError> {
    for mut step in place.steps(files).await.map_err(TestCaseError::fail)? {
        let losses = place.database.losses(&mut step).await;
        let losses = losses.map_err(|error| TestCaseError::fail(format!("{:#}", error.source)))?;
        prop_assert!(losses.is_empty(), "{:#?}\n{}", losses, step.sql);
        let done = place.run(&step).await;
        done.map_err(|error| TestCaseError::fail(format!("{error}\n{}", step.sql)))?;
    }
    Ok(())
}

/// The files after `--merge`; `None` where it refuses.
fn merged(dialect: Dialect, all: &[File]) -> Result<Option<Vec<File>>, TestCaseError> {
    let fail = |why: String| TestCaseError::fail(why);
    let history = History::read(all).map_err(fail)?;
    if history.judge_branches().is_err() {
        return Ok(None);
    }
    let mut files = all.to_vec();
    let rewritten = history
        .rewritten()
        .map_err(|blocked| fail(blocked.message))?;
    for change in rewritten {
        for file in files.iter_mut().filter(|file| file.path == change.path) {
            prop_assert_eq!(&file.text, &change.before);
            file.text.clone_from(&change.after);
        }
    }
    let state = history.state().map_err(fail)?;
    add(
        &mut files,
        dialect,
        "4_merge",
        &["2_a", "3_b"],
        (&state, &[]),
    )
    .map_err(fail)?;
    Ok(Some(files))
}

/// The catalogue after the files were run as a migrator does that knows nothing but them.
async fn by_files_alone(
    dialect: Dialect,
    server: &str,
    files: &[File],
) -> Result<Vec<String>, TestCaseError> {
    let mut plain = Place::open(dialect, server).await;
    for name in ["1_first", "2_a", "3_b"] {
        let path = format!("{dialect}/{name}.up.sql");
        let file = files.iter().find(|file| file.path == path);
        let sql = &file.expect("it is there").text;
        plain.execute(sql).await.map_err(TestCaseError::fail)?;
    }
    let shape = plain.database.shape().await.expect("a catalogue");
    let shape = own_names(shape, &plain);
    plain.close().await;
    Ok(shape)
}

/// Lines of a catalogue without the name of the database or schema that they are from.
fn own_names(shape: Vec<String>, place: &Place) -> Vec<String> {
    let name = place.name();
    let within = |line: &String| place.dialect != Dialect::Postgres || line.contains(name);
    let lines = shape.into_iter().filter(within);
    lines.map(|line| line.replace(name, "")).collect()
}

async fn meet(dialect: Dialect, server: &str, branches: Branches) -> Result<(), TestCaseError> {
    let Branches {
        start,
        first,
        sides,
        operations,
    } = branches;
    let all = [first.clone(), sides[0].clone(), sides[1].clone()].concat();
    let history = History::read(&all).map_err(TestCaseError::fail)?;
    let conflicts = !history.conflicts().is_empty();
    let unmerged = history.steps(dialect, &[], &Target::Latest);
    prop_assert_eq!(unmerged.is_err(), conflicts, "{:?}", unmerged);
    let Some(files) = merged(dialect, &all)? else {
        return Ok(());
    };
    let expected = by_files_alone(dialect, server, &files).await?;
    for have in [vec![], vec![0], vec![1]] {
        let mut place = Place::open(dialect, server).await;
        let mut known = first.clone();
        for side in &have {
            known.extend(sides[*side].clone());
        }
        go(&mut place, &known).await?;
        let schema = History::read(&known).and_then(|history| history.state());
        let schema = schema.map_err(TestCaseError::fail)?;
        place.fill(&schema).await.map_err(TestCaseError::fail)?;
        // By the names that the columns have in this database by now.
        let mut rows = Vec::new();
        let so_far = History::read(&known).map_err(TestCaseError::fail)?;
        let done: Vec<Operation> = have
            .iter()
            .filter_map(|side| so_far.get(["2_a", "3_b"][*side])?.meta.as_ref())
            .flat_map(|meta| meta.operations.clone())
            .collect();
        let now = unchanged(&start, &done);
        for (old, new) in unchanged(&start, &operations) {
            if let Some((_, here)) = now.iter().find(|(before, _)| *before == old) {
                rows.push((place.held(here).await, new));
            }
        }
        go(&mut place, &files).await?;
        let shape = place.database.shape().await.expect("a catalogue");
        prop_assert_eq!(own_names(shape, &place), expected.clone(), "{:?}", have);
        for (expected, column) in rows {
            prop_assert_eq!(place.held(&column).await, expected, "{:?}", column);
        }
        let open = place.steps(&files).await.map_err(TestCaseError::fail)?;
        prop_assert!(open.is_empty());
        place.close().await;
    }
    Ok(())
}

/// `LUTHIER_EVOLUTIONS=500 cargo nextest run -E 'test(branches_that_meet)'` tries many more than this.
fn branches_meet(dialect: Dialect, few: u32) {
    let Some(server) = server(dialect) else {
        return;
    };
    let draws = || prop::collection::vec(any::<Draw>(), 1..4);
    let strategy = (schema(), draws(), draws());
    try_out(
        dialect,
        few,
        &strategy,
        async |(start, a, b)| match branches(dialect, &start, [a, b]) {
            Some(branches) => meet(dialect, &server, branches).await,
            None => Ok(()),
        },
    );
}

#[test]
fn branches_that_meet_lose_nothing() {
    branches_meet(Dialect::Sqlite, 64);
}

#[test]
fn branches_that_meet_lose_nothing_on_postgresql() {
    branches_meet(Dialect::Postgres, 24);
}

#[test]
fn branches_that_meet_lose_nothing_on_mysql() {
    branches_meet(Dialect::Mysql, 16);
}
