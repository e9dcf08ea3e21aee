//! What the checks of rows found, in sentences.

use super::DataCheck;

impl DataCheck {
    /// What `count` rows or values mean, with a few of them.
    pub(crate) fn sentence(&self, count: &str, samples: &[String]) -> String {
        let several = if count == "1" { "" } else { "s" };
        let examples = match samples {
            [] => String::new(),
            samples => format!(": {}", samples.join(", ")),
        };
        match self {
            Self::Missing { table, column } => {
                format!(
                    "{count} row{several} of `{table}` have no `{column}`, which becomes required"
                )
            }
            Self::NoValue { table, column } => {
                format!(
                    "{count} row{several} of `{table}` would need a value for `{column}`, and there is none"
                )
            }
            Self::SameValue { table, column } => {
                format!("{count} rows of `{table}` would get the same `{column}`, which is unique")
            }
            Self::Duplicates { table, columns } => {
                let columns = columns.join(", ");
                format!(
                    "{count} value{several} of `{table}` ({columns}), which becomes unique, {} there more than \
                     once{examples}",
                    if count == "1" { "is" } else { "are" }
                )
            }
            Self::Orphans {
                table,
                columns,
                parent,
                ..
            } => {
                let columns = columns.join(", ");
                let points = if count == "1" { "points" } else { "point" };
                format!(
                    "{count} row{several} of `{table}` {points} with ({columns}) at no row of `{parent}`{examples}"
                )
            }
            Self::TooLong {
                table,
                column,
                room,
                ..
            } => {
                format!("{count} value{several} of `{table}.{column}` longer than {room}{examples}")
            }
            Self::OutOfRange {
                table,
                column,
                low,
                high,
            } => format!(
                "{count} value{several} of `{table}.{column}` not between {low} and {high}{examples}"
            ),
            Self::Unreadable(conversion) => {
                let (place, to) = (conversion.place(), &conversion.to);
                format!("{count} value{several} of `{place}` cannot become `{to}`{examples}")
            }
            Self::Changed(conversion) => {
                let (place, to) = (conversion.place(), &conversion.to);
                format!(
                    "{count} value{several} of `{place}` would change as `{to}`{examples} \
                     (`--accept-loss {place}` if that is meant)"
                )
            }
            Self::ValueGone { table, column, .. } => {
                let have = if count == "1" { "has" } else { "have" };
                format!(
                    "{count} row{several} of `{table}` {have} a `{column}` that its enum loses{examples}"
                )
            }
        }
    }
}
