//! What becomes of dates, times and moments.

use crate::schema::ColumnType;

use super::super::Dialect;
use super::change::{Change, Conversion};

impl Change<'_> {
    fn is_zoned(kind: &ColumnType) -> bool {
        matches!(kind, ColumnType::TimestampWithTimeZone)
    }

    /// MySQL's timestamps end in 2038.
    fn outside_of_timestamps(&self) -> Option<String> {
        let name = self.name;
        let stored = matches!(
            self.to,
            ColumnType::Timestamp | ColumnType::TimestampWithTimeZone
        );
        (self.dialect == Dialect::Mysql && stored)
            .then(|| format!("{name} < '1970-01-01 00:00:01' OR {name} > '2038-01-19 03:14:07'"))
    }

    pub(super) fn date_to_moment(&self) -> Conversion {
        let name = self.name;
        let midnight = if Self::is_zoned(self.to) {
            "00:00:00+00:00"
        } else {
            "00:00:00"
        };
        Conversion {
            value: (self.dialect == Dialect::Sqlite).then(|| format!("{name} || ' {midnight}'")),
            unreadable: self.outside_of_timestamps(),
            changed: None,
        }
    }

    pub(super) fn moment_to_date(&self) -> Conversion {
        let name = self.name;
        let (value, changed) = match self.dialect {
            // In UTC, as the other two keep and show it.
            Dialect::Sqlite => (
                Some(format!("date({name})")),
                format!("strftime('%H:%M:%f', {name}) <> '00:00:00.000'"),
            ),
            Dialect::Postgres => (None, format!("{name}::time <> '00:00'")),
            Dialect::Mysql => (None, format!("TIME({name}) <> '00:00:00'")),
        };
        Conversion {
            value,
            unreadable: None,
            changed: Some(changed),
        }
    }

    pub(super) fn moment_to_time(&self) -> Conversion {
        let name = self.name;
        Conversion {
            value: (self.dialect == Dialect::Sqlite).then(|| format!("time({name})")),
            unreadable: None,
            changed: Some(format!("{name} IS NOT NULL")),
        }
    }

    pub(super) fn moment_to_moment(&self) -> Conversion {
        let name = self.name;
        let mut found = Conversion::default();
        match (Self::is_zoned(self.from), Self::is_zoned(self.to)) {
            (false, true) => {
                found.unreadable = self.outside_of_timestamps();
                found.value = (self.dialect == Dialect::Sqlite).then(|| {
                    format!(
                        "CASE WHEN {name} GLOB '*[+-][0-9][0-9]:[0-9][0-9]' OR {name} GLOB '*Z' THEN {name} \
                         ELSE {name} || '+00:00' END"
                    )
                });
            }
            (true, false) => {
                found.value = (self.dialect == Dialect::Sqlite).then(|| {
                    format!(
                        "CASE WHEN {name} GLOB '*+00:00' THEN replace(substr({name}, 1, length({name}) - 6), 'T', ' ') \
                         WHEN {name} GLOB '*Z' THEN replace(substr({name}, 1, length({name}) - 1), 'T', ' ') \
                         ELSE strftime('%Y-%m-%d %H:%M:%f', {name}) END"
                    )
                });
            }
            _ => {}
        }
        found
    }

    /// A moment with a zone is written in UTC, and says so; SQLite keeps the text as it was written.
    pub(super) fn moment_to_text(&self) -> Conversion {
        let name = self.name;
        let behind = |end: usize| {
            format!("replace(substr({name}, 1, length({name}) - {end}), 'T', ' ') || '+00'")
        };
        let value = match self.dialect {
            _ if !Self::is_zoned(self.from) => None,
            Dialect::Postgres => None,
            Dialect::Sqlite => Some(format!(
                "CASE WHEN {name} GLOB '*+00:00' THEN {} WHEN {name} GLOB '*Z' THEN {} ELSE {name} END",
                behind(6),
                behind(1)
            )),
            Dialect::Mysql => Some(format!("concat({name}, '+00')")),
        };
        Conversion {
            value,
            ..Conversion::default()
        }
    }
}
