//! Two branches that change one schema at random: refused until they are merged, and then the same schema and rows
//! whichever came first, and whichever a database has.

use proptest::prelude::*;
use proptest::test_runner::TestCaseError;

use super::branch::{Branch, Draw};
use super::changes::{add, unchanged};
use super::place::Place;
use super::try_out;
use crate::migrations::{File, Fills, History, MigrationTarget, Renames, diff, in_transactions};
use crate::operation::Operation;
use crate::schema::Schema;
use crate::schema::random::schema;
use crate::sql::Dialect;

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
    let unmerged = history.steps(dialect, &[], &MigrationTarget::Latest);
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
    let server = dialect.test_server();
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

#[test_with::env(LUTHIER_TEST_POSTGRES)]
#[test]
fn branches_that_meet_lose_nothing_on_postgresql() {
    branches_meet(Dialect::Postgres, 24);
}

#[test_with::env(LUTHIER_TEST_MYSQL)]
#[test]
fn branches_that_meet_lose_nothing_on_mysql() {
    branches_meet(Dialect::Mysql, 16);
}
