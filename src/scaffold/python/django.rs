//! A Django model: what its templates know. Pure.

use heck::{ToShoutySnakeCase, ToUpperCamelCase};
use serde::Serialize;

use super::literal::{list, quoted, sample, value};
use super::model::{Before, Common, Framework, Known, Request, is_comparable};
use crate::error::Result;
use crate::scaffold::field::{Default, Field, FieldType, OnDelete};
use crate::scaffold::model::{ACCOUNTS, Access, OWNER};

/// Names of Django's own that no field may have.
const RESERVED: &[&str] = &[
    "adelete",
    "arefresh_from_db",
    "asave",
    "check",
    "clean",
    "clean_fields",
    "date_error_message",
    "delete",
    "from_db",
    "full_clean",
    "get_constraints",
    "get_deferred_fields",
    "id",
    "objects",
    "pk",
    "prepare_database_save",
    "refresh_from_db",
    "save",
    "save_base",
    "serializable_value",
    "unique_error_message",
    "validate_constraints",
    "validate_unique",
];

/// What Django's users have; the class of the pack's users has no fields of its own.
const OF_USERS: &[&str] = &[
    "auth_token",
    "date_joined",
    "email",
    "first_name",
    "groups",
    "is_active",
    "is_staff",
    "is_superuser",
    "last_login",
    "last_name",
    "logentry",
    "logentry_set",
    "password",
    "user_permissions",
    "username",
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
    /// The name of its schema in the API's document, where another app has a model of this name.
    component: Option<String>,
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

    fn reserved(&self, field: &Field) -> Option<String> {
        let name = field.name.as_str();
        if RESERVED.contains(&name) {
            return Some(format!("Django's models have a `{name}` of their own"));
        }
        // In the class of the model, they would hide the module, and the class with its options.
        let hides = name == "models" || name == "meta" && matches!(field.kind, FieldType::Enum(_));
        hides.then(|| format!("the class of the model uses `{name}` for something else"))
    }

    fn lacks(&self, kind: &FieldType) -> Option<(&'static str, &'static str)> {
        (*kind == FieldType::Bytes).then_some((
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
        let may_be_empty = matches!(
            field.kind,
            FieldType::Bool | FieldType::Many { .. } | FieldType::Json
        );
        !optional && !may_be_empty && self.is_sent(field)
    }

    fn filters(&self, field: &Field) -> bool {
        is_comparable(field) && field.kind != FieldType::Text && self.is_sent(field)
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
        let mut columns = named(&|field| is_comparable(field) && field.kind != FieldType::Text);
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
                .map(|field| column(field, request, django.is_owner(field)))
                .collect(),
            all: list(&with_id(named(&|_| true)), 17),
            columns: list(&with_id(columns), 19),
            shown: shown(request),
            component: has_twin(request)
                .then(|| format!("{}{}", request.app.to_upper_camel_case(), request.model)),
        })
    }
}

fn with_id(mut names: Vec<&str>) -> Vec<&str> {
    names.insert(0, "id");
    names
}

