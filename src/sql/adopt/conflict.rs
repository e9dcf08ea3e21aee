//! Where entities and database contradict each other, grouped, each group with its remedy.

/// One contradiction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Conflict {
    pub(crate) kind: ConflictKind,
    /// A table, `table.column`, or the name of an enum.
    pub(crate) place: String,
    /// What the entity says.
    pub(crate) entity: String,
    /// What the database has.
    pub(crate) database: String,
}

/// What a contradiction is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum ConflictKind {
    MissingTable,
    MissingColumn,
    /// The column is required, has no default, and no entity has it.
    UnknownRequired,
    Type,
    DatabaseNullable,
    DatabaseRequired,
    PrimaryKey,
    EnumValues,
    Default,
    Action,
    /// The entity declares it, the program does not depend on it.
    MissingKey,
    MissingUnique,
    MissingForeignKey,
    MissingIndex,
}

impl ConflictKind {
    /// Whether the program works the same either way, so that it is worth a remark only.
    pub(crate) fn is_harmless(self) -> bool {
        matches!(
            self,
            Self::MissingKey | Self::MissingUnique | Self::MissingForeignKey | Self::MissingIndex
        )
    }

    /// Whether the next `makemigrations` adds what the database lacks.
    pub(crate) fn is_added_later(self) -> bool {
        matches!(self, Self::MissingTable | Self::MissingColumn)
    }

    /// What is the matter with `count` of them.
    pub(crate) fn title(self, count: usize) -> String {
        let (one, many) = match self {
            Self::MissingTable => (
                "table of an entity is not in the database",
                "tables of entities are not in the database",
            ),
            Self::MissingColumn => (
                "column of an entity is not in the database",
                "columns of entities are not in the database",
            ),
            Self::UnknownRequired => (
                "column needs a value in every new row, and no entity has it",
                "columns need a value in every new row, and no entity has them",
            ),
            Self::Type => (
                "column has a type that its field cannot hold",
                "columns have types that their fields cannot hold",
            ),
            Self::DatabaseNullable => (
                "column may be NULL, and its field is required",
                "columns may be NULL, and their fields are required",
            ),
            Self::DatabaseRequired => (
                "column is NOT NULL, and its field is an `Option`",
                "columns are NOT NULL, and their fields are `Option`s",
            ),
            Self::PrimaryKey => (
                "table has another primary key than its entity",
                "tables have other primary keys than their entities",
            ),
            Self::EnumValues => (
                "enum has other values in the database",
                "enums have other values in the database",
            ),
            Self::Default => (
                "column has another default than its field says",
                "columns have other defaults than their fields say",
            ),
            Self::MissingUnique => (
                "unique key of an entity is not in the database",
                "unique keys of entities are not in the database",
            ),
            Self::Action => (
                "foreign key does something else on delete or update than its relation says",
                "foreign keys do something else on delete or update than their relations say",
            ),
            Self::MissingKey => (
                "table has no primary key in the database",
                "tables have no primary keys in the database",
            ),
            Self::MissingForeignKey => (
                "relation has no foreign key in the database",
                "relations have no foreign keys in the database",
            ),
            Self::MissingIndex => (
                "index of an entity is not in the database",
                "indexes of entities are not in the database",
            ),
        };
        format!("{count} {}", if count == 1 { one } else { many })
    }

    /// What to do about it.
    pub(crate) fn remedy(self) -> &'static str {
        match self {
            Self::MissingTable => {
                "apply the project's pending migrations to this database first, or, with `--accept`, let the next \
                 `makemigrations` create them; for what is elsewhere (in another database, or made by something else, or \
                 out of use), write in luthier.toml:"
            }
            Self::MissingColumn => {
                "apply the project's pending migrations to this database first, or mark the field `#[sea_orm(ignore)]`; \
                 with `--accept`, the next `makemigrations` adds the column"
            }
            Self::UnknownRequired => "add a field to the entity, or give the column a default",
            Self::Type => {
                "change the field's Rust type, or name the database's type in `column_type`"
            }
            Self::DatabaseNullable => "make the field an `Option<…>`, or the column NOT NULL",
            Self::DatabaseRequired => "take the `Option` away, or the column's NOT NULL",
            Self::PrimaryKey => "mark the same fields with `primary_key`",
            Self::EnumValues => "give the Rust enum the same values",
            Self::Default => {
                "say the database's default in the entity, or none: then the database decides"
            }
            Self::MissingUnique => "take `unique` out of the entity, or create the unique index",
            Self::Action => {
                "say the database's action in the relation, or none: then the database decides"
            }
            Self::MissingKey => {
                "SeaORM goes by the entity's, and nothing keeps two rows of one key apart"
            }
            Self::MissingForeignKey => "`skip_fk` in the relation says the same in the entity",
            Self::MissingIndex => "take `indexed` out of the entity, or create the index",
        }
    }
}

impl Conflict {
    /// `books.price`, and what both sides say where that is not plain from the group.
    pub(crate) fn line(&self) -> String {
        match (self.entity.is_empty(), self.database.is_empty()) {
            (true, true) => self.place.clone(),
            (false, true) => format!("{} ({})", self.place, self.entity),
            (true, false) => format!("{} ({})", self.place, self.database),
            (false, false) => format!(
                "{}: entity {}, database {}",
                self.place, self.entity, self.database
            ),
        }
    }
}

/// Contradictions as they are found.
#[derive(Default)]
pub(super) struct Conflicts {
    list: Vec<Conflict>,
}

impl Conflicts {
    pub(super) fn push(&mut self, kind: ConflictKind, place: &str, entity: &str, database: &str) {
        self.list.push(Conflict {
            kind,
            place: place.to_owned(),
            entity: entity.to_owned(),
            database: database.to_owned(),
        });
    }

    /// Grouped by kind, in the order of tables.
    pub(super) fn into_list(mut self) -> Vec<Conflict> {
        self.list.sort_by_key(|conflict| conflict.kind);
        self.list
    }
}
