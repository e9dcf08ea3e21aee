//! A Django model: what its templates know. Pure.

use heck::{ToShoutySnakeCase, ToSnakeCase, ToUpperCamelCase};
use serde::Serialize;

use crate::error::{Error, Result};
use crate::inflection;
use crate::names::python::is_keyword;
use crate::scaffold::field::{Default, Field, FieldError, Kind, OnDelete, listed};
use crate::scaffold::model::{Access, OWNER};
use crate::scaffold::python::literal::{is_text, list, quoted, sample};

/// Names of Django's own that no field may have.
const RESERVED: &[&str] = &[
    "check",
    "clean",
    "clean_fields",
    "delete",
    "full_clean",
    "id",
    "objects",
    "pk",
    "refresh_from_db",
    "save",
    "validate_constraints",
    "validate_unique",
];

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
    /// The models there are, as `app.Model`.
    pub(crate) models: &'a [String],
}

/// What the templates know.
#[derive(Debug, Serialize)]
pub(crate) struct Model {
    pub(crate) app: String,
    pub(crate) model: String,
    pub(crate) module: String,
    /// The module of its tests.
    test_module: String,
    pub(crate) route: String,
    /// Who may use it, in words.
    meaning: String,
    permission: &'static str,
    public: bool,
    owner: bool,
    /// What strangers are answered who read.
    reads: u16,
    enums: Vec<Choices>,
    fields: Vec<Column>,
    /// Python lists of names.
    all: String,
    columns: String,
    filters: Option<String>,
    search: Option<String>,
    ordering: String,
    /// What a row is shown as.
    shown: String,
    /// A field that clients have to give.
    required: Option<String>,
    /// Rows need other rows.
    referring: bool,
}

#[derive(Debug, Serialize)]
struct Choices {
    name: String,
    variants: Vec<Choice>,
}

#[derive(Debug, Serialize)]
struct Choice {
    name: String,
    value: String,
}

#[derive(Debug, Serialize)]
struct Column {
    name: String,
    /// `models.CharField(max_length=200)`
    expression: String,
    /// A value for tests; empty for what they leave out.
    sample: String,
}

impl Model {
    /// # Errors
    /// Bad input: a name that Django keeps, a type that it has not, a model that is not there.
    pub(crate) fn new(request: &Request<'_>) -> Result<Self> {
        for (field, typed) in request.fields.iter().zip(request.typed) {
            check(field, typed, request)?;
        }
        let module = request.model.to_snake_case();
        let route = request.route.map_or_else(
            || inflection::plural(&module).replace('_', "-"),
            str::to_owned,
        );
        let fields = request.fields;
        let is_owner = |field: &Field| request.access == Access::Owner && field.name == OWNER;
        let named = |wanted: &dyn Fn(&Field) -> bool| -> Vec<&str> {
            let found = fields.iter().filter(|field| wanted(field));
            found.map(|field| field.name.as_str()).collect()
        };
        let searched = named(&|field| is_text(&field.kind));
        let comparable = |field: &Field| !matches!(field.kind, Kind::Json | Kind::Many { .. });
        let with_id = |names: Vec<&str>| -> Vec<String> {
            ["id"].into_iter().chain(names).map(str::to_owned).collect()
        };
        let needs_rows = |field: &Field| {
            let refers = matches!(field.kind, Kind::Ref { .. } | Kind::One { .. });
            refers && !field.nullable && !is_owner(field)
        };
        let is_required = |field: &&Field| {
            let optional = field.nullable || field.default.is_some();
            !optional
                && !is_owner(field)
                && !matches!(field.kind, Kind::Bool | Kind::Many { .. } | Kind::Json)
        };
        let shown =
            named(&|field| matches!(field.kind, Kind::String { .. } | Kind::Slug | Kind::Email));
        let filters = named(&|field| {
            comparable(field) && !matches!(field.kind, Kind::Text) && !is_owner(field)
        });
        let (permission, reads) = permission(request.access);
        let columns: Vec<&str> = named(&|field| comparable(field) && field.kind != Kind::Text);
        let columns = columns.into_iter().take(4).collect::<Vec<_>>();
        Ok(Self {
            app: request.app.to_owned(),
            model: request.model.to_owned(),
            meaning: request.access.meaning(),
            permission,
            reads,
            public: request.access == Access::Public,
            owner: request.access == Access::Owner,
            enums: fields.iter().filter_map(choices).collect(),
            fields: fields
                .iter()
                .map(|field| column(field, fields, is_owner(field)))
                .collect(),
            all: list(&with_id(named(&|_| true)), 17),
            columns: list(&with_id(columns), 19),
            filters: (!filters.is_empty()).then(|| list(&filters, 23)),
            search: (!searched.is_empty()).then(|| list(&searched, 20)),
            ordering: list(&with_id(named(&comparable)), 22),
            shown: match shown.first() {
                Some(name)
                    if fields
                        .iter()
                        .any(|field| field.name == **name && !field.nullable) =>
                {
                    format!("self.{name}")
                }
                _ => format!("f\"{} {{self.pk}}\"", request.model),
            },
            required: fields
                .iter()
                .find(is_required)
                .map(|field| field.name.clone()),
            referring: fields.iter().any(needs_rows),
            test_module: format!("test_{module}"),
            module,
            route,
        })
    }
}

