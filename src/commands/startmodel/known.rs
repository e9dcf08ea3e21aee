//! What is known of a project before a model is added to it: read once, then plain values.

use std::path::{Path, PathBuf};

use crate::error::Result;
use crate::files::Texts;
use crate::paths::{slashed, stem};
use crate::project::{App, Project};
use crate::scaffold::crates::{self, Graph};
use crate::scaffold::entity::{self, Entity};
use crate::scaffold::{Choices, Pack};
use crate::sql::Dialect;

/// A project, as far as a new model is concerned.
#[derive(Debug)]
pub(super) struct Known {
    /// The project's folder, absolute.
    pub(super) root: PathBuf,
    pub(super) name: String,
    pub(super) dialects: Vec<Dialect>,
    pub(super) pack: Pack,
    pub(super) choices: Choices,
    pub(super) apps: Vec<App>,
    /// Every model there is.
    pub(super) entities: Vec<Entity>,
    /// Which app depends on which.
    pub(super) graph: Graph,
    texts: Texts,
}

impl Known {
    /// Reads the project: of the app that gets the model every source file, of the other apps what refers to models.
    pub(super) fn load(project: &Project, app: &str) -> Result<Self> {
        let mut texts = Texts::default();
        for file in ["Cargo.toml", "Cargo.lock"] {
            project.add_text(&mut texts, file)?;
        }
        project.add_texts(&mut texts, "src", "rs")?;
        for known in &project.apps {
            project.add_text(&mut texts, &slashed(&known.dir.join("Cargo.toml")))?;
            project.add_texts(&mut texts, &slashed(&known.dir.join("src")), "rs")?;
            if known.name == app {
                project.add_texts(&mut texts, &slashed(&known.dir.join("tests")), "rs")?;
            }
        }
        Self::new(project, texts)
    }

    /// What the texts of a project say.
    pub(super) fn new(project: &Project, texts: Texts) -> Result<Self> {
        let names: Vec<String> = project.apps.iter().map(|app| app.name.clone()).collect();
        let mut entities = Vec::new();
        let mut graph = Graph::new();
        for app in &project.apps {
            for (path, text) in texts.directly_in(&slashed(&app.dir.join("src/models"))) {
                entities.extend(entity::read(&app.name, stem(path), text));
            }
            let manifest = texts.read(&slashed(&app.dir.join("Cargo.toml")))?;
            let dependencies = crates::dependencies(&manifest.unwrap_or_default(), &names);
            graph.insert(app.name.clone(), dependencies);
        }
        Ok(Self {
            root: project.root.clone(),
            name: project.name.clone(),
            dialects: project.dialects.clone(),
            pack: project.pack()?,
            choices: project.scaffold.choices(),
            apps: project.apps.clone(),
            entities,
            graph,
            texts,
        })
    }

    pub(super) fn app(&self, name: &str) -> Option<&App> {
        self.apps.iter().find(|app| app.name == name)
    }

    /// The text of the file at `path`, relative to the root; `None` if there is no such file.
    ///
    /// # Errors
    /// When the file is not among those that were read.
    pub(super) fn read(&self, path: impl AsRef<Path>) -> Result<Option<String>> {
        self.texts.read(&slashed(path.as_ref()))
    }
}
