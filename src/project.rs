//! LOAD: a project as it lies on disk. Reads, never writes.
#![expect(
    clippy::disallowed_methods,
    reason = "this module is the one that reads a project's files"
)]

pub(crate) mod adoptable;
pub(crate) mod adoptable_python;
pub(crate) mod adopted;
mod collect;
mod database_url;
mod manifest;
pub(crate) mod pack;
pub(crate) mod python;
pub(crate) mod settings;

use std::path::{Path, PathBuf};

pub(crate) use manifest::{Duplicates, FILE, MIGRATIONS, Policy, Scaffold, stamped};

use crate::context::Context;
use crate::error::{Error, Result};
use crate::files::{names_in, nearest, read};
use crate::models::EntitySettings;
use crate::names;
use crate::paths::{slashed, stem};
use crate::scaffold::field;
use crate::scaffold::{Dev, Language, Shipping, Verbs};
use crate::sql::Dialect;
use adoptable::Adoptable;
use manifest::ProjectManifest;

/// A Luthier project: what `luthier.toml` says, and a way to read the rest.
#[derive(Debug)]
pub(crate) struct Project {
    /// The folder of `luthier.toml`, absolute.
    pub(crate) root: PathBuf,
    pub(crate) name: String,
    /// What it is written in.
    pub(crate) language: Language,
    pub(crate) apps: Vec<App>,
    /// The first is the default for development; empty where Luthier knows of no database.
    pub(crate) dialects: Vec<Dialect>,
    pub(crate) scaffold: Scaffold,
    /// Where entities are in a project that no pack made: folders of crates.
    crates: Vec<String>,
    /// What `luthier.toml` says about entities.
    models: EntitySettings,
    /// The folder of the migrations, relative to the root.
    migrations: String,
    /// The environment variable with the database's address.
    url_variable: String,
    /// The other databases of the workspace: their names.
    pub(crate) others: Vec<String>,
    pub(crate) dev: Dev,
    /// What `luthier VERB` starts, where the pack does not say it, or says otherwise.
    verbs: Verbs,
    /// How it is shipped, where the pack does not say it, or says otherwise.
    shipping: Shipping,
    /// What the dependencies may be.
    pub(crate) policy: Policy,
}

/// One app: a crate of its own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct App {
    /// Also the crate's name.
    pub(crate) name: String,
    /// Its folder, relative to the project's root: `apps/books`.
    pub(crate) dir: PathBuf,
}

impl App {
    fn named(name: String) -> Self {
        let dir = Path::new("apps").join(&name);
        Self { name, dir }
    }
}

/// Refuses an app that is not one of these.
pub(crate) fn check_app(apps: &[App], name: &str) -> Result<()> {
    if apps.iter().any(|app| app.name == name) {
        return Ok(());
    }
    let apps: Vec<&str> = apps.iter().map(|app| &*app.name).collect();
    let mut error = Error::bad_input(format_args!("there is no app `{name}`"));
    if let Some(near) = field::nearest(name, apps.iter().copied()) {
        error = error.hint(format!("did you mean `{near}`?"));
    } else if !apps.is_empty() {
        error = error.hint(field::listed("apps", name, &apps));
    }
    Err(error.hint(format!("make it with `luthier startapp {name}`")))
}

impl Project {
    /// The project that the working folder lies in: the nearest `luthier.toml` at or above it, or a cargo project whose
    /// crates hold entities.
    pub(crate) fn find(context: &Context) -> Result<Self> {
        let start = &context.directory;
        if let Some(root) = nearest(start, FILE) {
            let project = Self::open(root)?;
            let text = || read(&root.join(FILE)).map(Option::unwrap_or_default);
            return match &context.database {
                Some(name) => project.of_database(&text()?, name),
                None => Ok(project),
            };
        }
        if nearest(start, "Cargo.toml").is_some()
            && let workspace = Adoptable::find(start)?
            && !workspace.crates.is_empty()
        {
            return Self::of_workspace(&workspace);
        }
        Err(Error::bad_input(format_args!(
            "{} is not in a Luthier project: no {FILE} here or above",
            start.display()
        ))
        .hint("make one with `luthier startproject NAME`, then work inside its folder")
        .hint("a cargo project with SeaORM entities becomes one with `luthier init`"))
    }

