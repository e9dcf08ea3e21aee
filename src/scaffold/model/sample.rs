//! Values that tests send.

/// A primary key that no row of a new database has, as JSON.
pub(in crate::scaffold) fn sample_key(key: &str) -> &'static str {
    match key {
        "Uuid" => "\"00000000-0000-0000-0000-000000000000\"",
        "String" => "\"none\"",
        // The first row of a new table has 1.
        _ => "99",
    }
}
