//! The number in front of a migration's name: 14 digits of UTC time.

use chrono::{DateTime, Duration, NaiveDateTime, Utc};

const FORMAT: &str = "%Y%m%d%H%M%S";

/// The time as `20261121084512`, moved behind `last` where the clock has not passed it yet: migrations made
/// in the same second, or on a machine whose clock is ahead, still come in order.
pub(crate) fn next_version(now: DateTime<Utc>, last: Option<i64>) -> i64 {
    let number = |time: NaiveDateTime| time.format(FORMAT).to_string().parse::<i64>();
    let Ok(now) = number(now.naive_utc()) else {
        return last.unwrap_or(0) + 1;
    };
    match last {
        Some(last) if last >= now => {
            let next = NaiveDateTime::parse_from_str(&last.to_string(), FORMAT)
                .ok()
                .map(|time| time + Duration::seconds(1))
                .and_then(|time| number(time).ok());
            next.unwrap_or(last + 1)
        }
        _ => now,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_grow() {
        let now = DateTime::from_timestamp(1_795_250_712, 0).expect("a time");
        for (last, expected) in [
            (None, 20_261_121_084_512),
            (Some(1), 20_261_121_084_512),
            (Some(20_261_121_084_512), 20_261_121_084_513),
            (Some(20_261_231_235_959), 20_270_101_000_000),
            (Some(99_999_999_999_999), 100_000_000_000_000),
        ] {
            assert_eq!(next_version(now, last), expected, "{last:?}");
        }
    }
}
