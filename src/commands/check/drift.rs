//! The tag `drift`: a live database against what the migrations that it has applied lead to.

use super::{Site, Tag};
use crate::check::{Finding, Kind, Level};
use crate::database::{self, Database, Live, schemas_of};
use crate::error::{Error, Result};
use crate::migrations::History;
use crate::schema::Schema;
use crate::sql::{Dialect, Difference, Grade};

pub(super) const TAG: Tag = Tag {
    name: "drift",
    // It needs a database that is worth looking at.
    by_default: false,
    kinds: || {
        vec![
            &DIFFERENT,
            &UNKNOWN,
            &UNKNOWN_TABLE,
            &OTHER_NAME,
            &PERHAPS,
            &COMMENT,
            &BEYOND,
        ]
    },
    run,
};

static DIFFERENT: Kind = Kind {
    id: "LUT301",
    name: "drift",
    level: Level::Error,
    why: "Somebody changed the database past the migrations. The program may fail on it, and the next migration may \
          fail half-way or do something else than was tested.",
    instead: "bring the database back by hand; or change the entities to what it is, `luthier makemigrations`, and \
              record the migration here with `luthier migrate --fake`",
};

static UNKNOWN: Kind = Kind {
    id: "LUT302",
    name: "drift-unknown-part",
    level: Level::Error,
    why: "A column, an index or a reference was made past the migrations. Other databases do not have it, and a \
          rebuilt table loses it.",
    instead: "give it to an entity and record the migration here with `luthier migrate --fake`, or drop it",
};

static UNKNOWN_TABLE: Kind = Kind {
    id: "LUT303",
    name: "drift-unknown-table",
    level: Level::Warning,
    why: "No migration made the table. It may belong to another program.",
    instead: "`luthier inspectdb TABLE` prints an entity for it",
};

static OTHER_NAME: Kind = Kind {
    id: "LUT304",
    name: "drift-other-name",
    level: Level::Error,
    why: "A migration that drops or renames it will look for a name that is not there.",
    instead: "rename it as the message says",
};

static COMMENT: Kind = Kind {
    id: "LUT305",
    name: "drift-comment",
    level: Level::Info,
    why: "A comment differs, which no program notices.",
    instead: "nothing has to be done",
};

static PERHAPS: Kind = Kind {
    id: "LUT307",
    name: "drift-perhaps",
    level: Level::Warning,
    why: "A default is computed, and the database keeps it in words of its own: whether they mean the same is beyond \
          this tool.",
    instead: "compare the two; to be rid of this, write the default as the database does",
};

static BEYOND: Kind = Kind {
    id: "LUT306",
    name: "beyond-entities",
    level: Level::Info,
    why: "Views, triggers, checks and unusual indexes are nothing that entities speak of, so that nothing compares them.",
    instead: "keep them in a migration written by hand (`luthier makemigrations --empty`)",
};

fn run(site: &Site) -> Result<Vec<Finding>> {
    let project = &site.project;
    let history = History::read(&project.migration_files()?).map_err(Error::failed)?;
    let url = project.database_url(site.args.database_url.as_deref())?;
    let looked = database::block_on(look(&url, &history))?;
    Ok(drift(&looked.wanted, &looked.live, looked.dialect))
}

/// What there is to compare.
struct Looked {
    dialect: Dialect,
    wanted: Schema,
    live: Live,
}

async fn look(url: &str, history: &History) -> Result<Looked> {
    let Some(mut database) = Database::look(url).await? else {
        return Err(Error::bad_input("there is no such database")
            .hint("set DATABASE_URL in the environment or in `.env`, or give --database-url"));
    };
    let dialect = database.dialect();
    let result = async {
        let applied = database.applied().await?;
        if applied.is_empty() {
            return Err(Error::failed("no migration is applied to this database").hint(
                "`luthier migrate`, or `luthier migrate --fake-initial` where the tables are there already",
            ));
        }
        // What a squashed migration stands for counts as the migration.
        let (_, applied) = history
            .take_over(dialect, applied)
            .map_err(|blocked| Error::failed(blocked.message).hint(blocked.hint))?;
        let wanted = history.state_of(&applied).map_err(Error::failed)?;
        let live = database.introspect(&schemas_of(wanted.tables.keys())).await?;
        Ok(Looked {
            dialect,
            wanted,
            live,
        })
    }
    .await;
    database.close().await;
    result
}

/// What differs between what the migrations lead to and what is there.
fn drift(wanted: &Schema, live: &Live, dialect: Dialect) -> Vec<Finding> {
    let differences = dialect.compare(wanted, &live.schema);
    let mut findings: Vec<Finding> = differences.into_iter().map(finding).collect();
    let known = live
        .notes
        .iter()
        .filter(|note| wanted.table(&note.table).is_some());
    findings.extend(known.map(|note| BEYOND.found(format!("`{}`: {}", note.table, note.message))));
    findings
}

fn finding(difference: Difference) -> Finding {
    let kind = match (difference.grade, difference.is_table) {
        (Grade::Different, _) => &DIFFERENT,
        (_, true) => &UNKNOWN_TABLE,
        (Grade::Demanding | Grade::Extra, _) => &UNKNOWN,
        (Grade::Name, _) => &OTHER_NAME,
        (Grade::Unsure, _) => &PERHAPS,
        (Grade::Comment, _) => &COMMENT,
    };
    let finding = kind.found(difference.message);
    match difference.fix {
        Some(fix) => finding.hint(fix),
        None => finding,
    }
}