fn check(field: &Field, typed: &str, request: &Request<'_>) -> Result<()> {
    let name = &field.name;
    let at_name = || 0..name.len();
    if is_keyword(name) {
        return Err(
            FieldError::new(typed, at_name(), format!("`{name}` is a Python keyword")).into(),
        );
    }
    if RESERVED.contains(&name.as_str()) {
        let message = format!("Django's models have a `{name}` of their own");
        return Err(FieldError::new(typed, at_name(), message).into());
    }
    if field.kind == Kind::Bytes {
        let at = name.len() + 1..typed.len();
        return Err(
            FieldError::new(typed, at, "a Django model keeps bytes in files")
                .hint("write a FileField by hand, or keep text: `text`")
                .into(),
        );
    }
    let Some(target) = field.kind.target() else {
        return Ok(());
    };
    let wanted = format!("{}.{}", target.app, target.model);
    let is_itself = target.app == request.app && target.model == request.model;
    if is_itself || request.models.contains(&wanted) {
        return Ok(());
    }
    Err(Error::from(
        FieldError::new(
            typed,
            target.at.clone(),
            format!("there is no model `{wanted}`"),
        )
        .hint(match request.models.is_empty() {
            true => format!(
                "make it first: luthier startmodel {} {} …",
                target.app, target.model
            ),
            false => listed("models", &wanted, request.models),
        }),
    ))
}

fn permission(access: Access) -> (&'static str, u16) {
    match access {
        Access::Public => ("AllowAny", 200),
        Access::ReadOnly => ("IsAuthenticatedOrReadOnly", 200),
        Access::Authenticated | Access::Owner => ("IsAuthenticated", 401),
        Access::Staff => ("IsAdminUser", 401),
    }
}

fn column(field: &Field, fields: &[Field], is_owner: bool) -> Column {
    let (class, mut arguments) = class(field, fields);
    let refers = field.kind.target().is_some();
    if field.nullable {
        arguments.extend(["null=True".to_owned(), "blank=True".to_owned()]);
    }
    if field.unique && !matches!(field.kind, Kind::One { .. }) {
        arguments.push("unique=True".to_owned());
    }
    if field.index && !refers {
        arguments.push("db_index=True".to_owned());
    }
    if let Some(default) = &field.default {
        arguments.push(default_of(default, &field.kind));
    }
    let one_line = format!("models.{class}({})", arguments.join(", "));
    let expression = match field.name.len() + one_line.len() + 7 <= 100 {
        true => one_line,
        false => format!(
            "models.{class}(\n        {},\n    )",
            arguments.join(",\n        ")
        ),
    };
    let sample = match is_owner {
        true => String::new(),
        false => sample(&field.kind),
    };
    Column {
        name: field.name.clone(),
        expression,
        sample,
    }
}

