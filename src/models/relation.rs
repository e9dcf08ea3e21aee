//! Foreign keys: `belongs_to` of dense fields and of `enum Relation`.

use std::collections::HashMap;

use proc_macro2::Span;
use syn::spanned::Spanned;
use syn::{Attribute, Expr, Fields, Item, Path, Type};

use crate::schema::{Action, ForeignKey};

use super::attributes::{Attr, Attrs, derives};
use super::chain::{self, Arm};
use super::entity::{Entity, base_name, relation_target};
use super::index::{Index, ModuleId};
use super::resolve::Resolution;
use super::source::{Diagnostic, SourceLocation};

/// The foreign keys of `entity`, which point at others of `all`; and every relation whose entity or columns cannot be
/// found.
pub(super) fn read(
    index: &Index,
    entity: &Entity,
    all: &HashMap<ModuleId, &Entity>,
) -> (Vec<ForeignKey>, Vec<Diagnostic>) {
    let content = match index.content(entity.module) {
        Ok(content) => content,
        Err(error) => return (Vec::new(), vec![error]),
    };
    let reader = Reader { index, entity, all };
    let mut keys = Vec::new();
    let mut errors = Vec::new();
    let mut note = |result: Result<Option<ForeignKey>, Diagnostic>| match result {
        Ok(key) => keys.extend(key),
        Err(error) => errors.push(error),
    };
    if let Some(Item::Struct(model)) = content.model.map(|number| &content.items[number])
        && let Fields::Named(fields) = &model.fields
    {
        for field in &fields.named {
            if let Some((kind, target)) = relation_target(&field.ty)
                && kind != "HasMany"
            {
                note(reader.dense(target, &field.attrs));
            }
        }
    }
    for item in &content.items {
        if let Item::Enum(relations) = item
            && derives(&relations.attrs, "DeriveRelation")
        {
            for variant in &relations.variants {
                note(reader.compact(&variant.attrs));
            }
        }
    }
    // Relations that are code.
    if let Some(written) = chain::implementation(&content.items, "RelationTrait")
        && let Some(body) = chain::result(written, "def")
    {
        for relation in chain::arms(body) {
            note(reader.written(&relation));
        }
    }
    (keys, errors)
}

/// Takes away the foreign keys that are the other side of one: from a key to the column that refers to it. Where only
/// this side is written down, nothing says that there is a foreign key at all.
pub(super) fn drop_other_sides(
    entities: &[Entity],
    keys: &mut [Vec<ForeignKey>],
    warnings: &mut Vec<String>,
) {
    let before: Vec<Vec<ForeignKey>> = keys.to_vec();
    let tables: HashMap<&str, usize> = entities
        .iter()
        .enumerate()
        .map(|(number, entity)| (entity.table.name.as_str(), number))
        .collect();
    for (entity, own) in entities.iter().zip(keys) {
        let table = &entity.table;
        own.retain(|key| {
            let Some(target) = tables.get(key.table.as_str()).copied() else {
                return true;
            };
            let from_key = table.is_unique(&key.columns);
            if !from_key || entities[target].table.is_unique(&key.references) {
                return true;
            }
            let is_opposite = |other: &ForeignKey| {
                other.table == table.name
                    && other.columns == key.references
                    && other.references == key.columns
            };
            let is_written = before[target].iter().any(is_opposite);
            let is_own = key.table == table.name;
            if is_own && !is_written {
                warnings.push(format!(
                    "{}: the relation from `{}` to `{}` of the same table goes from the key to what refers to it: it \
                     makes no foreign key; swap `from` and `to` for one",
                    entity.place.line_text(),
                    key.columns.join(", "),
                    key.references.join(", ")
                ));
            }
            !is_written && !is_own
        });
    }
}

struct Reader<'i> {
    index: &'i Index<'i>,
    entity: &'i Entity,
    all: &'i HashMap<ModuleId, &'i Entity>,
}