    /// What `luthier init` would make of a cargo project with entities.
    fn of_workspace(workspace: &Adoptable) -> Result<Self> {
        if workspace.dialects.is_empty() {
            return Err(Error::bad_input(format_args!(
                "{} has SeaORM entities, but no Cargo.toml names a database driver",
                workspace.root.display()
            ))
            .hint("name the databases once: `luthier init --database sqlite,postgres,mysql`"));
        }
        let text = adopted::text(&adopted::Adopted {
            name: &workspace.name,
            crates: &workspace.crates,
            dialects: &workspace.dialects,
            migrations: None,
            views: &[],
        })?;
        Self::of_text(&workspace.root, &text)
    }

    /// The project of the folder `root`, if a `luthier.toml` lies there.
    pub(crate) fn at(root: &Path) -> Result<Option<Self>> {
        match root.join(FILE).is_file() {
            true => Self::open(root).map(Some),
            false => Ok(None),
        }
    }

    pub(crate) fn open(root: &Path) -> Result<Self> {
        let text = read(&root.join(FILE))?.unwrap_or_default();
        Self::of_text(root, &text)
    }

    /// The project that `root` is once its `luthier.toml` holds `text`.
    pub(crate) fn of_text(root: &Path, text: &str) -> Result<Self> {
        let manifest = ProjectManifest::parse(text)?;
        Ok(Self {
            root: root.to_owned(),
            name: manifest.name,
            language: manifest.language,
            verbs: manifest.verbs,
            shipping: manifest.shipping,
            apps: manifest.apps.into_iter().map(App::named).collect(),
            dialects: manifest.dialects,
            scaffold: manifest.scaffold,
            crates: manifest.crates,
            models: manifest.models,
            migrations: real_folder(root, manifest.migrations),
            url_variable: DATABASE_URL.to_owned(),
            others: manifest.databases.into_keys().collect(),
            dev: manifest.dev,
            policy: manifest.policy,
        })
    }

    /// It holds somebody's own code, which no pack made.
    pub(crate) fn is_adopted(&self) -> bool {
        self.scaffold.name == manifest::NO_PACK
    }

    /// The module that is called like it: the folder of a Django project's settings.
    pub(crate) fn module(&self) -> String {
        self.name.replace('-', "_")
    }

    pub(crate) fn app(&self, name: &str) -> Option<&App> {
        self.apps.iter().find(|app| app.name == name)
    }

    /// The path of a file of the migrations folder: `sqlite/20261121084512_initial.up.sql` as [`Project::read`] takes it.
    pub(crate) fn migration_path(&self, inside: &str) -> String {
        let path = format!("{}/{inside}", self.migrations);
        path.trim_end_matches('/').to_owned()
    }

    /// The text of the file at `relative` (to the root, with `/`); `None` if there is no such file.
    pub(crate) fn read(&self, relative: impl AsRef<Path>) -> Result<Option<String>> {
        read(&self.root.join(relative))
    }

    /// The files directly in the folder `relative` that end in `.extension`, as paths for [`Project::read`], sorted.
    /// A folder that does not exist has none.
    pub(crate) fn list(&self, relative: impl AsRef<Path>, extension: &str) -> Result<Vec<String>> {
        let relative = relative.as_ref();
        let names = names_in(&self.root.join(relative))?;
        let paths = names.iter().map(|name| relative.join(name));
        let wanted = |path: &PathBuf| {
            path.extension().is_some_and(|found| found == extension)
                && self.root.join(path).is_file()
        };
        Ok(paths.filter(wanted).map(|path| slashed(&path)).collect())
    }

    /// Refuses a name for a new app that no crate may have, or that something in this project has.
    pub(crate) fn check_app_name(&self, name: &str) -> Result<()> {
        let apps: Vec<String> = self.apps.iter().map(|app| app.name.clone()).collect();
        let mut in_scope = match self.read("Cargo.toml")? {
            Some(text) => crate::cargo::manifest::dependencies("Cargo.toml", &text)?,
            None => Vec::new(),
        };
        let modules = self.list("src", "rs")?;
        in_scope.extend(modules.iter().map(|file| stem(file).to_owned()));
        let neighbours = names::Neighbours {
            project: &self.name,
            apps: &apps,
            in_scope: &in_scope,
        };
        names::app(name, neighbours)
    }

