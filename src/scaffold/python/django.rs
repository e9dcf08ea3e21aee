//! A Django model: what its templates know. Pure.

use heck::{ToShoutySnakeCase, ToUpperCamelCase};
use serde::Serialize;

use super::literal::{list, quoted, sample, value};
use super::model::{Before, Common, Framework, Request, is_comparable};
use crate::error::Result;
use crate::scaffold::field::{Default, Field, Kind, OnDelete};
use crate::scaffold::model::{Access, OWNER};

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

/// What the templates know.
#[derive(Debug, Serialize)]
pub(crate) struct Model {
    #[serde(flatten)]
    pub(crate) common: Common,
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
    /// What a row is shown as.
    shown: String,
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

/// Django, where rows may be their owner's.
struct Django {
    has_owner: bool,
}

impl Django {
    fn is_owner(&self, field: &Field) -> bool {
        self.has_owner && field.name == OWNER
    }
}

impl Framework for Django {
    const BEFORE: Before = Before {
        filters: 23,
        search: 20,
        ordering: 22,
    };

    fn reserved(&self, name: &str) -> Option<String> {
        let is_taken = RESERVED.contains(&name);
        is_taken.then(|| format!("Django's models have a `{name}` of their own"))
    }

    fn lacks(&self, kind: &Kind) -> Option<(&'static str, &'static str)> {
        (*kind == Kind::Bytes).then_some((
            "a Django model keeps bytes in files",
            "write a FileField by hand, or keep text: `text`",
        ))
    }

    fn name(&self, field: &Field) -> String {
        field.name.clone()
    }

    fn is_sent(&self, field: &Field) -> bool {
        !self.is_owner(field)
    }

    fn is_required(&self, field: &Field) -> bool {
        let optional = field.nullable || field.default.is_some();
        let may_be_empty = matches!(field.kind, Kind::Bool | Kind::Many { .. } | Kind::Json);
        !optional && !may_be_empty && self.is_sent(field)
    }

    fn filters(&self, field: &Field) -> bool {
        is_comparable(field) && field.kind != Kind::Text && self.is_sent(field)
    }
}

impl Model {
    /// # Errors
    /// Bad input: a name that Django keeps, a type that it has not, a model that is not there.
    pub(crate) fn new(request: &Request<'_>) -> Result<Self> {
        let fields = request.fields;
        let django = Django {
            has_owner: request.access == Access::Owner,
        };
        let common = Common::new(&django, request)?;
        let named = |wanted: &dyn Fn(&Field) -> bool| -> Vec<&str> {
            let found = fields.iter().filter(|field| wanted(field));
            found.map(|field| field.name.as_str()).collect()
        };
        let mut columns = named(&|field| is_comparable(field) && field.kind != Kind::Text);
        columns.truncate(4);
        let (permission, reads) = permission(request.access);
        Ok(Self {
            common,
            permission,
            reads,
            public: request.access == Access::Public,
            owner: django.has_owner,
            enums: fields.iter().filter_map(choices).collect(),
            fields: fields
                .iter()
                .map(|field| column(field, fields, django.is_owner(field)))
                .collect(),
            all: list(&with_id(named(&|_| true)), 17),
            columns: list(&with_id(columns), 19),
            shown: shown(request),
        })
    }
}

fn with_id(mut names: Vec<&str>) -> Vec<&str> {
    names.insert(0, "id");
    names
}

/// What stands for a row where there is room for a word.
fn shown(request: &Request<'_>) -> String {
    let is_short =
        |field: &&Field| matches!(field.kind, Kind::String { .. } | Kind::Slug | Kind::Email);
    match request.fields.iter().find(is_short) {
        Some(field) if !field.nullable => format!("self.{}", field.name),
        _ => format!("f\"{} {{self.pk}}\"", request.model),
    }
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
    match (default, kind) {
        (Default::Now, _) => "auto_now_add=True".to_owned(),
        (Default::Number(number), Kind::Decimal { .. }) => format!("default={}", quoted(number)),
        (other, _) => format!("default={}", value(other)),
    }
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
    use super::super::model::testing::{EVERY_TYPE, assert_refused, made};
    use super::*;

    #[test]
    fn every_type_has_a_field() {
        let typed = [&EVERY_TYPE[..], &["tags:many(books.Tag)"]].concat();
        let models = ["books.Author", "books.Cover", "books.Tag"];
        let model = made(Model::new, &typed, &models).unwrap();
        let lines = model.fields.into_iter();
        let lines = lines.map(|column| format!("{} = {}", column.name, column.expression));
        insta::assert_snapshot!(lines.collect::<Vec<_>>().join("\n"), @r#"
        title = models.CharField(max_length=200)
        isbn = models.CharField(max_length=20, unique=True)
        summary = models.TextField(null=True, blank=True)
        pages = models.IntegerField(db_index=True)
        size = models.BigIntegerField(default=1)
        rank = models.SmallIntegerField()
        weight = models.FloatField()
        ratio = models.FloatField()
        price = models.DecimalField(max_digits=10, decimal_places=2, default="9.90")
        sold = models.BooleanField(default=False)
        out = models.DateField()
        at = models.TimeField()
        made = models.DateTimeField(auto_now_add=True)
        read = models.DateTimeField(null=True, blank=True)
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
        assert_refused(
            Model::new,
            &[
                ("save:int", "Django's models have a `save` of their own"),
                ("data:bytes", "a Django model keeps bytes in files"),
            ],
        );
    }
}
