//! The column type of a field's Rust type.

use std::collections::HashMap;

use syn::{GenericArgument, Item, PathArguments, Type, TypePath};

use crate::schema::{ColumnType, EnumType, Length};

use super::implementations;
use super::index::{Index, ModuleId, plain};
use super::resolve::Resolution;
use super::source::{Diagnostic, SourceLocation};
use super::values::{self, Value};

/// A column type, and the enum it brings along.
#[derive(Clone, Debug)]
pub(super) struct Known {
    pub(super) kind: ColumnType,
    pub(super) enum_type: Option<EnumType>,
}

impl From<ColumnType> for Known {
    fn from(kind: ColumnType) -> Self {
        Self {
            kind,
            enum_type: None,
        }
    }
}

/// The column type of a field of type `ty` written in `module`, as SeaORM's `ValueType` gives it.
pub(super) fn of_rust(index: &Index, module: ModuleId, ty: &Type) -> Result<Known, Diagnostic> {
    Typed {
        index,
        module,
        bindings: &Bindings::new(),
        depth: 0,
    }
    .read(ty)
}

/// What the parameters of a generic type stand for: a type, and the module that it is written in.
pub(super) type Bindings = HashMap<String, (ModuleId, Type)>;

/// Reads types that are written in one module.
pub(super) struct Typed<'i> {
    pub(super) index: &'i Index<'i>,
    pub(super) module: ModuleId,
    pub(super) bindings: &'i Bindings,
    /// Types may be defined by each other for ever.
    pub(super) depth: u8,
}

