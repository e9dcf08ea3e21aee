//! What a project may be made with. Pure.

use std::collections::BTreeMap;

/// The texts of a project's Python files, by path with `/`.
pub(crate) type Sources = BTreeMap<String, String>;

/// What a project is made with, and where its application is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Framework {
    Django(Django),
    /// A WSGI application of Flask.
    Flask(Application),
    /// An ASGI application of FastAPI, Starlette, Quart or Litestar.
    Asgi(Application),
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Django {
    /// The folder of `manage.py`, with `/` at its end unless it is the root.
    pub(crate) folder: String,
    /// `shop.wsgi`, or `shop.wsgi:application` where it is called otherwise.
    pub(crate) wsgi: Option<String>,
    /// Static files are collected somewhere: the settings have a STATIC_ROOT.
    pub(crate) collects_static: bool,
    /// Variables that the settings read a secret key from.
    pub(crate) secret_keys: Vec<String>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Application {
    /// The folder that its modules are looked for in, with `/` at its end unless it is the root.
    pub(crate) folder: String,
    /// `shop.app`.
    pub(crate) module: String,
    /// `app`, or `create_app()`.
    pub(crate) name: String,
    /// Flask-Migrate keeps its database up to date.
    pub(crate) migrates: bool,
    /// The file that says so.
    pub(crate) path: String,
    /// What `create_app` has to be told: no server calls it.
    pub(crate) needs: Vec<String>,
}

impl Application {
    /// `shop.app:app`.
    pub(crate) fn reference(&self) -> String {
        format!("{}:{}", self.module, self.name)
    }
}
