//! What becomes of numbers.

use crate::schema::ColumnType;

use super::super::Dialect;
use super::change::{Change, Conversion};
use super::digits::{OF_SINGLES, are_lost, shortest_double, significant};
use super::family::{Family, family};

impl Change<'_> {
    /// Digits before and behind the point of a decimal.
    pub(super) fn scale(&self, kind: &ColumnType) -> Option<(u32, u32)> {
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

    pub(super) fn integer_to_number(&self) -> Conversion {
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

    fn to_single(&self) -> Conversion {
        let name = self.name;
        Conversion {
            value: (self.dialect == Dialect::Sqlite).then(|| rounded_to_single(name)),
            unreadable: (family(self.from) == Family::Number).then(|| self.beyond_singles()),
            changed: Some(not_single(self.dialect, name)),
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

    pub(super) fn number_to_number(&self) -> Conversion {
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
            // SQLite keeps decimals as doubles anyway.
            (ColumnType::Decimal(_), ColumnType::Double) if self.dialect != Dialect::Sqlite => {
                found.changed = Some(are_lost(self.dialect, &self.as_text(), &self.as_double()));
            }
            (ColumnType::Decimal(_), ColumnType::Float) => {
                let digits = significant(self.dialect, &self.as_text());
                let changed = not_single(self.dialect, name);
                found = Conversion {
                    changed: Some(format!("length({digits}) > {OF_SINGLES} AND {changed}")),
                    ..self.to_single()
                };
            }
            (ColumnType::Double, ColumnType::Float) => found = self.to_single(),
            _ => {}
        }
        found
    }

    fn as_text(&self) -> String {
        let name = self.name;
        match self.dialect {
            Dialect::Sqlite => format!("CAST({name} AS TEXT)"),
            Dialect::Postgres => format!("{name}::text"),
            Dialect::Mysql => format!("CAST({name} AS CHAR)"),
        }
    }

    fn as_double(&self) -> String {
        let name = self.name;
        match self.dialect {
            Dialect::Sqlite => format!("CAST({name} AS REAL)"),
            Dialect::Postgres => format!("{name}::double precision"),
            Dialect::Mysql => format!("CAST({name} AS DOUBLE)"),
        }
    }

    fn rounded(&self, scale: u32) -> String {
        let name = self.name;
        match self.dialect {
            Dialect::Sqlite => format!("round({name}, {scale})"),
            // The cast of floating point itself keeps fewer digits than there are.
            Dialect::Postgres => format!("round({name}::text::numeric, {scale})"),
            Dialect::Mysql => format!("round({name}, {scale})"),
        }
    }

    /// Floating point is rounded to the even neighbour, decimals away from zero.
    pub(super) fn number_to_integer(&self) -> Conversion {
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

    /// As PostgreSQL writes them: decimals with their scale, the others with as many digits as it takes to read them again.
    pub(super) fn number_to_text(&self) -> Conversion {
        let name = self.name;
        let mut found = Conversion::default();
        match (self.dialect, self.from) {
            (Dialect::Sqlite, from) => {
                let shortest = match from {
                    ColumnType::Float => shortest_single(name),
                    _ => shortest_double(self.dialect, name),
                };
                found.value = Some(match self.scale(from) {
                    Some((_, scale)) => format!(
                        "CASE WHEN {name} IS NULL THEN NULL ELSE printf('%.{scale}f', {name}) END"
                    ),
                    // Without the `.0` of whole numbers.
                    None => format!(
                        "CASE WHEN {name} IS NULL THEN NULL WHEN {name} = CAST({name} AS INTEGER) AND abs({name}) < 1e15 \
                         THEN CAST(CAST({name} AS INTEGER) AS TEXT) ELSE replace({shortest}, '.0e', 'e') END"
                    ),
                });
            }
            // The server writes six digits of a single.
            (Dialect::Mysql, ColumnType::Float) => {
                let read = format!("CAST(CAST({name} AS CHAR) AS DOUBLE)");
                found.changed = Some(format!("{} <> {name}", single(self.dialect, &read)));
            }
            _ => {}
        }
        found
    }
}

/// The number rounded to the 24 bits of a single: Veltkamp's sum and difference.
pub(super) fn single(dialect: Dialect, number: &str) -> String {
    let (double, factor) = match dialect {
        Dialect::Sqlite => (format!("({number} * 1.0)"), "536870913.0"),
        Dialect::Postgres => (
            format!("{number}::double precision"),
            "536870913::double precision",
        ),
        Dialect::Mysql => (format!("CAST({number} AS DOUBLE)"), "536870913e0"),
    };
    format!("({double} * {factor} - ({double} * {factor} - {double}))")
}

/// Where a number is none of those that a single holds.
pub(super) fn not_single(dialect: Dialect, number: &str) -> String {
    format!(
        "abs({number}) < 1e30 AND {} <> {number}",
        single(dialect, number)
    )
}

/// SQLite keeps eight bytes whatever the type is called.
pub(super) fn rounded_to_single(number: &str) -> String {
    format!(
        "CASE WHEN abs({number}) < 1e30 THEN {} ELSE {number} END",
        single(Dialect::Sqlite, number)
    )
}

/// The shortest text that a single, which SQLite keeps as a double, can be read from again.
fn shortest_single(name: &str) -> String {
    let with = |digits: u8| format!("printf('%!.{digits}g', {name})");
    let cases: String = (OF_SINGLES..9)
        .map(|digits| {
            let text = with(digits);
            let read = single(Dialect::Sqlite, &format!("CAST({text} AS REAL)"));
            format!(" WHEN {read} THEN {text}")
        })
        .collect();
    format!("(CASE {name}{cases} ELSE {} END)", with(9))
}