impl Typed<'_> {
    pub(super) fn read(&self, ty: &Type) -> Result<Known, Diagnostic> {
        let path = match ty {
            Type::Path(TypePath {
                qself: None, path, ..
            }) if self.depth < 16 => path,
            Type::Group(group) => return self.read(&group.elem),
            Type::Paren(paren) => return self.read(&paren.elem),
            other => return Err(self.unknown(other, None)),
        };
        if let Some(name) = path.get_ident()
            && let Some((module, ty)) = self.bindings.get(&plain(name))
        {
            return self.at(*module, &Bindings::new()).read(ty);
        }
        if let Some(said) = self.index.said(path) {
            return said;
        }
        match self.index.resolve(self.module, path)? {
            Some(Resolution::Type(at, item)) => self.own(ty, path, at, item),
            Some(Resolution::External(names)) => self.external(ty, path, &names),
            _ => Err(self.unknown(ty, None)),
        }
    }

    fn at<'b>(&'b self, module: ModuleId, bindings: &'b Bindings) -> Typed<'b> {
        Typed {
            index: self.index,
            module,
            bindings,
            depth: self.depth + 1,
        }
    }

    /// A type of the workspace.
    fn own(
        &self,
        ty: &Type,
        path: &syn::Path,
        at: ModuleId,
        item: usize,
    ) -> Result<Known, Diagnostic> {
        let content = self.index.content(at)?;
        let item = &content.items[item];
        let bindings = self.bind(generics(item), path);
        let inside = self.at(at, &bindings);
        if let Item::Type(alias) = item {
            return inside.read(&alias.ty);
        }
        match values::read(self.index, at, item)? {
            Value::Known(known) => Ok(known),
            Value::Wraps(inner) => inside.read(&inner),
            Value::Opaque => match implementations::read(&inside, at, item)? {
                Some(known) => Ok(known),
                None => Err(self.unknown(ty, inside.wrapped(item))),
            },
        }
    }

    /// What the parameters of an item stand for where `path` names it.
    fn bind(&self, generics: Option<&syn::Generics>, path: &syn::Path) -> Bindings {
        let arguments = path.segments.last().map(|segment| &segment.arguments);
        let (Some(generics), Some(PathArguments::AngleBracketed(arguments))) =
            (generics, arguments)
        else {
            return Bindings::new();
        };
        let types = arguments.args.iter().filter_map(|argument| match argument {
            GenericArgument::Type(ty) => Some(ty),
            _ => None,
        });
        let names = generics
            .type_params()
            .map(|parameter| plain(&parameter.ident));
        let bound = types.map(|ty| match ty {
            Type::Path(path) => match path.path.get_ident().map(plain) {
                Some(name) if self.bindings.contains_key(&name) => self.bindings[&name].clone(),
                _ => (self.module, ty.clone()),
            },
            ty => (self.module, ty.clone()),
        });
        names.zip(bound).collect()
    }

    fn external(&self, ty: &Type, path: &syn::Path, names: &[String]) -> Result<Known, Diagnostic> {
        let segment = path.segments.last();
        if names.last().is_some_and(|name| name == "Vec")
            && let Some(element) = segment.and_then(|s| first_argument(&s.arguments))
        {
            if compact(element) == "u8" {
                return Ok(ColumnType::VarBinary(Length::None).into());
            }
            let element = self.read(element)?;
            return Ok(Known {
                kind: ColumnType::Array(Box::new(element.kind)),
                enum_type: element.enum_type,
            });
        }
        external(names)
            .map(Known::from)
            .ok_or_else(|| self.unknown(ty, None))
    }

    /// The column type of the only field of a newtype: what it most likely is in the database.
    fn wrapped(&self, item: &Item) -> Option<ColumnType> {
        let Item::Struct(item) = item else {
            return None;
        };
        let mut fields = item.fields.iter();
        let first = fields.next()?;
        let phantom = |field: &syn::Field| compact(&field.ty).contains("PhantomData");
        if !fields.all(phantom) {
            return None;
        }
        self.read(&first.ty).ok().map(|known| known.kind)
    }

    /// The error for a type that no syntax tells, and the line that settles it.
    fn unknown(&self, ty: &Type, likely: Option<ColumnType>) -> Diagnostic {
        let name = compact(ty);
        let key = match ty {
            Type::Path(path) => path.path.segments.last().map(|last| plain(&last.ident)),
            _ => None,
        };
        let place = SourceLocation::new(
            self.index.source(self.module),
            syn::spanned::Spanned::span(ty),
        );
        let message = format!("cannot tell which column type `{name}` is");
        let Some(key) = key else {
            return place.with(
                message,
                "add `#[sea_orm(column_type = \"…\")]` to the field",
            );
        };
        let (likely, example) = match likely {
            Some(kind) => (super::write::column_type(&kind), ""),
            None => (
                "Text".into(),
                ", with the type of the column instead of `Text`",
            ),
        };
        let help = format!(
            "add the line `{key} = {}` to luthier.toml, under `[types]`{example}; or \
             `column_type = \"…\"` to the `#[sea_orm(…)]` of the field",
            toml_edit::Value::from(likely)
        );
        place.with(message, help)
    }
}

/// The parameters of a type.
fn generics(item: &Item) -> Option<&syn::Generics> {
    match item {
        Item::Struct(item) => Some(&item.generics),
        Item::Enum(item) => Some(&item.generics),
        Item::Type(item) => Some(&item.generics),
        _ => None,
    }
}

/// The first generic argument that is a type.
pub(super) fn first_argument(arguments: &PathArguments) -> Option<&Type> {
    let PathArguments::AngleBracketed(arguments) = arguments else {
        return None;
    };
    arguments.args.iter().find_map(|argument| match argument {
        GenericArgument::Type(ty) => Some(ty),
        _ => None,
    })
}

