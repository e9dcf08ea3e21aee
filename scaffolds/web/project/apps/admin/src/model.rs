//! A model as the admin knows it: plain data and five functions, so that lists, forms and SQL are compiled once.

use accounts::models::user;
use futures_util::{Stream, StreamExt};
use platform::input::{InputField, Kind, input_fields};
use platform::{Error, Result};
use sea_orm::sea_query::{DynIden, ForeignKeyAction, SelectStatement, StringLen};
use sea_orm::{
    ColumnTrait, ColumnType, ConnectionTrait, DatabaseConnection, EntityTrait, IdenStatic,
    Iterable, PrimaryKeyToColumn, RelationDef, RelationTrait, StreamTrait,
};
use serde_json::Value;

use crate::calls::{Calls, Input, Table};
use crate::options::{Access, Action, Options, Order};
use crate::row::Row;

/// A model that is registered.
#[derive(Debug)]
pub struct Model {
    /// Its app; known once it is registered.
    pub(crate) app: &'static str,
    pub(crate) name: &'static str,
    pub(crate) plural: String,
    pub(crate) table: String,
    pub(crate) columns: Vec<Column>,
    pub(crate) keys: Vec<String>,
    pub(crate) references: Vec<Reference>,
    pub(crate) options: Names,
    /// What can be said of a row; nothing of a hidden one.
    pub(crate) fields: Vec<InputField>,
    /// Of a table between two others: what is ticked.
    pub(crate) many: Option<Many>,
    pub(crate) hidden: bool,
    pub(crate) scope: fn(&user::Model, &mut SelectStatement),
    pub(crate) may: fn(&user::Model, Access, Option<&Row>) -> bool,
    pub(crate) calls: Option<Calls>,
}

/// A column of a table.
#[derive(Clone, Debug)]
pub(crate) struct Column {
    /// In JSON, in forms and in addresses.
    pub name: String,
    pub iden: DynIden,
    pub kind: ColumnType,
    pub nullable: bool,
}

/// A column that holds the key of another row.
#[derive(Clone, Debug)]
pub(crate) struct Reference {
    /// The column, as in JSON and as in the database.
    pub name: String,
    pub iden: DynIden,
    /// The other table, and its column.
    pub table: String,
    pub column: String,
    pub on_delete: Option<ForeignKeyAction>,
}

/// Values that another table holds for a row, ticked in its form: the groups of a user.
#[derive(Clone, Debug)]
pub(crate) struct Many {
    pub name: &'static str,
    /// The table whose rows have these values.
    pub of: String,
    pub table: String,
    /// The column with the key of this row, and that with the value.
    pub left: DynIden,
    pub right: Column,
    pub choices: Choices,
}

/// What can be ticked.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Choices {
    /// Rows of a registered table.
    Rows,
    /// Everything that one may be allowed to do.
    Permissions,
}

/// The options, by the names of columns.
#[derive(Debug, Default)]
pub(crate) struct Names {
    pub list: Vec<String>,
    pub search: Vec<String>,
    pub exact: Vec<String>,
    pub filter: Vec<String>,
    pub ordering: Vec<(String, Order)>,
    pub readonly: Vec<String>,
    pub superuser: Vec<String>,
    pub fieldsets: Vec<(&'static str, Vec<String>)>,
    pub slug_from: Option<(String, String)>,
    pub label: Option<String>,
    pub owner: Option<String>,
    pub per_page: u64,
    pub actions: Vec<Action<String>>,
    pub editable: Vec<String>,
    pub inline: Vec<String>,
}

impl Model {
    /// The model of `E`, whose rows are saved by the rules of `I`. The name is that in addresses and in permissions.
    pub fn new<E: Table, I: Input<E>>(name: &'static str, options: Options<E::Column>) -> Self {
        let mut model = Self::hidden::<E>();
        model.name = name;
        model.plural = match options.plural {
            "" => format!("{name}s").replace('_', " "),
            plural => plural.to_owned(),
        };
        model.fields = input_fields::<I>();
        model.hidden = false;
        model.options = Names::new(&options);
        let is_text = |column: &&Column| matches!(column.kind, ColumnType::String(_));
        if model.options.label.is_none() {
            let first = model.columns.iter().find(is_text);
            model.options.label = first.map(|column| column.name.clone());
        }
        model.scope = options.scope;
        model.may = options.may;
        model.calls = Some(Calls::new::<E, I>());
        model
    }

