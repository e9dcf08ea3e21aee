//! The tag `drift`: a live database against what the migrations that it has applied lead to.

mod by_hand;

use std::collections::BTreeSet;

use super::tag::{CheckContext, Tag};
use crate::check::{Check, Finding, Level};
use crate::database::{self, CharacterSets, Database, Live, schemas_of};
use crate::error::{Error, Result};
use crate::migrations::History;
use crate::schema::{Object, Schema};
use crate::sql::{Dialect, Difference, Grade};
use by_hand::ByHand;

pub(super) const TAG: Tag = Tag {
    name: "drift",
    // It needs a database that is worth looking at.
    by_default: false,
    checks: || {
        vec![
            &DIFFERENT,
            &UNKNOWN,
            &UNKNOWN_TABLE,
            &OTHER_NAME,
            &PERHAPS,
            &COMMENT,
            &BEYOND,
            &CHARACTER_SET,
        ]
    },
    run,
};

static DIFFERENT: Check = Check {
    id: "LUT301",
    name: "drift",
    level: Level::Error,
    why: "Somebody changed the database past the migrations. The program may fail on it, and the next migration may \
          fail half-way or do something else than was tested.",
    instead: "bring the database back by hand; or change the entities to what it is, `luthier makemigrations`, and \
              record the migration here with `luthier migrate --fake`",
};

static UNKNOWN: Check = Check {
    id: "LUT302",
    name: "drift-unknown-part",
    level: Level::Error,
    why: "A column, an index or a reference was made past the migrations. Other databases do not have it, and a \
          rebuilt table loses it.",
    instead: "give it to an entity and record the migration here with `luthier migrate --fake`, or drop it",
};

static UNKNOWN_TABLE: Check = Check {
    id: "LUT303",
    name: "drift-unknown-table",
    level: Level::Warning,
    why: "No migration made the table. It may belong to another program.",
    instead: "`luthier inspectdb TABLE` prints an entity for it",
};

static OTHER_NAME: Check = Check {
    id: "LUT304",
    name: "drift-other-name",
    level: Level::Error,
    why: "A migration that drops or renames it will look for a name that is not there.",
    instead: "rename it as the message says",
};

static COMMENT: Check = Check {
    id: "LUT305",
    name: "drift-comment",
    level: Level::Info,
    why: "A comment differs, which no program notices.",
    instead: "nothing has to be done",
};

static PERHAPS: Check = Check {
    id: "LUT307",
    name: "drift-perhaps",
    level: Level::Warning,
    why: "A default is computed, and the database keeps it in words of its own: whether they mean the same is beyond \
          this tool.",
    instead: "compare the two; to be rid of this, write the default as the database does",
};

static BEYOND: Check = Check {
    id: "LUT306",
    name: "beyond-entities",
    level: Level::Warning,
    why: "Entities cannot express views, triggers, checks and the like, and no migration of this project makes this one: a \
          new database will not have it.",
    instead: "keep them in a migration written by hand (`luthier makemigrations --empty`)",
};

static CHARACTER_SET: Check = Check {
    id: "LUT308",
    name: "drift-character-set",
    level: Level::Warning,
    why: "MySQL makes tables in the character set of their database. Any but utf8mb4 refuses some text, or turns it into \
          question marks where the server is not strict.",
    instead: "convert the table, and set the database's character set before the next `luthier migrate`",
};

fn run(site: &CheckContext) -> Result<Vec<Finding>> {
    let project = &site.project;
    let history = History::read(&project.migration_files()?).map_err(Error::failed)?;
    let url = project.database_url(site.database_url)?;
    let looked = database::block_on(look(&url, &history))?;
    Ok(drift(&looked))
}

/// What there is to compare.
struct Looked {
    dialect: Dialect,
    wanted: Schema,
    live: Live,
    /// What the database holds that no schema can say.
    objects: BTreeSet<Object>,
    by_hand: ByHand,
    character_sets: CharacterSets,
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
        let also = schemas_of(wanted.tables.keys());
        let live = database.introspect(&also).await?;
        let objects = database.dump(&also).await?.objects(&live, &wanted, dialect);
        let by_hand = ByHand::read(history, &applied, dialect);
        let character_sets = database.character_sets().await?;
        Ok(Looked {
            dialect,
            wanted,
            live,
            objects,
            by_hand,
            character_sets,
        })
    }
    .await;
    database.close().await;
    result
}

/// What differs between what the migrations lead to and what is there.
fn drift(looked: &Looked) -> Vec<Finding> {
    let Looked {
        dialect,
        wanted,
        live,
        by_hand,
        ..
    } = looked;
    let known_table = |name: &str| {
        let mut objects = wanted.objects.iter();
        objects.any(|object| object.kind == "table" && object.name == name)
    };
    let differences = dialect.compare(wanted, &live.schema).into_iter();
    let unexpected = differences.filter(|difference| match &difference.name {
        Some(name) => !(by_hand.makes(name) || difference.is_table && known_table(name)),
        None => true,
    });
    let mut findings: Vec<Finding> = unexpected.map(finding).collect();
    findings.extend(object_findings(looked));
    findings.extend(character_sets(looked));
    findings
}

