//! `startapp` and `startmodel` in a Django project: files from the pack, and edits of modules by their syntax.

use std::cell::RefCell;
use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::rc::Rc;

use crate::apply;
use crate::context::Context;
use crate::error::{Error, Result};
use crate::names;
use crate::plan::Plan;
use crate::project::Project;
use crate::project::python::Python;
use crate::scaffold::field::{self, nearest};
use crate::scaffold::model::{self, ACCOUNTS, Access, OWNER};
use crate::scaffold::python::django::{Model, Request};
use crate::scaffold::python::edit::Refused;
use crate::scaffold::python::{Edit, Module, SYNTAX};
use crate::scaffold::wire::toml::add_app;
use crate::scaffold::{Pack, Rendered, values};

/// The files of a project that are being changed, by what its interpreter says of them.
struct Edits<'a> {
    project: &'a Project,
    files: Vec<(String, String, String)>,
    /// What the interpreter has said, by text: starting it takes a moment.
    parsed: RefCell<HashMap<String, Rc<Module>>>,
}

impl<'a> Edits<'a> {
    fn new(project: &'a Project) -> Self {
        Self {
            project,
            files: Vec::new(),
            parsed: RefCell::default(),
        }
    }

    /// What the interpreter says of a module.
    fn parse(&self, path: &str, text: &str) -> Result<Rc<Module>> {
        if let Some(module) = self.parsed.borrow().get(text) {
            return Ok(Rc::clone(module));
        }
        let module = Rc::new(parse(self.project, path, text)?);
        self.parsed
            .borrow_mut()
            .insert(text.to_owned(), Rc::clone(&module));
        Ok(module)
    }

    /// The text of a file, with the edits so far.
    fn text(&self, path: &str) -> Result<Option<String>> {
        match self.files.iter().find(|(known, ..)| known == path) {
            Some((_, _, after)) => Ok(Some(after.clone())),
            None => self.project.read(path),
        }
    }

    fn set(&mut self, path: &str, text: String) -> Result<()> {
        if let Some(file) = self.files.iter_mut().find(|(known, ..)| known == path) {
            file.2 = text;
        } else {
            let before = self.project.read(path)?.unwrap_or_default();
            self.files.push((path.to_owned(), before, text));
        }
        Ok(())
    }

    /// Makes an edit; where its shape is not there, the error says what to write by hand.
    fn edit(&mut self, path: &str, edit: &Edit<'_>) -> Result<()> {
        let by_hand = |why: String| {
            let (what, place) = match *edit {
                Edit::Import { line, .. } => (line.to_owned(), "among the imports"),
                Edit::Class { text, .. } => (text.to_owned(), "at the end"),
                Edit::Item { list, item, .. } => (format!("{list} += [{item}]"), "at the end"),
                Edit::Call { line, .. } => (line.to_owned(), "where the routes are"),
            };
            Error::failed(format_args!("{path} cannot be edited: {why}")).hint(format!(
                "write this {place} of {path}, then run the command again:\n{what}"
            ))
        };
        let Some(text) = self.text(path)? else {
            return Err(by_hand("there is no such file".to_owned()));
        };
        let module = self.parse(path, &text)?;
        match module.apply(&text, edit) {
            Ok(edited) => self.set(path, edited),
            Err(Refused::Shape(why)) => Err(by_hand(why)),
            Err(Refused::Taken(why)) => Err(Error::bad_input(format_args!(
                "{path}: {why} from what this command makes"
            ))
            .hint("change it by hand, or give the new one another name")),
        }
    }

    fn plan(self, plan: &mut Plan) {
        for (path, before, after) in self.files {
            plan.edit(path, before, after);
        }
    }
}

/// What the interpreter says of a module.
fn parse(project: &Project, path: &str, text: &str) -> Result<Module> {
    let module: Module = Python::ask(&project.root, SYNTAX, text)?;
    match &module.error {
        None => Ok(module),
        Some(error) => {
            let line = module
                .line
                .map(|line| format!(":{line}"))
                .unwrap_or_default();
            Err(Error::failed(format_args!(
                "{path}{line}: Python cannot read it: {error}"
            )))
        }
    }
}