    /// A table without pages of its own, such as one between two others. Pages that delete count its rows.
    pub fn hidden<E: EntityTrait>() -> Self {
        let table = E::default().table_name().to_owned();
        let names: Vec<(String, String)> = E::Column::iter()
            .map(|column| (column.as_str().to_owned(), column.json_key().to_owned()))
            .collect();
        let name_of = |iden: &DynIden| {
            let found = names.iter().find(|(column, _)| iden.inner() == *column);
            found.map(|(_, name)| name.clone())
        };
        let reference = |relation: RelationDef| {
            let [from] = relation.from_col.iter().collect::<Vec<_>>()[..] else {
                return None;
            };
            Some(Reference {
                name: name_of(from)?,
                iden: from.clone(),
                table: relation.to_tbl.sea_orm_table().inner().to_string(),
                column: relation.to_col.iter().next()?.inner().to_string(),
                on_delete: relation.on_delete,
            })
        };
        Self {
            app: "",
            name: "",
            plural: table.replace('_', " "),
            columns: E::Column::iter().map(Column::new).collect(),
            keys: E::PrimaryKey::iter()
                .map(|key| key.into_column().json_key().to_owned())
                .collect(),
            references: E::Relation::iter()
                .map(|relation| relation.def())
                // `is_owner` is said of the side that has the others.
                .filter(|relation| !relation.is_owner)
                .filter_map(reference)
                .collect(),
            options: Names::default(),
            fields: Vec::new(),
            many: None,
            hidden: true,
            scope: |_, _| {},
            may: |_, _, _| true,
            calls: None,
            table,
        }
    }

    /// A table between two others: the rows that `right` refers to are ticked in the form of the row that `left` refers
    /// to, under this name.
    pub fn between<E: EntityTrait>(name: &'static str, left: E::Column, right: E::Column) -> Self {
        Self::ticked::<E>(name, left, right, Choices::Rows)
    }

    pub(crate) fn ticked<E: EntityTrait>(
        name: &'static str,
        left: E::Column,
        right: E::Column,
        choices: Choices,
    ) -> Self {
        let mut model = Self::hidden::<E>();
        let left = Column::new(left);
        let table = model.reference(&left.name).map(|left| left.table.clone());
        model.many = Some(Many {
            name,
            of: table.unwrap_or_default(),
            table: model.table.clone(),
            left: left.iden,
            right: Column::new(right),
            choices,
        });
        model
    }

    /// `books.book`, as the log calls it.
    pub(crate) fn path(&self) -> String {
        format!("{}.{}", self.app, self.name)
    }

    /// `books.change_book`
    pub(crate) fn permission(&self, access: Access) -> String {
        format!("{}.{}_{}", self.app, access.name(), self.name)
    }

    /// Where its list is.
    pub(crate) fn address(&self) -> String {
        format!("/admin/{}/{}", self.app, self.name)
    }

    /// `book`, as in sentences.
    pub(crate) fn noun(&self) -> String {
        self.name.replace('_', " ")
    }

    pub(crate) fn column(&self, name: &str) -> Option<&Column> {
        self.columns.iter().find(|column| column.name == name)
    }

    pub(crate) fn field(&self, name: &str) -> Option<&InputField> {
        self.fields.iter().find(|field| field.name == name)
    }

    pub(crate) fn reference(&self, name: &str) -> Option<&Reference> {
        self.references
            .iter()
            .find(|reference| reference.name == name)
    }

    pub(crate) fn has_files(&self) -> bool {
        self.fields.iter().any(|field| field.kind == Kind::Bytes)
    }

