//! The rules, one file each; a new one is a file and a line here. Ids are never given twice.

mod add_not_null_no_default;
mod cascade;
mod changing_column_type;
mod check_without_not_valid;
mod concurrent_in_transaction;
mod constraint_builds_index;
mod copy_or_exclusive_lock;
mod delete_all_rows;
mod destructive_column;
mod destructive_table;
mod detach_not_concurrent;
mod directive_not_first;
mod drop_foreign_key;
mod drop_index_not_concurrent;
mod drop_not_null;
mod enum_value_used_at_once;
mod foreign_key_without_not_valid;
mod implicit_zero_fill;
mod index_not_concurrent;
mod inline_references_ignored;
mod name_too_long;
mod no_lock_timeout;
mod rebuild_copies_names;
mod rebuild_unsafe;
mod reindex_not_concurrent;
mod rename_column;
mod rename_enum_value;
mod rename_table;
mod set_not_null;
mod table_rewrite;
mod transaction_in_transaction;
mod unique_on_data;
mod update_all_rows;
mod volatile_default;

use super::rule::Rule;

pub(super) static ALL: [&Rule; 34] = [
    &destructive_table::RULE,
    &destructive_column::RULE,
    &rename_table::RULE,
    &rename_column::RULE,
    &drop_foreign_key::RULE,
    &unique_on_data::RULE,
    &add_not_null_no_default::RULE,
    &set_not_null::RULE,
    &changing_column_type::RULE,
    &implicit_zero_fill::RULE,
    &inline_references_ignored::RULE,
    &index_not_concurrent::RULE,
    &concurrent_in_transaction::RULE,
    &foreign_key_without_not_valid::RULE,
    &check_without_not_valid::RULE,
    &volatile_default::RULE,
    &no_lock_timeout::RULE,
    &enum_value_used_at_once::RULE,
    &copy_or_exclusive_lock::RULE,
    &rebuild_unsafe::RULE,
    &constraint_builds_index::RULE,
    &drop_index_not_concurrent::RULE,
    &reindex_not_concurrent::RULE,
    &rename_enum_value::RULE,
    &name_too_long::RULE,
    &drop_not_null::RULE,
    &update_all_rows::RULE,
    &transaction_in_transaction::RULE,
    &cascade::RULE,
    &table_rewrite::RULE,
    &detach_not_concurrent::RULE,
    &directive_not_first::RULE,
    &delete_all_rows::RULE,
    &rebuild_copies_names::RULE,
];

/// What every rule uses.
mod prelude {
    pub(super) use crate::check::{Check, Level};
    pub(super) use crate::migrations::lint::rule::{self, Rule, Violation};
    pub(super) use crate::migrations::lint::script::{At, Rebuild, Script};
    pub(super) use crate::migrations::lint::statement::{
        Alter, Column, ConstraintKind, Name, Statement,
    };
    pub(super) use crate::sql::Dialect;

    #[cfg(test)]
    pub(super) use crate::migrations::lint::rule::testing::{finds, passes};
    #[cfg(test)]
    pub(super) use crate::sql::Dialect::{Mysql, Postgres, Sqlite};
}
