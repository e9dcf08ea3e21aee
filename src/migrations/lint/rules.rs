//! The rules, one file each; a new one is a file and a line here. Ids are never given twice.

mod add_not_null;
mod cascade;
mod check_valid;
mod column_type;
mod concurrent_in_transaction;
mod constraint_index;
mod delete_all;
mod detach_partition;
mod directive_place;
mod drop_column;
mod drop_foreign_key;
mod drop_index;
mod drop_not_null;
mod drop_table;
mod enum_value_used;
mod foreign_key_valid;
mod index_not_concurrent;
mod inline_references;
mod lock_timeout;
mod long_name;
mod mysql_copy;
mod own_transaction;
mod rebuild_copy;
mod rebuild_unsafe;
mod reindex;
mod rename_column;
mod rename_enum_value;
mod rename_table;
mod rewrite;
mod set_not_null;
mod unique_on_data;
mod update_all;
mod volatile_default;
mod zero_fill;

use super::rule::Rule;

pub(super) static ALL: [&Rule; 34] = [
    &drop_table::RULE,
    &drop_column::RULE,
    &rename_table::RULE,
    &rename_column::RULE,
    &drop_foreign_key::RULE,
    &unique_on_data::RULE,
    &add_not_null::RULE,
    &set_not_null::RULE,
    &column_type::RULE,
    &zero_fill::RULE,
    &inline_references::RULE,
    &index_not_concurrent::RULE,
    &concurrent_in_transaction::RULE,
    &foreign_key_valid::RULE,
    &check_valid::RULE,
    &volatile_default::RULE,
    &lock_timeout::RULE,
    &enum_value_used::RULE,
    &mysql_copy::RULE,
    &rebuild_unsafe::RULE,
    &constraint_index::RULE,
    &drop_index::RULE,
    &reindex::RULE,
    &rename_enum_value::RULE,
    &long_name::RULE,
    &drop_not_null::RULE,
    &update_all::RULE,
    &own_transaction::RULE,
    &cascade::RULE,
    &rewrite::RULE,
    &detach_partition::RULE,
    &directive_place::RULE,
    &delete_all::RULE,
    &rebuild_copy::RULE,
];

/// What every rule uses.
mod prelude {
    pub(super) use crate::check::{Kind, Level};
    pub(super) use crate::migrations::lint::rule::{self, Hit, Rule};
    pub(super) use crate::migrations::lint::script::{At, Rebuild, Script};
    pub(super) use crate::migrations::lint::statement::{
        Alter, Column, ConstraintKind, Doing, Name,
    };
    pub(super) use crate::sql::Dialect;

    #[cfg(test)]
    pub(super) use crate::migrations::lint::rule::testing::{finds, passes};
    #[cfg(test)]
    pub(super) use crate::sql::Dialect::{Mysql, Postgres, Sqlite};
}