/// Tables that cannot hold every text; those that were adopted are as they were.
fn character_sets(looked: &Looked) -> Vec<Finding> {
    let CharacterSets { database, tables } = &looked.character_sets;
    let mut findings = Vec::new();
    if let Some((name, set)) = database {
        let message =
            format!("new tables of this database are made in {set}, which cannot hold every text");
        findings.push(
            CHARACTER_SET
                .found(message)
                .hint(format!("ALTER DATABASE `{name}` CHARACTER SET utf8mb4")),
        );
    }
    for (table, set) in tables {
        if looked
            .wanted
            .table(table)
            .is_some_and(|table| table.unsaid.is_empty())
        {
            let message = format!("`{table}`: the table is in {set}, which cannot hold every text");
            findings.push(CHARACTER_SET.found(message).hint(format!(
                "ALTER TABLE `{table}` CONVERT TO CHARACTER SET utf8mb4"
            )));
        }
    }
    findings
}

/// Objects that entities cannot express: those that are known and missing or other than they were, and the others.
fn object_findings(looked: &Looked) -> Vec<Finding> {
    let (dialect, by_hand) = (looked.dialect.name(), &looked.by_hand);
    let known = looked.wanted.objects.iter();
    let known: Vec<&Object> = known.filter(|object| object.dialect == dialect).collect();
    let found = &looked.objects;
    let mut findings = Vec::new();
    for object in &known {
        if by_hand.makes(&object.name) || by_hand.drops(&object.name) {
            continue;
        }
        let same = |other: &&Object| is_same(object, other);
        let twins: Vec<&Object> = found.iter().filter(same).collect();
        let unknown = object.definition.is_empty();
        if twins.is_empty() {
            findings.push(DIFFERENT.found(format!("{} is missing", described(object))));
        } else if !unknown
            && !twins
                .iter()
                .any(|twin| twin.definition == object.definition)
        {
            let changes = format!("- {}\n+ {}", object.definition, twins[0].definition);
            let message = format!("{} is not as the migrations know it", described(object));
            findings.push(DIFFERENT.found(message).showing(changes));
        }
    }
    for object in found {
        let is_known = known.iter().any(|other| is_same(object, other));
        // The entity says it itself.
        let said = matches!(
            object.kind.as_str(),
            "generated" | "on update" | "collation" | "check" | "invisible"
        ) && looked.says_extra(object);
        if !is_known && !said && !by_hand.makes(&object.name) && !is_by_design(looked, object) {
            let definition = match object.definition.lines().next() {
                Some(line) if object.kind != "table" => format!(": {line}"),
                _ => String::new(),
            };
            findings.push(BEYOND.found(format!("{}{definition}", described(object))));
        }
    }
    findings
}

/// An unnamed object is known by its definition.
fn is_same(one: &Object, other: &Object) -> bool {
    let place = |object: &Object| {
        (
            object.kind.clone(),
            object.table.clone(),
            object.name.clone(),
        )
    };
    place(one) == place(other) && (!one.name.is_empty() || one.definition == other.definition)
}

/// Tables are compared as such.
fn is_by_design(looked: &Looked, object: &Object) -> bool {
    object.kind == "table" && looked.live.schema.table(&object.name).is_some()
}

fn described(object: &Object) -> String {
    let kind = match object.kind.as_str() {
        "strict" | "without rowid" | "partitioned" => {
            return format!("`{}`: {}", object.table, object.definition);
        }
        "index" => "index with more than a list of columns",
        "check" => "CHECK constraint",
        "generated" => "generated column",
        "sequence" if !object.table.is_empty() => "sequence of the column",
        "collation" => "collation of the column",
        "on update" => "ON UPDATE of the column",
        "identity" => "GENERATED ALWAYS of the column",
        "invisible" => "INVISIBLE of the column",
        "deferrable" => "deferrable constraint",
        "on conflict" => "ON CONFLICT clause of",
        kind => kind,
    };
    let name = match object.name.as_str() {
        "" => String::new(),
        name => format!(" `{name}`"),
    };
    match object.table.as_str() {
        "" => format!("the {kind}{name}"),
        table => format!("`{table}`: the {kind}{name}"),
    }
}

impl Looked {
    /// Whether the entity of the object's column has SQL of its own behind the column's definition.
    fn says_extra(&self, object: &Object) -> bool {
        let column = self.wanted.column(&object.table, &object.name);
        if object.kind == "check" {
            let table = self.wanted.table(&object.table);
            let mut columns = table.iter().flat_map(|table| &table.columns);
            return columns.any(|column| has_word(column.extra.as_deref(), "CHECK"));
        }
        let word = match object.kind.as_str() {
            "generated" => "AS",
            "on update" => "UPDATE",
            "collation" => "COLLATE",
            _ => "INVISIBLE",
        };
        column.is_some_and(|column| has_word(column.extra.as_deref(), word))
    }
}

fn has_word(text: Option<&str>, word: &str) -> bool {
    let is_letter = |c: char| c.is_alphanumeric() || c == '_';
    let mut words = text.unwrap_or_default().split(|c| !is_letter(c));
    words.any(|other| other.eq_ignore_ascii_case(word))
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
