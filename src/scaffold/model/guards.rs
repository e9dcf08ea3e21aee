//! What handlers and tests of a model say of its access.

use serde::Serialize;

use super::access::{ACCOUNTS, Access, add_targets};
use super::layout;
use super::naming::Names;
use super::request::Request;
use super::sample::sample_key;

/// What the templates of a model and of a junction know of its access.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Guards {
    /// What comes first in the arguments of handlers: `_: User, `, or nothing.
    reader: &'static str,
    writer: &'static str,
    /// `User` or `Staff`, the extractor that these are, and whether it is in the model's own crate.
    guard: &'static str,
    in_accounts: bool,
    staff: bool,
    owner: bool,
    /// All rows that may be read, and what `find` is told of whose they are.
    rows: &'static str,
    whose: &'static str,
    /// What tests import of `accounts::testing`, and which of those signs in who may do everything.
    helpers: String,
    sign_in: &'static str,
    /// Whether the models' junctions look rows up by the user, too.
    linked: bool,
    /// An address at which a new database has no row: `1`.
    absent: &'static str,
}

impl Guards {
    pub(super) fn new(access: Access, names: &Names, key: &str, linked: bool) -> Self {
        let (reader, writer) = access.arguments();
        let staff = access == Access::Staff;
        let owner = access == Access::Owner;
        let helpers: &[&str] = match staff {
            true => &["read_only_token", "sign_in", "sign_in_staff"],
            false => &["read_only_token", "sign_in"],
        };
        Self {
            reader,
            writer,
            guard: match access {
                Access::Public => "",
                Access::Staff => "Staff",
                _ => "User",
            },
            in_accounts: names.app == ACCOUNTS,
            staff,
            owner,
            rows: if owner {
                "mine(&user)"
            } else {
                "Entity::find()"
            },
            whose: if owner { "&user, " } else { "" },
            helpers: helpers.join(", "),
            sign_in: if staff { "sign_in_staff" } else { "sign_in" },
            linked,
            absent: sample_key(key).trim_matches('"'),
        }
    }

    /// Whether tests sign in.
    pub(super) fn sign_in(&self) -> bool {
        !self.guard.is_empty()
    }
}

/// The last expression of a test's function that registers `tables`, what their rows refer to, and the tables of users
/// where tests sign in.
pub(super) fn registering(request: &Request<'_>, mut tables: Vec<String>) -> String {
    add_targets(request.namespace, request.entities, &mut tables);
    let base = match request.access {
        Access::Public => "schema".to_owned(),
        _ => {
            tables.retain(|table| !table.starts_with("accounts::models::user::"));
            format!("{ACCOUNTS}::testing::tables(schema)")
        }
    };
    let calls: Vec<String> = tables
        .iter()
        .map(|table| layout::call(".register", table, 8))
        .collect();
    layout::chain(&base, &calls, 4)
}