    /// Whether the environment or the root's `.env` sets a variable.
    pub(crate) fn is_set(&self, variable: &str) -> Result<bool> {
        let dotenv = self.read(".env")?.unwrap_or_default();
        let is_set = std::env::var_os(variable).is_some()
            || database_url::in_dotenv(&dotenv, variable)?.is_some();
        Ok(is_set)
    }

    /// The database to work on: `flag`, else `DATABASE_URL` of the environment, else of the root's `.env`. Relative
    /// SQLite paths come back absolute, as the project's own binary, started in the root, would read them.
    pub(crate) fn database_url(&self, flag: Option<&str>) -> Result<String> {
        address(&self.root, flag, &self.url_variable)
    }

    /// The project as far as its database `name` is concerned, of the text of its `luthier.toml`.
    fn of_database(mut self, text: &str, name: &str) -> Result<Self> {
        let manifest = ProjectManifest::parse(text)?;
        let mut databases = manifest.databases;
        let Some(database) = databases.remove(name) else {
            let known: Vec<String> = databases.into_keys().collect();
            let error = format!("{FILE} has no database `{name}`");
            return Err(match known.is_empty() {
                true => Error::bad_input(error).hint(format!(
                    "add `[databases.{name}]` with `crates = [\"…\"]`, the folders of the crates that hold its entities"
                )),
                false => Error::bad_input(error).hint(format!("it has {}", known.join(", "))),
            });
        };
        self.crates = database.crates;
        if !database.dialects.is_empty() {
            self.dialects = database.dialects;
        }
        self.migrations = match database.migrations {
            Some(folder) => folder.trim_matches('/').to_owned(),
            None => format!("{MIGRATIONS}-{name}"),
        };
        self.url_variable = database
            .url
            .unwrap_or_else(|| format!("{}_{DATABASE_URL}", name.replace('-', "_").to_uppercase()));
        self.others = databases.into_keys().collect();
        Ok(self)
    }
}

/// The environment variable that names the database.
const DATABASE_URL: &str = "DATABASE_URL";

/// Where the folder really is, relative to the root: a link to another place of the project is followed, so that what
/// is read there can be written there.
fn real_folder(root: &Path, folder: String) -> String {
    let place = root.join(&folder);
    let is_link = place
        .symlink_metadata()
        .is_ok_and(|found| found.is_symlink());
    let inside = || {
        let real = place.canonicalize().ok()?;
        let real = real.strip_prefix(root.canonicalize().ok()?).ok()?;
        Some(real.to_str()?.replace('\\', "/"))
    };
    match is_link {
        true => inside().unwrap_or(folder),
        false => folder,
    }
}

/// [`Project::database_url`] for any folder.
pub(crate) fn database_url(root: &Path, flag: Option<&str>) -> Result<String> {
    address(root, flag, DATABASE_URL)
}

/// The database that the environment variable `variable` names, where no flag does.
fn address(root: &Path, flag: Option<&str>, variable: &str) -> Result<String> {
    let environment = std::env::var(variable).ok();
    let dotenv = || {
        let text = read(&root.join(".env"))?;
        database_url::in_dotenv(&text.unwrap_or_default(), variable)
    };
    let url = match [flag, environment.as_deref()]
        .into_iter()
        .flatten()
        .find(|url| !url.is_empty())
    {
        Some(url) => Some(url.to_owned()),
        None => dotenv()?,
    };
    match url {
        Some(url) => Ok(database_url::absolute(&url, root)),
        None => Err(Error::bad_input("no database is named").hint(format!(
            "set {variable} in the environment or in `.env`, or give --database-url"
        ))),
    }
}

/// Why no new project can be made at `folder`, an absolute path; `None` if nothing is there, or nothing but a git
/// repository without files, or what an attempt that was cut short leaves.
pub(crate) fn occupied(folder: &Path) -> Result<Option<String>> {
    let there = |path: &&Path| path.symlink_metadata().is_ok();
    if let Some(lowest) = folder.ancestors().find(there)
        && !lowest.is_dir()
    {
        return Ok(Some(format!("{} is not a folder", lowest.display())));
    }
    for name in names_in(folder)? {
        let vacant = match name.to_str() {
            Some(".git") => true,
            Some(".luthier") => names_in(&folder.join(name))?
                .iter()
                .all(|name| name == "lock"),
            _ => false,
        };
        if !vacant {
            return Ok(Some(format!("{} is not empty", folder.display())));
        }
    }
    Ok(None)
}

#[cfg(test)]
mod tests;
