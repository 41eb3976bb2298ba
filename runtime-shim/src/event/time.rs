use std::{fmt, time::Duration};

use jiff::{SignedDuration, Timestamp};
use serde::{Serialize, Serializer};

/// A moment in UTC with the precision that the provider gave: up to nine digits of a second.
///
/// ```
/// use polyfn_shim::event::Time;
///
/// assert_eq!(Time::from_millis(1_520_621_625_029).unwrap().to_string(), "2018-03-09T18:53:45.029Z");
/// assert_eq!(Time::parse("2020-09-29T04:32:00.100-07:00").unwrap().to_string(), "2020-09-29T11:32:00.100Z");
/// assert_eq!(Time::from_seconds(0).unwrap().to_string(), "1970-01-01T00:00:00Z");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Time {
    at: Timestamp,
    digits: u8,
}

impl Time {
    /// From seconds since 1970; `None` outside the years -9999 to 9999.
    pub fn from_seconds(seconds: i64) -> Option<Self> {
        Some(Self { at: Timestamp::from_second(seconds).ok()?, digits: 0 })
    }

    /// From milliseconds since 1970, with three digits.
    pub fn from_millis(millis: i64) -> Option<Self> {
        Some(Self { at: Timestamp::from_millisecond(millis).ok()?, digits: 3 })
    }

    /// From microseconds since 1970, with six digits.
    pub fn from_micros(micros: i64) -> Option<Self> {
        Some(Self { at: Timestamp::from_microsecond(micros).ok()?, digits: 6 })
    }

    /// From RFC 3339 text; an offset is converted to UTC, the digits of the second stay as many as they are.
    /// `None` if it is no such text, has no offset, or has more than nine digits.
    pub fn parse(text: &str) -> Option<Self> {
        // ISO 8601 has a comma before the fraction too, and RFC 9557 the name of a zone after the time.
        if text.contains([',', '[']) {
            return None;
        }
        let at = text.parse::<Timestamp>().ok()?;
        let fraction = text.split_once('.').map_or("", |(_, rest)| rest);
        let digits = fraction.bytes().take_while(u8::is_ascii_digit).count();
        Some(Self { at, digits: u8::try_from(digits).ok().filter(|digits| *digits <= 9)? })
    }

    /// Now, with milliseconds.
    pub fn now() -> Self {
        Self { at: Timestamp::now(), digits: 3 }
    }

    /// The moment this long after it, with its precision; `None` past the year 9999.
    pub fn after(self, duration: Duration) -> Option<Self> {
        Some(Self { at: self.at.checked_add(duration).ok()?, ..self })
    }

    /// Milliseconds since 1970.
    pub fn as_millis(self) -> i64 {
        self.at.as_millisecond()
    }

    /// How long it is from `earlier` to this moment; zero if that is later.
    pub fn since(self, earlier: Self) -> Duration {
        Duration::try_from(self.at.duration_since(earlier.at).max(SignedDuration::ZERO)).unwrap_or_default()
    }
}

impl fmt::Display for Time {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:.*}", usize::from(self.digits), self.at)
    }
}

impl Serialize for Time {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_precision_that_came_in_stays() {
        for (text, want) in [
            ("2020-09-29T04:32:00.123456789-07:00", "2020-09-29T11:32:00.123456789Z"),
            ("2020-09-29T11:32:00.100Z", "2020-09-29T11:32:00.100Z"),
            ("2025-02-18T03:06:19+00:00", "2025-02-18T03:06:19Z"),
            ("9999-12-30T22:00:00Z", "9999-12-30T22:00:00Z"),
            ("2024-05-01t10:00:00z", "2024-05-01T10:00:00Z"),
        ] {
            assert_eq!(Time::parse(text).map(|time| time.to_string()).as_deref(), Some(want), "{text}");
        }
    }

    #[test]
    fn what_is_no_time_is_refused() {
        for text in [
            "",
            "2024",
            "2024-05-01T10:00:00",
            "2024-13-01T10:00:00Z",
            "yesterday",
            "2024-05-01T10:00:00.1234567891Z",
            "2024-05-01T10:00:00,100Z",
            "2024-05-01T10:00:00Z[Europe/Paris]",
        ] {
            assert_eq!(Time::parse(text), None, "{text}");
        }
        assert_eq!(Time::from_seconds(i64::MAX), None);
        assert_eq!(Time::from_millis(i64::MIN), None);
    }

    #[test]
    fn a_leap_second_does_no_harm() {
        // Whether a leap second is a time at all is the library's to say; it must be no other minute, and no panic.
        assert!(Time::parse("2016-12-31T23:59:60Z").is_none_or(|time| time.to_string().starts_with("2016-12-31T23:59:")));
    }
}