impl Reader<'_> {
    fn place(&self, span: Span) -> SourceLocation {
        SourceLocation::new(self.index.source(self.entity.module), span)
    }

    fn error(&self, error: &syn::Error) -> Diagnostic {
        self.place(error.span()).with(error.to_string(), "")
    }

    /// `#[sea_orm(belongs_to, from = "author_id", to = "id")] author: BelongsTo<super::author::Entity>`.
    fn dense(
        &self,
        target: &Type,
        attributes: &[Attribute],
    ) -> Result<Option<ForeignKey>, Diagnostic> {
        let attrs = Attrs::read(attributes).map_err(|error| self.error(&error))?;
        let own = attrs.has("self_ref") && !attrs.has("via");
        let belongs = attrs.has("belongs_to") || (own && attrs.has("from") && attrs.has("to"));
        if attrs.is_empty() || !belongs || attrs.has("skip_fk") {
            return Ok(None);
        }
        let (Type::Path(path), false) = (target, own) else {
            return self.key(&attrs, self.entity).map(Some);
        };
        let other = self.entity_at(&path.path, path.span())?;
        self.key(&attrs, other).map(Some)
    }

    /// `#[sea_orm(belongs_to = "super::author::Entity", from = "Column::AuthorId", to = "…")]`.
    fn compact(&self, attributes: &[Attribute]) -> Result<Option<ForeignKey>, Diagnostic> {
        let attrs = Attrs::read(attributes).map_err(|error| self.error(&error))?;
        let Some(target) = attrs.get("belongs_to") else {
            return Ok(None);
        };
        if attrs.has("skip_fk") {
            return Ok(None);
        }
        let path: Path = target.parse().map_err(|error| self.error(&error))?;
        let other = self.entity_at(&path, target.value.span())?;
        self.key(&attrs, other).map(Some)
    }

    /// `Entity::belongs_to(super::author::Entity).from(Column::AuthorId).to(super::author::Column::Id).into()`.
    fn written(&self, relation: &Arm) -> Result<Option<ForeignKey>, Diagnostic> {
        let (base, attrs) = relation.read();
        let Expr::Call(call) = base else {
            return Ok(None);
        };
        let belongs = match &*call.func {
            Expr::Path(path) => path
                .path
                .segments
                .last()
                .is_some_and(|s| s.ident == "belongs_to"),
            _ => false,
        };
        let (true, Some(Expr::Path(target))) = (belongs, call.args.first()) else {
            return Ok(None);
        };
        if attrs.has("skip_fk") {
            return Ok(None);
        }
        let other = self.entity_at(&target.path, target.span())?;
        self.key(&attrs, other).map(Some)
    }

    fn entity_at(&self, path: &Path, span: Span) -> Result<&Entity, Diagnostic> {
        let text: String = quote::quote!(#path)
            .to_string()
            .split_whitespace()
            .collect();
        let found = match self.index.resolve(self.entity.module, path)? {
            Some(Resolution::Entity(module)) => self.all.get(&module).copied(),
            _ => None,
        };
        found.ok_or_else(|| {
            self.place(span).with(
                format!("cannot find the entity `{text}`"),
                "name it by its module: `super::author::Entity`, `books::models::author::Entity`",
            )
        })
    }

    fn key(&self, attrs: &Attrs, other: &Entity) -> Result<ForeignKey, Diagnostic> {
        let columns = self.columns(attrs, "from", self.entity)?;
        let references = self.columns(attrs, "to", other)?;
        if columns.len() != references.len() {
            let span = attrs
                .get("to")
                .map_or_else(Span::call_site, |a| a.value.span());
            return Err(self.place(span).with(
                format!(
                    "`from` has {} columns and `to` has {}",
                    columns.len(),
                    references.len()
                ),
                "they go in pairs",
            ));
        }
        let name = match attrs.text("fk_name").map_err(|error| self.error(&error))? {
            Some(name) => name,
            None => format!(
                "fk-{}-{}",
                base_name(&self.entity.table.name),
                columns.join("-")
            ),
        };
        Ok(ForeignKey {
            name,
            columns,
            table: other.table.name.clone(),
            references,
            on_delete: self.action(attrs.get("on_delete"))?,
            on_update: self.action(attrs.get("on_update"))?,
        })
    }

    /// `author_id`, `Column::AuthorId`, `super::author::Column::Id`, or several in parentheses.
    fn columns(
        &self,
        attrs: &Attrs,
        side: &str,
        entity: &Entity,
    ) -> Result<Vec<String>, Diagnostic> {
        let Some(attr) = attrs.get(side) else {
            return Err(self.place(self.whole(attrs)).with(
                format!("this relation has no `{side}`"),
                format!("add `{side} = \"…\"`, the column on that side"),
            ));
        };
        let text = attr.text().map_err(|error| self.error(&error))?;
        let list = text.trim().trim_start_matches('(').trim_end_matches(')');
        list.split(',')
            .map(str::trim)
            .filter(|name| !name.is_empty())
            .map(|path| {
                let name = path.rsplit("::").next().unwrap_or(path).trim();
                let name = name.strip_prefix("r#").unwrap_or(name);
                entity.column_of(name).map(str::to_owned).ok_or_else(|| {
                    let known: Vec<&str> =
                        entity.fields.iter().map(|f| f.column.as_str()).collect();
                    self.place(attr.value.span()).with(
                        format!("`{}` has no column `{name}`", entity.table.name),
                        format!("its columns are {}", known.join(", ")),
                    )
                })
            })
            .collect()
    }

    fn whole(&self, attrs: &Attrs) -> Span {
        attrs
            .get("belongs_to")
            .or_else(|| attrs.get("self_ref"))
            .map_or_else(Span::call_site, |attr| attr.span)
    }

    fn action(&self, attr: Option<&Attr>) -> Result<Option<Action>, Diagnostic> {
        let Some(attr) = attr else {
            return Ok(None);
        };
        let text = attr.text().map_err(|error| self.error(&error))?;
        // In code it is `ForeignKeyAction::Cascade`.
        match text.rsplit("::").next().unwrap_or(&text).trim() {
            "Restrict" => Ok(Some(Action::Restrict)),
            "Cascade" => Ok(Some(Action::Cascade)),
            "SetNull" => Ok(Some(Action::SetNull)),
            "NoAction" => Ok(Some(Action::NoAction)),
            "SetDefault" => Ok(Some(Action::SetDefault)),
            other => Err(self.place(attr.value.span()).with(
                format!("SeaORM knows no action `{other}`"),
                "it is one of Cascade, SetNull, Restrict, NoAction, SetDefault",
            )),
        }
    }
}