    /// The functions of a model with pages.
    ///
    /// # Errors
    /// `404` for a hidden one.
    pub(crate) fn calls(&self) -> Result<Calls> {
        self.calls.ok_or(Error::NotFound)
    }

    /// Reads rows.
    pub(crate) async fn rows(
        &self,
        db: &impl ConnectionTrait,
        statement: SelectStatement,
    ) -> Result<Vec<Row>> {
        let calls = self.calls()?;
        let found = db.query_all(&statement).await?;
        found.iter().map(calls.row).collect()
    }

    /// Reads rows one by one, as many as are asked for: the database keeps the others until then.
    pub(crate) async fn stream(
        &self,
        db: &DatabaseConnection,
        statement: SelectStatement,
    ) -> Result<impl Stream<Item = Result<Row>>> {
        let calls = self.calls()?;
        let rows = db.stream(&statement).await?;
        Ok(rows.map(move |row| (calls.row)(&row?)))
    }

    /// What a row is called.
    pub(crate) fn label_of(&self, row: &Row) -> String {
        let label = self.options.label.as_ref().and_then(|name| row.get(name));
        match label.and_then(Value::as_str).map(str::trim) {
            Some(text) if !text.is_empty() => text.to_owned(),
            _ => format!("{} {}", platform::forms::words(self.name), self.id_of(row)),
        }
    }

    /// The key of a row.
    pub(crate) fn id_of(&self, row: &Row) -> String {
        joined(self.keys.iter().map(|key| plain(&row[key])))
    }
}

/// The key of a row from the values of its columns: several have commas between, and none within.
pub(crate) fn joined(parts: impl ExactSizeIterator<Item = String>) -> String {
    let is_one = parts.len() == 1;
    let parts = parts.map(|part| match is_one {
        true => part,
        false => part.replace('~', "~0").replace(',', "~1"),
    });
    parts.collect::<Vec<_>>().join(",")
}

/// The values of the columns of a key; none if there are not so many.
pub(crate) fn parted(id: &str, count: usize) -> Option<Vec<String>> {
    if count == 1 {
        return Some(vec![id.to_owned()]);
    }
    let part = |part: &str| part.replace("~1", ",").replace("~0", "~");
    let parts: Vec<String> = id.split(',').map(part).collect();
    (parts.len() == count).then_some(parts)
}

/// A value as text without quotes.
pub(crate) fn plain(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

impl Column {
    fn new(column: impl ColumnTrait) -> Self {
        let (_, iden) = column.as_column_ref();
        Self {
            name: column.json_key().to_owned(),
            iden,
            nullable: column.def().is_null(),
            kind: column.def().get_column_type().clone(),
        }
    }

    /// Whether it is text that may be long.
    pub(crate) fn is_long(&self) -> bool {
        matches!(
            self.kind,
            ColumnType::Text
                | ColumnType::String(StringLen::Max)
                | ColumnType::Json
                | ColumnType::JsonBinary
        )
    }
}

impl Names {
    fn new<C: ColumnTrait>(options: &Options<C>) -> Self {
        let name = |column: &C| column.json_key().to_owned();
        let names = |columns: &[C]| columns.iter().map(name).collect::<Vec<_>>();
        let pair = |(column, order): &(C, Order)| (name(column), *order);
        Self {
            list: names(options.list),
            search: names(options.search),
            exact: names(options.exact),
            filter: names(options.filter),
            ordering: options.ordering.iter().map(pair).collect(),
            readonly: names(options.readonly),
            superuser: names(options.superuser),
            fieldsets: options
                .fieldsets
                .iter()
                .map(|(heading, columns)| (*heading, names(columns)))
                .collect(),
            slug_from: options
                .slug_from
                .as_ref()
                .map(|(slug, source)| (name(slug), name(source))),
            label: options.label.as_ref().map(name),
            owner: options.owner.as_ref().map(name),
            per_page: options.per_page.clamp(1, 200),
            actions: options
                .actions
                .iter()
                .map(|action| action.by_name(name))
                .collect(),
            editable: names(options.editable),
            inline: names(options.inline),
        }
    }
}
