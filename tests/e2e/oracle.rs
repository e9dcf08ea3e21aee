//! SeaORM itself as the oracle: the tables that migrations make are those that SeaORM would make.

#[allow(
    unreachable_pub,
    reason = "entities are written as projects write them"
)]
#[allow(dead_code, reason = "only their tables are asked for")]
mod entities;

use crate::common::Sandbox;
use crate::common::servers::{Mysql, Postgres};
use sea_orm::sea_query::Iden;
use sea_orm::{DbBackend, EntityTrait, Schema};
use sqlx::{AssertSqlSafe, Connection, Executor, Row};

/// What SeaORM would run for one entity.
fn statements<E: EntityTrait>(entity: E, backend: DbBackend) -> Vec<String> {
    let schema = Schema::new(backend);
    let mut all = Vec::new();
    for kind in schema.create_enum_from_entity(entity) {
        all.push(backend.build(&kind).to_string());
    }
    all.push(
        backend
            .build(&schema.create_table_from_entity(entity))
            .to_string(),
    );
    for index in schema.create_index_from_entity(entity) {
        all.push(backend.build(&index).to_string());
    }
    all
}

fn of_sea_orm(backend: DbBackend) -> Vec<String> {
    let mut all = statements(entities::author::Entity, backend);
    all.extend(statements(entities::book::Entity, backend));
    all.extend(statements(entities::edition::Entity, backend));
    all.extend(statements(entities::place::Entity, backend));
    all.extend(statements(entities::printing::Entity, backend));
    all.extend(statements(entities::counter::Entity, backend));
    let reviews = statements(entities::review::Entity, backend);
    // The type is there already.
    all.extend(
        reviews
            .into_iter()
            .filter(|sql| !sql.starts_with("CREATE TYPE")),
    );
    all
}

/// A project whose only app holds the entities.
fn project() -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox
        .write(
            "luthier.toml",
            "[project]\nname = \"shop\"\napps = [\"books\"]\n\
             [scaffold]\nname = \"web\"\nversion = \"0.1.0\"\n\
             [database]\ndialects = [\"sqlite\", \"postgres\", \"mysql\"]\n",
        )
        .write("apps/books/src/lib.rs", include_str!("oracle/entities.rs"));
    sandbox.run(["makemigrations"]).success();
    sandbox
}

fn block_on<T>(work: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build();
    runtime.expect("a runtime").block_on(work)
}

/// Compares, leaving out what sqlx keeps for itself.
#[track_caller]
fn compare(mut ours: Vec<String>, mut theirs: Vec<String>) {
    for lines in [&mut ours, &mut theirs] {
        lines.retain(|line| !line.contains("_sqlx_migrations"));
        lines.sort();
    }
    assert!(ours.len() > 40, "{ours:#?}");
    let differs = |a: &[String], b: &[String]| -> Vec<String> {
        a.iter().filter(|line| !b.contains(line)).cloned().collect()
    };
    assert_eq!(differs(&ours, &theirs), differs(&theirs, &ours));
}

#[test]
fn on_sqlite() {
    let sandbox = project();
    let url = format!("sqlite://{}", sandbox.path("ours.db").display());
    sandbox.run(["migrate", "--database-url", &url]).success();
    let shape = include_str!("../../src/sql/tests/shape_sqlite.sql");
    let (ours, theirs) = block_on(async {
        let mut connection = sqlx::SqliteConnection::connect(&url)
            .await
            .expect("it opens");
        let ours = connection.fetch_all(shape).await.expect("a shape");
        let mut connection = sqlx::SqliteConnection::connect("sqlite::memory:")
            .await
            .expect("it opens");
        for sql in of_sea_orm(DbBackend::Sqlite) {
            connection
                .execute(AssertSqlSafe(sql.clone()))
                .await
                .expect(&sql);
        }
        (ours, connection.fetch_all(shape).await.expect("a shape"))
    });
    let texts = |rows: &[sqlx::sqlite::SqliteRow]| rows.iter().map(|row| row.get(0)).collect();
    compare(texts(&ours), texts(&theirs));
}

#[test_with::env(LUTHIER_TEST_POSTGRES)]
#[test]
fn on_postgresql() {
    let (one, other) = (Postgres::fresh(), Postgres::fresh());
    let sandbox = project();
    sandbox
        .run(["migrate", "--database-url", &one.url()])
        .success();
    let shape = include_str!("../../src/sql/tests/shape_postgres.sql");
    let (ours, theirs) = block_on(async {
        let mut connection = sqlx::PgConnection::connect(&one.url())
            .await
            .expect("it opens");
        let ours = connection.fetch_all(shape).await.expect("a shape");
        let mut connection = sqlx::PgConnection::connect(&other.url())
            .await
            .expect("it opens");
        for sql in of_sea_orm(DbBackend::Postgres) {
            connection
                .execute(AssertSqlSafe(sql.clone()))
                .await
                .expect(&sql);
        }
        (ours, connection.fetch_all(shape).await.expect("a shape"))
    });
    let texts = |rows: &[sqlx::postgres::PgRow]| rows.iter().map(|row| row.get(0)).collect();
    compare(texts(&ours), texts(&theirs));
}

#[test_with::env(LUTHIER_TEST_MYSQL)]
#[test]
fn on_mysql() {
    let (one, other) = (Mysql::fresh(), Mysql::fresh());
    let sandbox = project();
    sandbox
        .run(["migrate", "--database-url", &one.url()])
        .success();
    let shape = include_str!("../../src/sql/tests/shape_mysql.sql");
    let (ours, theirs) = block_on(async {
        let mut connection = sqlx::MySqlConnection::connect(&one.url())
            .await
            .expect("it opens");
        let ours = connection.fetch_all(shape).await.expect("a shape");
        let mut connection = sqlx::MySqlConnection::connect(&other.url())
            .await
            .expect("it opens");
        for sql in of_sea_orm(DbBackend::MySql) {
            connection
                .execute(AssertSqlSafe(sql.clone()))
                .await
                .expect(&sql);
        }
        (ours, connection.fetch_all(shape).await.expect("a shape"))
    });
    let texts = |rows: &[sqlx::mysql::MySqlRow]| rows.iter().map(|row| row.get(0)).collect();
    compare(texts(&ours), texts(&theirs));
}

#[test]
fn the_entities_have_the_names_that_the_test_thinks() {
    assert_eq!(
        entities::edition::Column::EditionNumber.to_string(),
        "editionNumber"
    );
}