/// The class of the field, and what it is told first.
fn class(field: &Field, fields: &[Field]) -> (&'static str, Vec<String>) {
    let plain = |class| (class, Vec::new());
    match &field.kind {
        Kind::String { length } => ("CharField", vec![format!("max_length={length}")]),
        Kind::Text => plain("TextField"),
        Kind::Int => plain("IntegerField"),
        Kind::BigInt => plain("BigIntegerField"),
        Kind::SmallInt => plain("SmallIntegerField"),
        Kind::Float | Kind::Double => plain("FloatField"),
        Kind::Decimal { precision, scale } => (
            "DecimalField",
            vec![
                format!("max_digits={precision}"),
                format!("decimal_places={scale}"),
            ],
        ),
        Kind::Bool => plain("BooleanField"),
        Kind::Date => plain("DateField"),
        Kind::Time => plain("TimeField"),
        Kind::DateTime => plain("DateTimeField"),
        Kind::Uuid => plain("UUIDField"),
        Kind::Json | Kind::Bytes => plain("JSONField"),
        Kind::Email => plain("EmailField"),
        Kind::Url => plain("URLField"),
        Kind::Slug => plain("SlugField"),
        Kind::Enum(variants) => {
            let longest = variants.iter().map(|variant| variant.value.len()).max();
            let longest = longest.unwrap_or_default().max(20);
            let name = field.name.to_upper_camel_case();
            (
                "CharField",
                vec![format!("max_length={longest}"), format!("choices={name}")],
            )
        }
        Kind::Ref { target, on_delete } | Kind::One { target, on_delete } => {
            let mut arguments = vec![format!("\"{}.{}\"", target.app, target.model)];
            arguments.push(format!("on_delete=models.{}", deletion(*on_delete)));
            arguments.extend(related_name(field, fields));
            match field.kind {
                Kind::One { .. } => ("OneToOneField", arguments),
                _ => ("ForeignKey", arguments),
            }
        }
        Kind::Many { target } => {
            let mut arguments = vec![format!("\"{}.{}\"", target.app, target.model)];
            arguments.push("blank=True".to_owned());
            arguments.extend(related_name(field, fields));
            ("ManyToManyField", arguments)
        }
    }
}

fn deletion(on_delete: OnDelete) -> &'static str {
    match on_delete {
        OnDelete::Restrict => "PROTECT",
        OnDelete::Cascade => "CASCADE",
        OnDelete::SetNull => "SET_NULL",
    }
}

/// Two fields that refer to one model need names for the way back.
fn related_name(field: &Field, fields: &[Field]) -> Option<String> {
    let target = field.kind.target()?;
    let same = fields.iter().filter_map(|field| field.kind.target());
    let count = same
        .filter(|other| other.app == target.app && other.model == target.model)
        .count();
    (count > 1).then(|| format!("related_name=\"%(class)s_{}_set\"", field.name))
}

fn default_of(default: &Default, kind: &Kind) -> String {
    let value = match (default, kind) {
        (Default::Now, _) => return "auto_now_add=True".to_owned(),
        (Default::Text(text), Kind::Enum(_) | Kind::String { .. }) => quoted(text),
        (Default::Text(text), _) => quoted(text),
        (Default::Number(number), Kind::Decimal { .. }) => quoted(number),
        (Default::Number(number), _) => number.clone(),
        (Default::Bool(true), _) => "True".to_owned(),
        (Default::Bool(false), _) => "False".to_owned(),
    };
    format!("default={value}")
}

