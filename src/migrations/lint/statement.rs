//! What a statement does, as far as rules ask.

use std::fmt;

use crate::sql::tokens::Token;

/// A name with its schema, where it was written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Name {
    pub(super) schema: Option<String>,
    pub(super) name: String,
}

impl Name {
    /// Whether both may mean the same: a missing schema may be any.
    pub(super) fn same(&self, other: &Self) -> bool {
        let schemas = match (&self.schema, &other.schema) {
            (Some(one), Some(other)) => one.eq_ignore_ascii_case(other),
            _ => true,
        };
        schemas && self.name.eq_ignore_ascii_case(&other.name)
    }
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.schema {
            Some(schema) => write!(f, "`{schema}.{}`", self.name),
            None => write!(f, "`{}`", self.name),
        }
    }
}

/// What one statement does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Statement {
    CreateTable {
        table: Name,
        columns: Vec<Column>,
    },
    AlterTable {
        table: Name,
        actions: Vec<Action>,
    },
    /// MySQL's `RENAME TABLE a TO b, c TO d`.
    RenameTables(Vec<(Name, Name)>),
    CreateIndex(CreateIndex),
    DropIndex {
        names: Vec<Name>,
        concurrently: bool,
    },
    DropTable {
        tables: Vec<Name>,
        temporary: bool,
        cascade: bool,
    },
    /// A database, a schema, a view, a type, …: which, and its name.
    DropOther {
        what: String,
        name: Name,
        cascade: bool,
    },
    Truncate {
        tables: Vec<Name>,
        cascade: bool,
    },
    CreateType(Name),
    AddEnumValue {
        kind: Name,
        value: String,
    },
    RenameEnumValue {
        kind: Name,
    },
    Insert {
        table: Name,
        /// Double-quoted names of its `SELECT` list that do not say which table they mean.
        unqualified: Vec<String>,
    },
    Update {
        table: Name,
        filtered: bool,
    },
    Delete {
        table: Name,
        filtered: bool,
    },
    Pragma {
        name: String,
        value: String,
    },
    /// A setting; both in lower case.
    Set {
        name: String,
        value: String,
    },
    Begin,
    Commit,
    Rollback,
    Reindex {
        concurrently: bool,
    },
    /// A command that rewrites a table, or what is stored of a view: `VACUUM FULL`.
    Rewrite {
        command: &'static str,
        concurrently: bool,
    },
    /// Nothing that a rule asks about: `COMMENT`, `SELECT`, `GRANT`, `CREATE VIEW`, …
    Harmless,
    /// Why it is not understood.
    Unknown(String),
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct CreateIndex {
    pub(super) name: Option<Name>,
    pub(super) table: Name,
    pub(super) unique: bool,
    pub(super) concurrently: bool,
    /// Bare columns only: an expression is none.
    pub(super) columns: Vec<String>,
}

/// One action of `ALTER TABLE`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Action {
    pub(super) line: usize,
    pub(super) what: Alter,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Alter {
    AddColumn(Column),
    DropColumn {
        name: String,
        cascade: bool,
    },
    RenameColumn {
        from: String,
    },
    RenameTable {
        to: Name,
    },
    /// MySQL's `MODIFY` and `CHANGE`: the column as it shall be; `from` where the name changes.
    Redefine {
        from: String,
        column: Column,
    },
    SetType {
        column: String,
    },
    SetNotNull {
        column: String,
    },
    DropNotNull {
        column: String,
    },
    AddConstraint(Constraint),
    DropConstraint {
        name: String,
        /// Certain on MySQL, told by the name elsewhere.
        foreign_key: bool,
        cascade: bool,
    },
    Validate {
        name: String,
    },
    DropPrimaryKey,
    DetachPartition {
        concurrently: bool,
    },
    /// It rewrites the table, by the words it is written with: `SET UNLOGGED`, `CONVERT TO CHARACTER SET`.
    Rebuild(&'static str),
    /// MySQL's `ALGORITHM = …`, in capitals.
    Algorithm(String),
    /// MySQL's `LOCK = …`, in capitals.
    Lock(String),
    Harmless,
    Unknown(String),
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Column {
    pub(super) name: String,
    /// The type's first word, in lower case.
    pub(super) kind: String,
    pub(super) not_null: bool,
    pub(super) default: Option<Vec<Token>>,
    pub(super) unique: bool,
    pub(super) primary: bool,
    pub(super) references: bool,
    /// Computed and kept: not `VIRTUAL`.
    pub(super) stored: bool,
    pub(super) generated: bool,
    /// `IDENTITY`, `AUTO_INCREMENT`, `serial`.
    pub(super) counts: bool,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Constraint {
    pub(super) name: Option<String>,
    pub(super) kind: ConstraintKind,
    /// The columns of a key, where they are bare names.
    pub(super) columns: Vec<String>,
    pub(super) not_valid: bool,
    pub(super) using_index: bool,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum ConstraintKind {
    Unique,
    PrimaryKey,
    ForeignKey,
    /// With the column that it requires, for `CHECK (column IS NOT NULL)`.
    Check {
        required: Option<String>,
    },
    Exclude,
    /// PostgreSQL 18's `NOT NULL column`.
    NotNull,
}

impl Constraint {
    /// Whether it builds an index of its own.
    pub(super) fn builds_index(&self) -> bool {
        matches!(
            self.kind,
            ConstraintKind::Unique | ConstraintKind::PrimaryKey | ConstraintKind::Exclude
        ) && !self.using_index
    }
}
