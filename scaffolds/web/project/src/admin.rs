//! What staff look after at `/admin`: one line an app.

use admin::Admin;

/// The apps of the admin; users and groups are in it from the start.
pub fn site() -> Admin {
    Admin::new()
}