/// `luthier startapp NAME`.
pub(super) fn startapp(
    context: &Context,
    project: &Project,
    name: &str,
    dry_run: bool,
) -> Result<ExitCode> {
    let pack = django(project)?;
    let listed = project.app(name).is_some();
    if !listed {
        let modules = [project.module(), "manage".to_owned(), ACCOUNTS.to_owned()];
        names::python::app(name, &modules)?;
    }
    let known = values_of(project, &pack);
    let values = values::with(&known, &serde_json::json!({"app": name}))?;
    let mut plan = Plan::new(format!("startapp {name}"), &project.root);
    for file in pack.render("app", &values)? {
        let path = Path::new(name).join(file.path);
        let there = project.read(&path)?;
        match there {
            Some(text) if text.as_bytes() != file.contents => {
                if listed {
                    // It is its owner's by now.
                    continue;
                }
                let path = path.display();
                return Err(Error::bad_input(format_args!(
                    "{path} is there already, although luthier.toml lists no app `{name}`"
                ))
                .hint("give the new app another name"));
            }
            _ => plan.create(path, file.contents),
        }
    }
    let mut edits = Edits::new(project);
    let settings = settings(&edits)?;
    let quoted = format!("\"{name}\"");
    let app = Edit::Item {
        list: "INSTALLED_APPS",
        item: &quoted,
        marker: name,
    };
    edits.edit(&settings, &app)?;
    let urls = urls(&edits, &settings)?;
    let marker = format!("{name}.urls");
    let item = format!("path(\"api/\", include(\"{marker}\"))");
    for name in ["include", "path"] {
        let line = format!("from django.urls import {name}");
        edits.edit(
            &urls,
            &Edit::Import {
                name,
                line: &line,
                own: "",
            },
        )?;
    }
    edits.edit(
        &urls,
        &Edit::Item {
            list: "urlpatterns",
            item: &item,
            marker: &marker,
        },
    )?;
    let manifest = project.read("luthier.toml")?.unwrap_or_default();
    let with_app =
        add_app(&manifest, name).map_err(|unwirable| unwirable.in_file("luthier.toml"))?;
    edits.set("luthier.toml", with_app)?;
    edits.plan(&mut plan);
    let applied = apply::run(context, &plan, dry_run)?;
    if applied.changed && !dry_run {
        context.output.status(format_args!(
            "\nThe app {name} is ready. What comes next:\n\n  \
             luthier startmodel {name} Book 'title:string(200)' 'author:string(100)'"
        ));
    }
    Ok(ExitCode::SUCCESS)
}

/// What `luthier startmodel` was told.
pub(super) struct NewModel<'a> {
    pub(super) app: &'a str,
    pub(super) model: &'a str,
    pub(super) fields: Vec<String>,
    pub(super) access: Option<Access>,
    pub(super) route: Option<&'a str>,
    pub(super) api: bool,
    pub(super) dry_run: bool,
}

