//! A new model of a project in Python: what it was asked for, and what the templates of every framework know. Pure.

use heck::ToSnakeCase;
use serde::Serialize;

use super::literal::{is_text, list};
use crate::error::{Error, Result};
use crate::inflection;
use crate::names::python::is_keyword;
use crate::scaffold::field::{Field, FieldError, FieldType, LIST_PARAMETERS, listed};
use crate::scaffold::model::Access;

/// What was asked for.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Request<'a> {
    pub(crate) app: &'a str,
    pub(crate) model: &'a str,
    pub(crate) fields: &'a [Field],
    /// As typed, for errors; as many.
    pub(crate) typed: &'a [String],
    pub(crate) route: Option<&'a str>,
    pub(crate) access: Access,
    /// The models there are.
    pub(crate) models: &'a [Known],
}

/// A model of the project.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Known {
    pub(crate) app: String,
    pub(crate) model: String,
    /// What its class assigns to.
    pub(crate) attributes: Vec<String>,
}

impl Known {
    /// `app.Model`.
    fn path(&self) -> String {
        format!("{}.{}", self.app, self.model)
    }
}

/// What differs from framework to framework.
pub(super) trait Framework {
    /// How many characters stand before a list in the templates: of filters, of what is searched, of orderings.
    const BEFORE: Before;
    /// Why no field may be called so, if none may.
    fn reserved(&self, field: &Field) -> Option<String>;
    /// Why there is no such type, and what to do instead.
    fn lacks(&self, kind: &FieldType) -> Option<(&'static str, &'static str)>;
    /// What the API calls a field.
    fn name(&self, field: &Field) -> String;
    /// Whether clients may send it.
    fn is_sent(&self, field: &Field) -> bool;
    /// Whether clients have to send it.
    fn is_required(&self, field: &Field) -> bool;
    /// Whether lists can be filtered by it.
    fn filters(&self, field: &Field) -> bool;
}

/// Widths of a template.
#[derive(Clone, Copy, Debug)]
pub(super) struct Before {
    pub(super) filters: usize,
    pub(super) search: usize,
    pub(super) ordering: usize,
}

/// What the templates of every framework know.
#[derive(Debug, Serialize)]
pub(crate) struct Common {
    app: String,
    model: String,
    module: String,
    /// The module of its tests.
    test_module: String,
    pub(crate) route: String,
    /// Who may use it, in words.
    meaning: String,
    /// Python lists of names.
    filters: Option<String>,
    search: Option<String>,
    ordering: String,
    /// A field that clients have to give.
    required: Option<String>,
    /// Rows need other rows.
    referring: bool,
}

impl Common {
    /// # Errors
    /// Bad input: a name that is in use, a type that the framework has not, a model that is not there.
    pub(super) fn new<F: Framework>(framework: &F, request: &Request<'_>) -> Result<Self> {
        for (field, typed) in request.fields.iter().zip(request.typed) {
            check(framework, field, typed, request)?;
        }
        let module = request.model.to_snake_case();
        let names = |wanted: &dyn Fn(&Field) -> bool| -> Vec<String> {
            let found = request.fields.iter().filter(|field| wanted(field));
            found.map(|field| framework.name(field)).collect()
        };
        let optional =
            |names: Vec<String>, before| (!names.is_empty()).then(|| list(&names, before));
        let searched = names(&|field| is_text(&field.kind));
        // Lists have parameters of their own by some names.
        let filters =
            names(&|field| framework.filters(field) && !LIST_PARAMETERS.contains(&&*field.name));
        let mut ordering = vec!["id".to_owned()];
        ordering.extend(names(&is_comparable));
        let required = request.fields.iter();
        let required = required.clone().find(|field| framework.is_required(field));
        let needs_row = |field: &Field| {
            let refers = matches!(field.kind, FieldType::Ref { .. } | FieldType::One { .. });
            refers && !field.nullable && framework.is_sent(field)
        };
        Ok(Self {
            app: request.app.to_owned(),
            model: request.model.to_owned(),
            test_module: format!("test_{module}"),
            route: request.route.map_or_else(
                || inflection::plural(&module).replace('_', "-"),
                str::to_owned,
            ),
            module,
            meaning: request.access.meaning(),
            filters: optional(filters, F::BEFORE.filters),
            search: optional(searched, F::BEFORE.search),
            ordering: list(&ordering, F::BEFORE.ordering),
            required: required.map(|field| framework.name(field)),
            referring: request.fields.iter().any(needs_row),
        })
    }
}