/// What stands for a row where there is room for a word.
fn shown(request: &Request<'_>) -> String {
    let is_short = |field: &&Field| {
        matches!(
            field.kind,
            FieldType::String { .. } | FieldType::Slug | FieldType::Email
        )
    };
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

fn column(field: &Field, request: &Request<'_>, is_owner: bool) -> Column {
    let (class, mut arguments) = class(field, request);
    let refers = field.kind.target().is_some();
    if field.nullable {
        arguments.extend(["null=True".to_owned(), "blank=True".to_owned()]);
    }
    if field.unique && !matches!(field.kind, FieldType::One { .. }) {
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
fn class(field: &Field, request: &Request<'_>) -> (&'static str, Vec<String>) {
    let plain = |class| (class, Vec::new());
    match &field.kind {
        FieldType::String { length } => ("CharField", vec![format!("max_length={length}")]),
        FieldType::Text => plain("TextField"),
        FieldType::Int => plain("IntegerField"),
        FieldType::BigInt => plain("BigIntegerField"),
        FieldType::SmallInt => plain("SmallIntegerField"),
        FieldType::Float | FieldType::Double => plain("FloatField"),
        FieldType::Decimal { precision, scale } => (
            "DecimalField",
            vec![
                format!("max_digits={precision}"),
                format!("decimal_places={scale}"),
            ],
        ),
        FieldType::Bool => plain("BooleanField"),
        FieldType::Date => plain("DateField"),
        FieldType::Time => plain("TimeField"),
        FieldType::DateTime => plain("DateTimeField"),
        FieldType::Uuid => plain("UUIDField"),
        FieldType::Json | FieldType::Bytes => plain("JSONField"),
        FieldType::Email => plain("EmailField"),
        FieldType::Url => plain("URLField"),
        FieldType::Slug => plain("SlugField"),
        FieldType::Enum(variants) => {
            let longest = variants.iter().map(|variant| variant.value.len()).max();
            let longest = longest.unwrap_or_default().max(20);
            let name = field.name.to_upper_camel_case();
            (
                "CharField",
                vec![format!("max_length={longest}"), format!("choices={name}")],
            )
        }
        FieldType::Ref { target, on_delete } | FieldType::One { target, on_delete } => {
            let mut arguments = vec![format!("\"{}.{}\"", target.app, target.model)];
            arguments.push(format!("on_delete=models.{}", deletion(*on_delete)));
            arguments.extend(related_name(field, request));
            match field.kind {
                FieldType::One { .. } => ("OneToOneField", arguments),
                _ => ("ForeignKey", arguments),
            }
        }
        FieldType::Many { target } => {
            let mut arguments = vec![format!("\"{}.{}\"", target.app, target.model)];
            arguments.push("blank=True".to_owned());
            arguments.extend(related_name(field, request));
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

/// Another app has a model of the same name.
fn has_twin(request: &Request<'_>) -> bool {
    let is_twin = |known: &Known| known.app != request.app && known.model == request.model;
    request.models.iter().any(is_twin)
}

/// The name of the way back, where Django's own would be there already: two fields, or two models of one name, refer to
/// one model; or that has a field of the name.
fn related_name(field: &Field, request: &Request<'_>) -> Option<String> {
    let target = field.kind.target()?;
    let same = request
        .fields
        .iter()
        .filter_map(|field| field.kind.target());
    let count = same
        .filter(|other| other.app == target.app && other.model == target.model)
        .count();
    let known = request
        .models
        .iter()
        .filter(|known| known.app == target.app && known.model == target.model);
    let is_itself = target.app == request.app && target.model == request.model;
    let own = request.fields.iter().filter(|_| is_itself);
    let is_users = target.app == ACCOUNTS && target.model == "User";
    let mut there = known
        .flat_map(|known| known.attributes.iter().map(String::as_str))
        .chain(own.map(|field| field.name.as_str()))
        .chain(OF_USERS.iter().copied().filter(|_| is_users));
    let model = request.model.to_lowercase();
    let is_taken = there.any(|name| name.strip_suffix("_set").unwrap_or(name) == model);
    let app = if has_twin(request) {
        "%(app_label)s_"
    } else {
        ""
    };
    if count > 1 || is_taken {
        Some(format!(
            "related_name=\"{app}%(class)s_{}_set\"",
            field.name
        ))
    } else {
        (!app.is_empty()).then(|| format!("related_name=\"{app}%(class)s_set\""))
    }
}

fn default_of(default: &Default, kind: &FieldType) -> String {
    match (default, kind) {
        (Default::Now, _) => "auto_now_add=True".to_owned(),
        (Default::Number(number), FieldType::Decimal { .. }) => {
            format!("default={}", quoted(number))
        }
        (other, _) => format!("default={}", value(other)),
    }
}

fn choices(field: &Field) -> Option<Choices> {
    let FieldType::Enum(variants) = &field.kind else {
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
mod tests;
