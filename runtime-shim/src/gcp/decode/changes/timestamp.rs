use std::fmt::Write as _;

use jiff::{SignedDuration, Timestamp, civil::DateTime, tz::Offset};

/// A timestamp in plain JSON without its quotes: RFC 3339 in UTC, the digits of the second as few of 0, 3, 6 or 9 as lose nothing.
///
/// It is no [`Time`](crate::event::Time): that ends two hours before the year 9999 does, and a date that means
/// "never" is often the last second of it.
pub(super) fn write(at: DateTime, to: &mut String) {
    let nanos = at.subsec_nanosecond();
    let digits = match nanos {
        0 => 0,
        _ if nanos % 1_000_000 == 0 => 3,
        _ if nanos % 1_000 == 0 => 6,
        _ => 9,
    };
    // Writing to a String cannot fail.
    let _written = write!(to, "{at:.digits$}Z");
}

/// So many seconds after 1970, and nanoseconds after that; `None` outside the years 1 to 9999.
pub(super) fn since_1970(seconds: i64, nanos: i64) -> Option<DateTime> {
    const EPOCH: DateTime = DateTime::constant(1970, 1, 1, 0, 0, 0, 0);
    let nanos = i32::try_from(nanos).ok().filter(|nanos| (0..1_000_000_000).contains(nanos))?;
    EPOCH.checked_add(SignedDuration::new(seconds, nanos)).ok().filter(|at| at.year() >= 1)
}

/// From RFC 3339 text with any offset; `None` if it is no such text.
pub(super) fn parse(text: &str) -> Option<DateTime> {
    if !matches!(text.as_bytes().get(10), Some(b'T' | b't')) {
        return None;
    }
    let at = match text.strip_suffix(['Z', 'z']) {
        Some(utc) => utc.parse().ok()?,
        None => Offset::UTC.to_datetime(text.parse::<Timestamp>().ok()?),
    };
    Some(at).filter(|at| at.year() >= 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(at: Option<DateTime>) -> Option<String> {
        at.map(|at| {
            let mut text = String::new();
            write(at, &mut text);
            text
        })
    }

    #[test]
    fn the_digits_are_as_few_as_lose_nothing() {
        for (seconds, nanos, want) in [
            (0, 0, Some("1970-01-01T00:00:00Z")),
            (1_587_651_833, 241_000_000, Some("2020-04-23T14:23:53.241Z")),
            (1_587_651_905, 349_632_000, Some("2020-04-23T14:25:05.349632Z")),
            (-1, 999_999_999, Some("1969-12-31T23:59:59.999999999Z")),
            (-1, 100_000_000, Some("1969-12-31T23:59:59.100Z")),
            // The bounds that the message's own documentation names.
            (-62_135_596_800, 0, Some("0001-01-01T00:00:00Z")),
            (253_402_300_799, 999_999_999, Some("9999-12-31T23:59:59.999999999Z")),
            (-62_135_596_801, 0, None),
            (253_402_300_800, 0, None),
            (i64::MAX, 0, None),
            (i64::MIN, 0, None),
            (0, -1, None),
            (0, 1_000_000_000, None),
            (0, i64::MAX, None),
        ] {
            assert_eq!(written(since_1970(seconds, nanos)).as_deref(), want, "{seconds} {nanos}");
        }
    }

    #[test]
    fn a_text_comes_to_the_same() {
        for (text, want) in [
            ("2020-04-23T14:23:53.241Z", Some("2020-04-23T14:23:53.241Z")),
            ("2020-04-23T16:23:53.2410000+02:00", Some("2020-04-23T14:23:53.241Z")),
            ("2020-04-23t14:23:53z", Some("2020-04-23T14:23:53Z")),
            ("9999-12-31T23:59:59.999999Z", Some("9999-12-31T23:59:59.999999Z")),
            ("0001-01-01T00:00:00Z", Some("0001-01-01T00:00:00Z")),
            ("0000-12-31T23:59:59Z", None),
            ("2020-04-23T14:23:53", None),
            ("2020-04-23", None),
            ("2020-04-23Z", None),
            ("2020-13-23T14:23:53Z", None),
            ("2020-04-23T14:23:53.0123456789Z", None),
            ("", None),
            ("soon", None),
        ] {
            assert_eq!(written(parse(text)).as_deref(), want, "{text}");
        }
    }
}