/// Whether a database can compare its values.
pub(super) fn is_comparable(field: &Field) -> bool {
    !matches!(field.kind, FieldType::Json | FieldType::Many { .. })
}

fn check(
    framework: &impl Framework,
    field: &Field,
    typed: &str,
    request: &Request<'_>,
) -> Result<()> {
    let name = &field.name;
    let reserved = match is_keyword(name) {
        true => Some(format!("`{name}` is a Python keyword")),
        false => framework.reserved(field),
    };
    if let Some(reason) = reserved {
        return Err(FieldError::new(typed, 0..name.len(), reason).into());
    }
    if let Some((reason, hint)) = framework.lacks(&field.kind) {
        let kind = name.len() + 1..typed.len();
        return Err(FieldError::new(typed, kind, reason).hint(hint).into());
    }
    let Some(target) = field.kind.target() else {
        return Ok(());
    };
    let wanted = format!("{}.{}", target.app, target.model);
    let is_itself = target.app == request.app && target.model == request.model;
    let models: Vec<String> = request.models.iter().map(Known::path).collect();
    if is_itself || models.contains(&wanted) {
        return Ok(());
    }
    let hint = match models.is_empty() {
        true => format!(
            "make it first: luthier startmodel {} {} …",
            target.app, target.model
        ),
        false => listed("models", &wanted, &models),
    };
    let message = format!("there is no model `{wanted}`");
    Err(Error::from(
        FieldError::new(typed, target.at.clone(), message).hint(hint),
    ))
}

/// What the tests of every framework share.
#[cfg(test)]
pub(super) mod testing {
    use super::{Known, Request};
    use crate::error::Result;
    use crate::scaffold::field;
    use crate::scaffold::model::Access;

    /// A field of every type that all frameworks have.
    pub(in crate::scaffold::python) const EVERY_TYPE: [&str; 23] = [
        "title:string(200)",
        "isbn:string(20):unique",
        "summary:text?",
        "pages:int:index",
        "size:bigint=1",
        "rank:smallint",
        "weight:float",
        "ratio:double",
        "price:decimal(10,2)=9.90",
        "sold:bool=false",
        "out:date",
        "at:time",
        "made:datetime=now",
        "read:datetime?",
        "key:uuid",
        "more:json",
        "mail:email",
        "site:url",
        "slug:slug:unique",
        "status:enum(draft,sold-out)=draft",
        "author:ref(books.Author,on_delete=cascade)",
        "editor:ref(books.Author,on_delete=set_null)?",
        "cover:one(books.Cover)",
    ];

    /// What `new` makes of a model `books.Book` with fields as typed, beside `models`.
    pub(in crate::scaffold::python) fn made<T>(
        new: fn(&Request<'_>) -> Result<T>,
        typed: &[&str],
        models: &[&str],
    ) -> Result<T> {
        let owned = |texts: &[&str]| -> Vec<String> {
            texts.iter().map(|text| (*text).to_owned()).collect()
        };
        let typed = owned(typed);
        let known = |path: &&str| {
            // `books.Author` or `books.Author name city`.
            let mut words = path.split(' ');
            let (app, model) = words.next().and_then(|path| path.split_once('.')).unwrap();
            Known {
                app: app.to_owned(),
                model: model.to_owned(),
                attributes: words.map(str::to_owned).collect(),
            }
        };
        let models: Vec<Known> = models.iter().map(known).collect();
        new(&Request {
            app: "books",
            model: "Book",
            fields: &field::parse_all(&typed)?,
            typed: &typed,
            route: None,
            access: Access::Public,
            models: &models,
        })
    }

    /// Checks what every framework refuses, and `more` of its own, each with what is said.
    pub(in crate::scaffold::python) fn assert_refused<T: std::fmt::Debug>(
        new: fn(&Request<'_>) -> Result<T>,
        more: &[(&str, &str)],
    ) {
        let all = [
            ("lambda:int", "is a Python keyword"),
            (
                "author:ref(books.Author)",
                "there is no model `books.Author`",
            ),
        ];
        for (typed, expected) in all.iter().chain(more) {
            let error = made(new, &[typed], &[]).unwrap_err();
            assert!(error.to_string().contains(expected), "{typed}: {error}");
        }
        assert!(made(new, &["parent:ref(books.Book)?"], &[]).is_ok());
    }
}