fn choices(field: &Field) -> Option<Choices> {
    let Kind::Enum(variants) = &field.kind else {
        return None;
    };
    let choice = |value: &str| {
        let name = value.to_shouty_snake_case();
        let digit = name.starts_with(|c: char| c.is_ascii_digit());
        Choice {
            name: if digit || name.is_empty() {
                format!("_{name}")
            } else {
                name
            },
            value: value.to_owned(),
        }
    };
    Some(Choices {
        name: field.name.to_upper_camel_case(),
        variants: variants
            .iter()
            .map(|variant| choice(&variant.value))
            .collect(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scaffold::field;

    fn fields(typed: &[&str], models: &[&str]) -> Result<Vec<String>> {
        let typed: Vec<String> = typed.iter().map(|field| (*field).to_owned()).collect();
        let fields = field::parse_all(&typed)?;
        let models: Vec<String> = models.iter().map(|model| (*model).to_owned()).collect();
        let model = Model::new(&Request {
            app: "books",
            model: "Book",
            fields: &fields,
            typed: &typed,
            route: None,
            access: Access::ReadOnly,
            models: &models,
        })?;
        let lines = model.fields.into_iter();
        Ok(lines
            .map(|column| format!("{} = {}", column.name, column.expression))
            .collect())
    }

    #[test]
    fn every_type_has_a_field() {
        let typed = [
            "title:string(200)",
            "isbn:string(20):unique",
            "summary:text?",
            "pages:int:index",
            "size:bigint=1",
            "rank:smallint",
            "ratio:double",
            "price:decimal(10,2)=9.90",
            "sold:bool=false",
            "out:date",
            "at:time",
            "made:datetime=now",
            "key:uuid",
            "more:json",
            "mail:email",
            "site:url",
            "slug:slug:unique",
            "status:enum(draft,sold-out)=draft",
            "author:ref(books.Author,on_delete=cascade)",
            "editor:ref(books.Author,on_delete=set_null)?",
            "cover:one(books.Cover)",
            "tags:many(books.Tag)",
        ];
        let lines = fields(&typed, &["books.Author", "books.Cover", "books.Tag"]).unwrap();
        insta::assert_snapshot!(lines.join("\n"), @r#"
        title = models.CharField(max_length=200)
        isbn = models.CharField(max_length=20, unique=True)
        summary = models.TextField(null=True, blank=True)
        pages = models.IntegerField(db_index=True)
        size = models.BigIntegerField(default=1)
        rank = models.SmallIntegerField()
        ratio = models.FloatField()
        price = models.DecimalField(max_digits=10, decimal_places=2, default="9.90")
        sold = models.BooleanField(default=False)
        out = models.DateField()
        at = models.TimeField()
        made = models.DateTimeField(auto_now_add=True)
        key = models.UUIDField()
        more = models.JSONField()
        mail = models.EmailField()
        site = models.URLField()
        slug = models.SlugField(unique=True)
        status = models.CharField(max_length=20, choices=Status, default="draft")
        author = models.ForeignKey(
                "books.Author",
                on_delete=models.CASCADE,
                related_name="%(class)s_author_set",
            )
        editor = models.ForeignKey(
                "books.Author",
                on_delete=models.SET_NULL,
                related_name="%(class)s_editor_set",
                null=True,
                blank=True,
            )
        cover = models.OneToOneField("books.Cover", on_delete=models.PROTECT)
        tags = models.ManyToManyField("books.Tag", blank=True)
        "#);
    }

    #[test]
    fn what_django_does_not_have_is_refused() {
        for (typed, expected) in [
            ("save:int", "Django's models have a `save` of their own"),
            ("lambda:int", "is a Python keyword"),
            ("data:bytes", "a Django model keeps bytes in files"),
            (
                "author:ref(books.Author)",
                "there is no model `books.Author`",
            ),
        ] {
            let error = fields(&[typed], &[]).unwrap_err();
            assert!(error.to_string().contains(expected), "{typed}: {error}");
        }
        assert!(fields(&["parent:ref(books.Book)?"], &[]).is_ok());
    }
}