/// The text of a type without white space, which is what SeaORM's macros look at.
pub(super) fn compact(ty: &Type) -> String {
    quote::quote!(#ty).to_string().split_whitespace().collect()
}

/// The column type of a type outside of the workspace, by its full path.
fn external(path: &[String]) -> Option<ColumnType> {
    let names: Vec<&str> = path.iter().map(String::as_str).collect();
    let (home, name) = match names.as_slice() {
        [name] => ("", *name),
        [within @ .., name] => (home_of(within), *name),
        [] => return None,
    };
    let kind = match (home, name) {
        ("", "bool") => ColumnType::Boolean,
        ("", "i8") => ColumnType::TinyInteger,
        ("", "i16") => ColumnType::SmallInteger,
        ("", "i32") => ColumnType::Integer,
        ("", "i64") => ColumnType::BigInteger,
        ("", "u8") => ColumnType::TinyUnsigned,
        ("", "u16") => ColumnType::SmallUnsigned,
        ("", "u32") => ColumnType::Unsigned,
        ("", "u64") => ColumnType::BigUnsigned,
        ("", "f32") => ColumnType::Float,
        ("", "f64") => ColumnType::Double,
        ("", "char") => ColumnType::Char(None),
        ("" | "std" | "alloc", "String") => ColumnType::String(Length::None),
        ("std" | "alloc", "Cow") => ColumnType::String(Length::None),
        ("sea_orm" | "sea_query", name) => return of_sea_orm(name),
        ("chrono", "NaiveDate") | ("time" | "jiff", "Date") => ColumnType::Date,
        ("chrono", "NaiveTime") | ("time" | "jiff", "Time") => ColumnType::Time,
        ("chrono", "NaiveDateTime") | ("time", "PrimitiveDateTime") => ColumnType::DateTime,
        ("jiff", "DateTime") => ColumnType::Timestamp,
        ("chrono", "DateTime") | ("time", "OffsetDateTime") | ("jiff", "Timestamp") => {
            ColumnType::TimestampWithTimeZone
        }
        ("uuid", "Uuid") => ColumnType::Uuid,
        ("rust_decimal", "Decimal") | ("bigdecimal", "BigDecimal") => ColumnType::Decimal(None),
        ("serde_json", "Value") => ColumnType::Json,
        ("ipnetwork", "IpNetwork") => ColumnType::Inet,
        ("mac_address", "MacAddress") => ColumnType::MacAddr,
        ("pgvector", "Vector") => ColumnType::Vector(None),
        _ => return None,
    };
    Some(kind)
}

/// The crate that a type is from. Crates bring each other in: `sea_orm_migration::sea_orm::entity::prelude`, and a framework
/// its own, as `framework::chrono`.
fn home_of<'a>(within: &[&'a str]) -> &'a str {
    const CRATES: [&str; 8] = [
        "sea_query",
        "chrono",
        "uuid",
        "rust_decimal",
        "bigdecimal",
        "serde_json",
        "ipnetwork",
        "pgvector",
    ];
    let is_sea_orm = |name: &str| name.starts_with("sea_orm") || name == "loco_rs";
    let mut names = within.iter().rev();
    match names.find(|name| is_sea_orm(name) || CRATES.contains(name)) {
        Some(name) if is_sea_orm(name) => "sea_orm",
        Some(name) => name,
        None => within[0],
    }
}

/// What `sea_orm::entity::prelude` and its like call their types.
fn of_sea_orm(name: &str) -> Option<ColumnType> {
    Some(match name {
        "Date" | "ChronoDate" | "TimeDate" | "NaiveDate" => ColumnType::Date,
        "Time" | "ChronoTime" | "TimeTime" | "NaiveTime" => ColumnType::Time,
        "DateTime" | "ChronoDateTime" | "TimeDateTime" | "NaiveDateTime" => ColumnType::DateTime,
        "DateTimeWithTimeZone"
        | "DateTimeUtc"
        | "DateTimeLocal"
        | "ChronoDateTimeWithTimeZone"
        | "ChronoDateTimeUtc"
        | "ChronoDateTimeLocal"
        | "TimeDateTimeWithTimeZone" => ColumnType::TimestampWithTimeZone,
        "ChronoUnixTimestamp"
        | "ChronoUnixTimestampMillis"
        | "TimeUnixTimestamp"
        | "TimeUnixTimestampMillis" => ColumnType::BigInteger,
        "Decimal" | "BigDecimal" => ColumnType::Decimal(None),
        "Uuid" => ColumnType::Uuid,
        "TextUuid" => ColumnType::String(Length::None),
        "Json" | "JsonValue" => ColumnType::Json,
        "IpNetwork" => ColumnType::Inet,
        "PgVector" => ColumnType::Vector(None),
        _ => return None,
    })
}

/// Whether a type of that full path has a column type: how a glob import is known to bring a name in.
pub(super) fn is_known(path: &[String]) -> bool {
    path.len() > 1 && external(path).is_some()
}