/// `luthier startmodel APP MODEL FIELD…`.
pub(super) fn startmodel(
    context: &Context,
    project: &Project,
    mut new: NewModel<'_>,
) -> Result<ExitCode> {
    let pack = django(project)?;
    check_app(project, new.app)?;
    let access = new.access.unwrap_or(Access::ReadOnly);
    let is_owner = |typed: &String| typed.split(':').next() == Some(OWNER);
    if access == Access::Owner && !new.fields.iter().any(is_owner) {
        new.fields
            .push(format!("{OWNER}:ref({ACCOUNTS}.User,on_delete=cascade)"));
    }
    let models = models(project)?;
    let in_app = |model: &String| Some(model.strip_prefix(new.app)?.strip_prefix('.')?.to_owned());
    let own: Vec<String> = models.iter().filter_map(in_app).collect();
    names::python::model(new.model, &own)?;
    if let Some(route) = new.route {
        model::check_segment(route)?;
    }
    let fields = field::parse_all(&new.fields)?;
    let made = Model::new(&Request {
        app: new.app,
        model: new.model,
        fields: &fields,
        typed: &new.fields,
        route: new.route,
        access,
        models: &models,
    })?;
    if new.api {
        check_route(project, &made)?;
    }
    let values = values::with(&values_of(project, &pack), &made)?;
    let files = pack.render("model", &values)?;
    let mut plan = Plan::new(
        format!("startmodel {} {}", new.app, new.model),
        &project.root,
    );
    let mut edits = Edits::new(project);
    for file in files {
        add(project, &new, &made, file, &mut plan, &mut edits)?;
    }
    if new.api {
        register(&made, &mut edits)?;
    }
    edits.plan(&mut plan);
    let applied = apply::run(context, &plan, new.dry_run)?;
    if applied.changed && !new.dry_run {
        let name = new.model;
        context.output.status(format_args!(
            "\n{name} is ready. What comes next:\n\n  luthier makemigrations && luthier migrate"
        ));
        if new.api {
            context.output.status(format_args!(
                "\nThen it is at /api/{}, and documented at /api/docs. {} (--access {}).",
                made.route,
                access.meaning(),
                access.name()
            ));
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// Adds what a template of the pack makes: a class to the module of that name, or a file of its own.
fn add(
    project: &Project,
    new: &NewModel<'_>,
    model: &Model,
    file: Rendered,
    plan: &mut Plan,
    edits: &mut Edits<'_>,
) -> Result<()> {
    let path = PathBuf::from(&model.app).join(&file.path);
    let is_for_api = file.path != Path::new("models.py") && file.path != Path::new("admin.py");
    if !new.api && is_for_api {
        return Ok(());
    }
    let text = String::from_utf8(file.contents)?;
    if file.path.starts_with("tests") {
        if project.read(&path)?.is_some_and(|there| there != text) {
            let path = path.display();
            return Err(Error::bad_input(format_args!(
                "{path} is there already, and is not what this command makes"
            ))
            .hint("give the new model another name"));
        }
        plan.create(path, text);
        return Ok(());
    }
    let path = crate::paths::slashed(&path);
    let (suffix, imports): (&str, &[(&str, &str)]) =
        match file.path.file_stem().and_then(|stem| stem.to_str()) {
            Some("models") => ("", &[("models", "from django.db import models")]),
            Some("admin") => (
                "Admin",
                &[
                    ("admin", "from django.contrib import admin"),
                    ("models", "from . import models"),
                ],
            ),
            Some("serializers") => (
                "Serializer",
                &[
                    ("serializers", "from rest_framework import serializers"),
                    ("models", "from . import models"),
                ],
            ),
            _ => (
                "ViewSet",
                &[
                    ("permissions", "from rest_framework import permissions"),
                    ("models", "from . import models, serializers"),
                ],
            ),
        };
    for (name, line) in imports {
        edits.edit(
            &path,
            &Edit::Import {
                name,
                line,
                own: &project.module(),
            },
        )?;
    }
    if suffix == "ViewSet" {
        let line = format!("from {}.api.views import ModelViewSet", project.module());
        edits.edit(
            &path,
            &Edit::Import {
                name: "ModelViewSet",
                line: &line,
                own: &project.module(),
            },
        )?;
    }
    let name = format!("{}{suffix}", model.model);
    edits.edit(
        &path,
        &Edit::Class {
            name: &name,
            text: &text,
        },
    )
}

/// Makes the address of the model's API known.
fn register(model: &Model, edits: &mut Edits<'_>) -> Result<()> {
    let urls = format!("{}/urls.py", model.app);
    edits.edit(
        &urls,
        &Edit::Import {
            name: "views",
            line: "from . import views",
            own: "",
        },
    )?;
    let line = format!(
        "router.register(\"{}\", views.{}ViewSet)",
        model.route, model.model
    );
    let call = Edit::Call {
        function: "router.register",
        line: &line,
        marker: &model.route,
    };
    edits.edit(&urls, &call)
}

fn values_of(project: &Project, pack: &Pack) -> serde_json::Map<String, serde_json::Value> {
    values::of_project(
        &project.name,
        &project.dialects,
        pack,
        &project.scaffold.choices(),
    )
}

/// The project's pack, which has to be one of Django apps.
fn django(project: &Project) -> Result<Pack> {
    let pack = project.pack()?;
    match pack.has("app") {
        true => Ok(pack),
        false => Err(Error::bad_input(format_args!(
            "the pack `{}` has no apps and models to make",
            pack.manifest.name
        ))),
    }
}

fn check_app(project: &Project, app: &str) -> Result<()> {
    if project.app(app).is_some() {
        return Ok(());
    }
    let apps: Vec<&str> = project.apps.iter().map(|app| &*app.name).collect();
    let mut error = Error::bad_input(format_args!("there is no app `{app}`"));
    if let Some(near) = nearest(app, apps.iter().copied()) {
        error = error.hint(format!("did you mean `{near}`?"));
    }
    Err(error.hint(format!("make it with `luthier startapp {app}`")))
}

/// Every class in the models of every app, as `app.Model`.
fn models(project: &Project) -> Result<Vec<String>> {
    let mut models = Vec::new();
    for app in &project.apps {
        let path = format!("{}/models.py", app.name);
        if let Some(text) = project.read(&path)? {
            let module = parse(project, &path, &text)?;
            models.extend(
                module
                    .classes()
                    .map(|class| format!("{}.{class}", app.name)),
            );
        }
    }
    Ok(models)
}

/// Two APIs cannot have one address.
fn check_route(project: &Project, model: &Model) -> Result<()> {
    model::check_segment(&model.route)?;
    for app in project.apps.iter().filter(|app| app.name != model.app) {
        let path = format!("{}/urls.py", app.name);
        let Some(text) = project.read(&path)? else {
            continue;
        };
        let module = parse(project, &path, &text)?;
        if module
            .calls("router.register")
            .any(|route| route == model.route)
        {
            return Err(Error::bad_input(format_args!(
                "`/api/{}` is an address of {} already",
                model.route, app.name
            ))
            .hint(format!(
                "choose another: --route {}-{}",
                model.app, model.route
            )));
        }
    }
    Ok(())
}

/// The settings module that lists the apps item by item: that which `manage.py` names, or one that it takes all from.
fn settings(edits: &Edits<'_>) -> Result<String> {
    const VARIABLE: &str = "DJANGO_SETTINGS_MODULE";
    let manage = edits.text("manage.py")?.unwrap_or_default();
    let named = manage
        .split(VARIABLE)
        .nth(1)
        .and_then(|rest| rest.split(['"', '\'']).nth(2));
    let named = named.map_or_else(
        || format!("{}.settings", edits.project.module()),
        str::to_owned,
    );
    let first = path_of(edits, &named)?;
    let mut path = first.clone();
    let mut module = named;
    // A chain of modules is no longer than this.
    for _ in 0..8 {
        let Some(text) = edits.text(&path)? else {
            break;
        };
        let parsed = edits.parse(&path, &text)?;
        if parsed.has_list("INSTALLED_APPS") {
            return Ok(path);
        }
        let Some(star) = parsed.stars().next_back() else {
            break;
        };
        module = absolute(&module, &path, star);
        path = path_of(edits, &module)?;
    }
    Ok(first)
}

/// The module that `star`, in the module at `path`, means.
fn absolute(module: &str, path: &str, star: &str) -> String {
    let dots = star.bytes().take_while(|byte| *byte == b'.').count();
    if dots == 0 {
        return star.to_owned();
    }
    let mut parts: Vec<&str> = module.split('.').collect();
    let up = dots - usize::from(path.ends_with("/__init__.py"));
    parts.truncate(parts.len().saturating_sub(up));
    parts.push(&star[dots..]);
    parts.join(".")
}

fn path_of(edits: &Edits<'_>, module: &str) -> Result<String> {
    let path = module.replace('.', "/");
    let package = format!("{path}/__init__.py");
    Ok(match edits.text(&package)? {
        Some(_) => package,
        None => format!("{path}.py"),
    })
}

/// The module of the site's addresses.
fn urls(edits: &Edits<'_>, settings: &str) -> Result<String> {
    let text = edits.text(settings)?.unwrap_or_default();
    let named = edits.parse(settings, &text)?;
    let named = named.text_of("ROOT_URLCONF").map(str::to_owned);
    path_of(
        edits,
        &named.unwrap_or_else(|| format!("{}.urls", edits.project.module())),
    )
}
