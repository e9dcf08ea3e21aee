//! The tag `migrations`: files that were edited or are missing, parents, branches, and whether the files do what the
//! entities ask for.

use super::replay;
use super::tag::{CheckContext, Tag};
use crate::check::{Check, Finding, Level};
use crate::error::Result;
use crate::migrations::{History, Problem, with_unsaid};
use crate::models;
use crate::project::Project;

pub(super) const TAG: Tag = Tag {
    name: "migrations",
    by_default: true,
    checks: || {
        let kinds = [
            &UNREADABLE,
            &MISSING,
            &EDITED,
            &CONTRADICTION,
            &BRANCHES,
            &HEADS,
            &BEHIND,
            &DIALECT,
            &NO_META,
            &WRONG_HASH,
        ];
        kinds.into_iter().chain(replay::CHECKS).collect()
    },
    run,
};

static UNREADABLE: Check = Check {
    id: "LUT201",
    name: "migrations-unreadable",
    level: Level::Error,
    why: "No tool can use the folder as it is.",
    instead: "bring the file back from version control, or rename it",
};

static MISSING: Check = Check {
    id: "LUT202",
    name: "migration-missing",
    level: Level::Error,
    why: "Later migrations build on it, and databases that have it applied cannot go on.",
    instead: "bring it back from version control",
};

static EDITED: Check = Check {
    id: "LUT203",
    name: "migration-edited",
    level: Level::Warning,
    why: "A database that has it applied refuses the next one, and what its `meta` says may no longer be what it does.",
    instead: "undo the edit and put the change into a migration of its own, unless it was never applied anywhere",
};

static CONTRADICTION: Check = Check {
    id: "LUT204",
    name: "history-contradicts-itself",
    level: Level::Error,
    why: "The operations in `migrations/meta` do not fit each other, so nobody can tell what they lead to.",
    instead: "bring `migrations/meta` back from version control",
};

static BRANCHES: Check = Check {
    id: "LUT205",
    name: "branches-conflict",
    level: Level::Error,
    why: "Two branches of migrations change the same, and which comes last depends on the database.",
    instead: "look at both; if they fit together, `luthier makemigrations --merge`",
};

static HEADS: Check = Check {
    id: "LUT206",
    name: "branches-meet",
    level: Level::Info,
    why: "Several migrations have none after them; they touch different things, so the next one brings them together.",
    instead: "nothing has to be done",
};

static BEHIND: Check = Check {
    id: "LUT207",
    name: "migration-wanted",
    level: Level::Error,
    why: "The entities ask for a schema that no migration makes, so the program would fail on a database made by them.",
    instead: "`luthier makemigrations`",
};

static DIALECT: Check = Check {
    id: "LUT208",
    name: "dialect-without-files",
    level: Level::Error,
    why: "A database of this kind cannot be migrated.",
    instead: "`luthier makemigrations` writes the files",
};

static NO_META: Check = Check {
    id: "LUT209",
    name: "migration-without-meta",
    level: Level::Info,
    why: "It is run, but what it changes is not known to `makemigrations`.",
    instead: "fine for data; for tables, let `luthier makemigrations` write it",
};

static WRONG_HASH: Check = Check {
    id: "LUT210",
    name: "meta-edited",
    level: Level::Error,
    why: "Its operations no longer lead to the schema that they led to when it was written: the file was edited, or \
          something before it.",
    instead: "bring `migrations/meta` back from version control",
};

fn run(site: &CheckContext) -> Result<Vec<Finding>> {
    let history = match History::read(&site.project.migration_files()?) {
        Ok(history) => history,
        Err(error) => return Ok(vec![UNREADABLE.found(error)]),
    };
    let mut findings = files(site, &history);
    findings.extend(branches(&history));
    match history.state() {
        Err(error) => findings.push(CONTRADICTION.found(error)),
        Ok(state) => {
            findings.extend(hashes(&site.project, &history));
            // What is wrong with entities is for the tag `models` to tell.
            if let Ok(entities) = models::read(&site.project.sources()?)
                && !state.same_as(&with_unsaid(&state, &entities.schema))
            {
                findings.push(BEHIND.found("the entities have changes that no migration has yet"));
            }
            let broken = findings.iter().any(|finding| finding.kind == &MISSING);
            if !broken {
                findings.extend(replay::findings(site, &history, &state)?);
            }
        }
    }
    Ok(findings)
}

fn files(site: &CheckContext, history: &History) -> Vec<Finding> {
    let dialects = &site.project.dialects;
    let place = |path: &str| {
        let inside = path.strip_prefix("migrations/").unwrap_or(path);
        site.project.migration_path(inside)
    };
    let mut findings = Vec::new();
    for problem in history.problems(dialects) {
        match problem {
            Problem::Missing(path) => {
                findings.push(MISSING.found("the file is missing").at(place(&path), 0));
            }
            // An empty one is there to be filled in.
            Problem::Edited(path) if is_by_hand(history, &path) => {}
            Problem::Edited(path) => {
                let message = "the file was edited since it was written";
                findings.push(EDITED.found(message).at(place(&path), 0));
            }
        }
    }
    for migration in history.migrations.values() {
        let name = &migration.name;
        let Some(meta) = &migration.meta else {
            findings.push(NO_META.found(format!("{name} was written by hand")));
            continue;
        };
        for dialect in dialects {
            if !meta.files.contains_key(dialect.name()) && !migration.sql.contains_key(dialect) {
                let title = dialect.title();
                findings.push(DIALECT.found(format!("{name} has no files for {title}")));
            }
        }
    }
    findings
}

/// Whether the migration of the file at `path` has no operations of its own.
fn is_by_hand(history: &History, path: &str) -> bool {
    let file = path.rsplit('/').next().unwrap_or_default();
    let name = file.split('.').next().unwrap_or_default();
    let meta = history
        .get(name)
        .and_then(|migration| migration.meta.as_ref());
    meta.is_some_and(|meta| meta.operations.is_empty())
}

fn branches(history: &History) -> Vec<Finding> {
    let conflicts = history.conflicts();
    let heads = history.heads();
    if conflicts.is_empty() && heads.len() > 1 {
        let names: Vec<&str> = heads.iter().map(|head| head.name.as_str()).collect();
        return vec![HEADS.found(format!(
            "branches that touch different things: {}",
            names.join(", ")
        ))];
    }
    let found = conflicts.into_iter().map(|(one, other, both)| {
        BRANCHES.found(format!("{one} and {other} both touch {}", both.join(", ")))
    });
    found.collect()
}

/// Where the operations first lead elsewhere than they did when they were written.
fn hashes(project: &Project, history: &History) -> Option<Finding> {
    let order = history.ordered().ok()?;
    // Branches were written without knowing each other, so only a straight line can be followed.
    let straight = order
        .windows(2)
        .all(|pair| pair[1].1.parents == [pair[0].0.name.as_str()]);
    if !straight {
        return None;
    }
    let mut schema = crate::schema::Schema::default();
    for (migration, meta) in order {
        for operation in &meta.operations {
            operation.apply(&mut schema).ok()?;
        }
        if schema.hash() != meta.schema {
            let path = project.migration_path(&format!("meta/{}.json", migration.name));
            let message = "its operations do not lead to the schema whose hash it holds";
            return Some(WRONG_HASH.found(message).at(path, 0));
        }
    }
    None
}
