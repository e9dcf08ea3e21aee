//! The table of conversions: what becomes of a value when its column changes type, the same on every database.
//!
//! PostgreSQL's own casts are the rule. Values that it cannot read are looked for before anything runs, and so are
//! those that it would silently round, cut or fold together.

use crate::schema::ColumnType;

use super::super::Dialect;
use super::{Family, family, text};

/// What a change of type does to values; all texts are SQL about the column as it is before.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(in super::super) struct Conversion {
    /// The new value, where the database's own way would give another one.
    pub(in super::super) value: Option<String>,
    /// Where rows are whose value has no meaning in the new type.
    pub(in super::super) unreadable: Option<String>,
    /// Where rows are whose value would be another one afterwards.
    pub(in super::super) changed: Option<String>,
}

/// A change of type with all that it depends on.
pub(in super::super) struct Change<'a> {
    pub(in super::super) dialect: Dialect,
    /// The column, quoted.
    pub(in super::super) name: &'a str,
    pub(in super::super) from: &'a ColumnType,
    pub(in super::super) to: &'a ColumnType,
    /// The values of the enum that it becomes.
    pub(in super::super) values: &'a [String],
}

impl Change<'_> {
    pub(in super::super) fn conversion(&self) -> Conversion {
        use Family::{Boolean, Bytes, Date, Enum, Integer, Json, Moment, Number, Text, Time, Uuid};
        let mut found = match (family(self.from), family(self.to)) {
            (Integer, Number) => self.integer_to_number(),
            (Number, Number) => self.number_to_number(),
            (Number, Integer) => self.number_to_integer(),
            (Integer | Number, Boolean) => self.number_to_boolean(),
            (Boolean, Text) => self.boolean_to_text(),
            (Number, Text) => self.number_to_text(),
            (Uuid, Text) => Conversion {
                value: text::uuid_as_text(self.dialect, self.name),
                ..Conversion::default()
            },
            (Bytes, Text) => text::from_bytes(self.dialect, self.name),
            (Text, Boolean) => text::to_boolean(self.dialect, self.name),
            (Text, Integer) => text::to_integer(self.dialect, self.name, self.to),
            (Text, Number) => {
                text::to_number(self.dialect, self.name, self.to, self.scale(self.to))
            }
            (Text, Uuid) => text::to_uuid(self.dialect, self.name),
            (Text, Json) => text::to_json(self.dialect, self.name),
            (Text, Date | Time | Moment) => text::to_moment(self.dialect, self.name, self.to),
            (Text | Enum, Enum) if self.from != self.to => self.to_enum(),
            (Date, Moment) => self.date_to_moment(),
            (Moment, Date) => self.moment_to_date(),
            (Moment, Time) => self.moment_to_time(),
            (Moment, Moment) => self.moment_to_moment(),
            _ => Conversion::default(),
        };
        if let Some(room) = self.to.max_characters()
            && !self.from.is_text()
            && family(self.to) == Text
        {
            let value = found.value.clone().unwrap_or_else(|| self.name.to_owned());
            let length = match self.dialect {
                Dialect::Sqlite => format!("length({value}) > {room}"),
                Dialect::Postgres => format!("char_length(({value})::text) > {room}"),
                Dialect::Mysql => format!("char_length({value}) > {room}"),
            };
            found.unreadable = Some(length);
        }
        found
    }

    /// Digits before and behind the point of a decimal.
    fn scale(&self, kind: &ColumnType) -> Option<(u32, u32)> {
        match kind {
            ColumnType::Decimal(Some((precision, scale))) => {
                Some((precision.saturating_sub(*scale), *scale))
            }
            // What the server makes of a decimal without numbers.
            ColumnType::Decimal(None) if self.dialect == Dialect::Mysql => Some((10, 0)),
            _ => None,
        }
    }

    fn overflow(&self, value: &str, digits: u32) -> String {
        // SQLite keeps decimals as floating point, and PostgreSQL counts digits after rounding.
        let zeros = "0".repeat(digits as usize);
        match self.dialect {
            Dialect::Sqlite => format!("abs({value}) >= 1{zeros}.0"),
            _ => format!("abs({value}) >= 1{zeros}"),
        }
    }

    fn integer_to_number(&self) -> Conversion {
        let name = self.name;
        let mut found = Conversion::default();
        match (self.to, self.scale(self.to)) {
            (_, Some((digits, _))) => found.unreadable = Some(self.overflow(name, digits)),
            (ColumnType::Float, _) => return self.to_single(),
            (ColumnType::Double, _)
                if matches!(self.from, ColumnType::BigInteger | ColumnType::BigUnsigned) =>
            {
                found.changed = Some(match self.dialect {
                    // The last number that comes back; beyond it the cast back has no room.
                    Dialect::Sqlite => format!(
                        "{name} > 9223372036854774784 OR CAST(CAST({name} AS REAL) AS INTEGER) <> {name}"
                    ),
                    Dialect::Postgres => format!(
                        "CASE WHEN {name} > 9223372036854774784 THEN TRUE \
                         ELSE {name}::double precision::bigint <> {name} END"
                    ),
                    Dialect::Mysql => {
                        format!("CAST(CAST({name} AS DOUBLE) AS DECIMAL(65)) <> {name}")
                    }
                });
            }
            _ => {}
        }
        found
    }

    /// The number rounded to the 24 bits of a single: Veltkamp's sum and difference.
    fn single(&self) -> String {
        let name = self.name;
        let (double, factor) = match self.dialect {
            Dialect::Sqlite => (format!("({name} * 1.0)"), "536870913.0"),
            Dialect::Postgres => (
                format!("{name}::double precision"),
                "536870913::double precision",
            ),
            Dialect::Mysql => (format!("CAST({name} AS DOUBLE)"), "536870913e0"),
        };
        format!("({double} * {factor} - ({double} * {factor} - {double}))")
    }

    fn not_single(&self) -> String {
        format!(
            "abs({}) < 1e30 AND {} <> {}",
            self.name,
            self.single(),
            self.name
        )
    }

    /// SQLite keeps eight bytes whatever the type is called.
    fn to_single(&self) -> Conversion {
        let name = self.name;
        let rounded = format!(
            "CASE WHEN abs({name}) < 1e30 THEN {} ELSE {name} END",
            self.single()
        );
        Conversion {
            value: (self.dialect == Dialect::Sqlite).then_some(rounded),
            unreadable: (family(self.from) == Family::Number).then(|| self.beyond_singles()),
            changed: Some(self.not_single()),
        }
    }

    /// Where numbers are too large for a single, or so small that it is zero.
    fn beyond_singles(&self) -> String {
        let name = self.name;
        let (number, infinite) = match self.dialect {
            Dialect::Sqlite => (name.to_owned(), format!("abs({name}) = 9e999")),
            Dialect::Postgres => (
                format!("{name}::double precision"),
                format!("abs({name}) IN ('Infinity', 'NaN')"),
            ),
            Dialect::Mysql => (name.to_owned(), "FALSE".to_owned()),
        };
        format!(
            "NOT {infinite} AND {name} <> 0 AND abs({number}) NOT BETWEEN 1.4e-45 AND 3.4028235e38"
        )
    }

    fn number_to_number(&self) -> Conversion {
        let name = self.name;
        let mut found = Conversion::default();
        if let Some((digits, scale)) = self.scale(self.to) {
            let fits = self
                .scale(self.from)
                .is_some_and(|(had, had_scale)| had <= digits && had_scale <= scale);
            if fits {
                return found;
            }
            let rounded = self.rounded(scale);
            found.unreadable = Some(self.overflow(&rounded, digits));
            found.changed = Some(match (self.dialect, self.from) {
                (Dialect::Postgres, ColumnType::Float | ColumnType::Double) => {
                    format!("{rounded}::double precision <> {name}")
                }
                _ => format!("{rounded} <> {name}"),
            });
            if self.dialect == Dialect::Sqlite {
                found.value = Some(rounded);
            }
            return found;
        }
        match (self.from, self.to) {
            (ColumnType::Decimal(_), ColumnType::Double) => {
                found.changed = match self.dialect {
                    Dialect::Sqlite => None,
                    Dialect::Postgres => {
                        Some(format!("{name}::double precision::numeric <> {name}"))
                    }
                    Dialect::Mysql => Some(format!(
                        "CAST(CAST({name} AS DOUBLE) AS DECIMAL(65,30)) <> {name}"
                    )),
                };
            }
            (ColumnType::Decimal(_) | ColumnType::Double, ColumnType::Float) => {
                found = self.to_single();
                // A decimal that prints alike is the same to everybody.
                if let (Dialect::Postgres, ColumnType::Decimal(_)) = (self.dialect, self.from) {
                    found.changed = Some(format!("{name}::real::numeric <> {name}"));
                }
            }
            (ColumnType::Double | ColumnType::Float, ColumnType::Decimal(None))
                if self.dialect == Dialect::Postgres =>
            {
                found.changed = Some(format!("{name}::numeric::double precision <> {name}"));
            }
            _ => {}
        }
        found
    }

    fn rounded(&self, scale: u32) -> String {
        let name = self.name;
        match self.dialect {
            Dialect::Sqlite => format!("round({name}, {scale})"),
            Dialect::Postgres => format!("round({name}::numeric, {scale})"),
            Dialect::Mysql => format!("round({name}, {scale})"),
        }
    }

    /// Floating point is rounded to the even neighbour, decimals away from zero.
    fn number_to_integer(&self) -> Conversion {
        let name = self.name;
        let is_float = matches!(self.from, ColumnType::Float | ColumnType::Double);
        let rounded = match (self.dialect, is_float) {
            (Dialect::Postgres, _) => format!("round({name})"),
            (_, false) => format!("round({name})"),
            (Dialect::Sqlite, true) => format!(
                "CASE WHEN abs({name} - CAST({name} AS INTEGER)) = 0.5 THEN 2 * round({name} / 2) ELSE round({name}) END"
            ),
            (Dialect::Mysql, true) => format!(
                "CASE WHEN abs({name} - truncate({name}, 0)) = 0.5 THEN 2 * round({name} / 2) ELSE round({name}) END"
            ),
        };
        let (low, high) = self.to.integer_range().unwrap_or((i64::MIN, i64::MAX));
        let unreadable = match high {
            // No floating point number is the last one.
            i64::MAX => format!("{name} >= 9223372036854775808.0 OR {name} < {low}.0"),
            high => format!("({rounded}) NOT BETWEEN {low} AND {high}"),
        };
        Conversion {
            value: match self.dialect {
                Dialect::Sqlite => Some(format!("CAST({rounded} AS INTEGER)")),
                Dialect::Postgres => None,
                Dialect::Mysql => Some(rounded.clone()),
            },
            unreadable: Some(unreadable),
            changed: Some(format!("({rounded}) <> {name}")),
        }
    }

    fn number_to_boolean(&self) -> Conversion {
        let name = self.name;
        Conversion {
            value: (self.dialect != Dialect::Postgres).then(|| format!("({name} <> 0)")),
            unreadable: None,
            changed: Some(format!("{name} NOT IN (0, 1)")),
        }
    }

    fn boolean_to_text(&self) -> Conversion {
        let name = self.name;
        let value = match self.dialect {
            Dialect::Postgres => None,
            _ => Some(format!(
                "CASE WHEN {name} IS NULL THEN NULL WHEN {name} THEN 'true' ELSE 'false' END"
            )),
        };
        Conversion {
            value,
            ..Conversion::default()
        }
    }

    fn number_to_text(&self) -> Conversion {
        let name = self.name;
        let mut found = Conversion::default();
        if self.dialect == Dialect::Sqlite {
            found.value = Some(match self.scale(self.from) {
                Some((_, scale)) => format!(
                    "CASE WHEN {name} IS NULL THEN NULL ELSE printf('%.{scale}f', {name}) END"
                ),
                // Without the `.0` of whole numbers.
                None => format!(
                    "CASE WHEN {name} = CAST({name} AS INTEGER) AND abs({name}) < 1e15 \
                     THEN CAST(CAST({name} AS INTEGER) AS TEXT) ELSE CAST({name} AS TEXT) END"
                ),
            });
            if self.scale(self.from).is_none() {
                found.changed = Some(format!("CAST(CAST({name} AS TEXT) AS REAL) <> {name}"));
            }
        }
        found
    }

    fn to_enum(&self) -> Conversion {
        let (dialect, name) = (self.dialect, self.name);
        let values: Vec<String> = self
            .values
            .iter()
            .map(|value| dialect.literal(value))
            .collect();
        let list = if values.is_empty() {
            "NULL".to_owned()
        } else {
            values.join(", ")
        };
        Conversion {
            unreadable: Some(match dialect {
                Dialect::Sqlite => format!("{name} NOT IN ({list})"),
                Dialect::Postgres => format!("{name}::text NOT IN ({list})"),
                // Capitals and blanks at the end make another value.
                Dialect::Mysql => {
                    format!("CAST(CONVERT({name} USING utf8mb4) AS BINARY) NOT IN ({list})")
                }
            }),
            ..Conversion::default()
        }
    }

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

    fn date_to_moment(&self) -> Conversion {
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

    fn moment_to_date(&self) -> Conversion {
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

    fn moment_to_time(&self) -> Conversion {
        let name = self.name;
        Conversion {
            value: (self.dialect == Dialect::Sqlite).then(|| format!("time({name})")),
            unreadable: None,
            changed: Some(format!("{name} IS NOT NULL")),
        }
    }

    fn moment_to_moment(&self) -> Conversion {
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
}
