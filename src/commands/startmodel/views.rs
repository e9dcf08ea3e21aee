//! The pages of a model, planned: of a new one by `startmodel --pages`, of one that exists by `startviews`. Pure.

use std::path::Path;

use super::known::{FOR_PAGES, Known, REFERENCES};
use crate::error::{Error, Result};
use crate::output::Output;
use crate::plan::Plan;
use crate::scaffold::crates;
use crate::scaffold::model::{self, ACCOUNTS, Names};
use crate::scaffold::pages::{self, Pages, ReferencedModel, Source};
use crate::scaffold::wire::Edits;
use crate::scaffold::{Rendered, values};

/// Pages, and the files that are made for them.
#[derive(Debug)]
pub(in crate::commands) struct Views {
    pages: Pages,
    files: Vec<Rendered>,
    /// Files that are there already, with other contents.
    kept: Vec<String>,
}

/// The pages of a new model, made of its files.
pub(super) fn of_new(known: &Known, names: &Names, files: &[Rendered]) -> Result<Views> {
    let text = |folder: &str| {
        let path = format!("apps/{}/src/{folder}/{}.rs", names.app, names.module);
        let file = files.iter().find(|file| file.path == Path::new(&path));
        let contents = file.map(|file| file.contents.clone());
        String::from_utf8(contents.unwrap_or_default())
    };
    let (entity, api) = (text("models")?, text("api")?);
    let source = Source {
        app: &names.app,
        module: &names.module,
        entity: &entity,
        api: &api,
        route: &names.route,
        users: has_users(known, &names.app),
        targets: &[],
        entities: &known.entities,
    };
    Views::new(known, source)
}

/// What the columns of a model refer to, as far as it has an API.
fn targets(known: &Known, source: Source<'_>) -> Result<Vec<ReferencedModel>> {
    let mut targets = Vec::new();
    if known.read(REFERENCES)?.is_none() {
        return Ok(targets);
    }
    for (column, path) in pages::referring(source.entity) {
        let (app, module) = match path.split_once("::models::") {
            Some(elsewhere) => elsewhere,
            None if path.is_empty() => (source.app, source.module),
            None => (source.app, path.trim_start_matches("super::")),
        };
        if (app, module) == (source.app, source.module) {
            targets.push(ReferencedModel {
                column,
                module: format!("crate::models::{module}"),
                entity: source.entity.to_owned(),
                api: source.api.to_owned(),
                path: format!("/{}", source.route),
            });
            continue;
        }
        let text = |path: &str| -> Result<Option<String>> {
            known.read(format!("apps/{app}/src/{path}.rs"))
        };
        let mounted = model::routes(&text("api")?.unwrap_or_default());
        let route = mounted.into_iter().find(|(_, mounted)| mounted == module);
        let files = (
            text(&format!("models/{module}"))?,
            text(&format!("api/{module}"))?,
        );
        if let (Some((route, _)), (Some(entity), Some(api))) = (route, files) {
            let has_pages = text(&format!("views/{module}"))?.is_some();
            targets.push(ReferencedModel {
                column,
                module: match app == source.app {
                    true => format!("crate::models::{module}"),
                    false => path,
                },
                entity,
                api,
                path: format!("{}/{route}", if has_pages { "" } else { "/api" }),
            });
        }
    }
    Ok(targets)
}

/// Whether an app may use the accounts: they are there, and do not use the app themselves.
pub(in crate::commands) fn has_users(known: &Known, app: &str) -> bool {
    let is_cycle = || crates::cycle(&known.graph, app, ACCOUNTS).is_some();
    known.choices.has(ACCOUNTS) && (app == ACCOUNTS || !is_cycle())
}

/// Projects in other languages have no pages of models.
pub(in crate::commands) fn only_rust(command: &str) -> Error {
    Error::bad_input(format_args!(
        "`luthier {command}` is for Rust projects: it does not know Python's"
    ))
}

impl Views {
    /// The pages of the model in `source`.
    ///
    /// # Errors
    /// Bad input: its API is not one that pages can call, its address is taken, or the project lacks what draws pages.
    pub(in crate::commands) fn new(known: &Known, source: Source<'_>) -> Result<Self> {
        let pages = Pages::new(Source {
            targets: &targets(known, source)?,
            ..source
        })?;
        check_project(known)?;
        check_free(known, &pages)?;
        let project = values::of_project(&known.name, &known.dialects, &known.pack, &known.choices);
        let app = Path::new("apps").join(source.app);
        let (mut files, mut kept) = (Vec::new(), Vec::new());
        for mut file in known
            .pack
            .render("pages", &values::with(&project, &pages)?)?
        {
            file.path = app.join(&file.path);
            let there = known.read(&file.path)?;
            match there.is_some_and(|text| text.as_bytes() != file.contents) {
                true => kept.push(file.path.display().to_string()),
                false => files.push(file),
            }
        }
        Ok(Self { pages, files, kept })
    }

    /// Adds the files, and the edits that make them known.
    pub(in crate::commands) fn plan(&self, plan: &mut Plan, edits: &mut Edits<'_>) -> Result<()> {
        for file in &self.files {
            plan.create(&file.path, file.contents.clone());
        }
        pages::wire(edits, &self.pages)
    }

    /// Says where the pages are.
    pub(in crate::commands) fn say(&self, output: &Output) {
        let Pages {
            app, module, path, ..
        } = &self.pages;
        for kept in &self.kept {
            output.status(format_args!(
                "{kept} is not what this command makes: it stays as it is."
            ));
        }
        output.status(format_args!(
            "Its pages are at {path}, and their templates in apps/{app}/templates/{app}/{module}."
        ));
    }
}

/// Older projects lack what pages are drawn by.
fn check_project(known: &Known) -> Result<()> {
    for path in FOR_PAGES {
        if known.read(path)?.is_none() {
            return Err(Error::bad_input(format_args!(
                "pages need {path}, which this project does not have"
            ))
            .hint("take it, and what it needs, from a new project of the same pack"));
        }
    }
    Ok(())
}

/// Two pages cannot have one address.
fn check_free(known: &Known, pages: &Pages) -> Result<()> {
    let apps = known.apps.iter().map(|app| app.dir.join("src/urls.rs"));
    for file in apps.chain([Path::new("src/urls.rs").to_owned()]) {
        let text = known.read(&file)?.unwrap_or_default();
        if let Some(taken) = pages::address_taken(&text, &pages.path, &pages.module) {
            return Err(Error::bad_input(format_args!(
                "`{}` is an address already: {} has {taken} there",
                pages.path,
                file.display()
            ))
            .hint("give that another address, or remove it, then run the same command again"));
        }
    }
    Ok(())
}
