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

/// What pages are drawn by.
pub(super) const FOR_PAGES: [&str; 3] = [
    "platform/src/forms.rs",
    "templates/fields.html",
    "templates/values.html",
];

/// What shows rows that others refer to by name; pages of older projects do without.
pub(super) const REFERENCES: &str = "platform/src/references.rs";

/// A project, as far as a new model is concerned.
#[derive(Debug)]
pub(in crate::commands) struct Known {
    /// The project's folder, absolute.
    pub(in crate::commands) root: PathBuf,
    pub(in crate::commands) name: String,
    pub(in crate::commands) dialects: Vec<Dialect>,
    pub(in crate::commands) pack: Pack,
    pub(in crate::commands) choices: Choices,
    pub(in crate::commands) apps: Vec<App>,
    /// Every model there is.
    pub(in crate::commands) entities: Vec<Entity>,
    /// Which app depends on which.
    pub(in crate::commands) graph: Graph,
    texts: Texts,
}

impl Known {
    /// Reads the project: of the app that gets the model every source file, of the other apps what refers to models.
    pub(in crate::commands) fn load(project: &Project, app: &str) -> Result<Self> {
        let mut texts = Texts::default();
        let others = ["Cargo.toml", "Cargo.lock", REFERENCES];
        for file in others.iter().chain(&FOR_PAGES) {
            project.add_text(&mut texts, file)?;
        }
        project.add_texts(&mut texts, "src", "rs")?;
        for known in &project.apps {
            project.add_text(&mut texts, &slashed(&known.dir.join("Cargo.toml")))?;
            project.add_texts(&mut texts, &slashed(&known.dir.join("src")), "rs")?;
            if known.name == app {
                for (folder, extension) in [("tests", "rs"), ("templates", "html")] {
                    project.add_texts(&mut texts, &slashed(&known.dir.join(folder)), extension)?;
                }
            }
        }
        Self::new(project, texts)
    }

    /// What the texts of a project say.
    pub(in crate::commands) fn new(project: &Project, texts: Texts) -> Result<Self> {
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

    /// The text of the file at `path`, relative to the root; `None` if there is no such file.
    ///
    /// # Errors
    /// When the file is not among those that were read.
    pub(in crate::commands) fn read(&self, path: impl AsRef<Path>) -> Result<Option<String>> {
        self.texts.read(&slashed(path.as_ref()))
    }
}
