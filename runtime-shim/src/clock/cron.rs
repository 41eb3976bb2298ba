use jiff::{
    Timestamp,
    civil::{Date, DateTime},
    tz::Offset,
};

use super::field::{self, lowest};
use crate::event::Time;

/// A cron expression of five fields (minute, hour, day of the month, month, weekday), in UTC.
///
/// Each field is a list of `*`, a value, a range such as `1-5`, and either of the first and the last with a step: `*/10`,
/// `1-31/2`. Months and weekdays have names too; 0 and 7 are both Sunday. If the day of the month and the weekday are both
/// restricted, a day that fits one of them is enough; a field that begins with `*` restricts nothing by itself.
///
/// ```
/// use polyfn_shim::{clock::Cron, event::Time};
///
/// let weekly = Cron::parse("30 5 * * MON").unwrap();
/// let friday = Time::parse("2026-11-27T09:00:00Z").unwrap();
/// assert_eq!(weekly.next(friday).unwrap().to_string(), "2026-11-30T05:30:00Z");
/// assert_eq!(Cron::parse("0 0 30 2 *").unwrap().next(friday), None);
/// ```
///
/// Source: [crontab(5)](https://manpages.debian.org/bookworm/cron/crontab.5.en.html).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cron {
    minutes: u64,
    hours: u64,
    days: u64,
    months: u64,
    weekdays: u64,
    /// Whether one of day and weekday is enough.
    either: bool,
}

/// The calendar repeats after 400 years, weekdays included: what does not come in as many months never comes.
const MONTHS: u32 = 400 * 12;

impl Cron {
    /// Reads an expression; `None` if it is none.
    pub fn parse(text: &str) -> Option<Self> {
        let fields: Vec<_> = text.split_whitespace().collect();
        let [minutes, hours, days, months, weekdays] = <[&str; 5]>::try_from(fields).ok()?;
        Some(Self {
            minutes: field::MINUTE.read(minutes)?,
            hours: field::HOUR.read(hours)?,
            days: field::DAY.read(days)?,
            months: field::MONTH.read(months)?,
            weekdays: field::WEEKDAY.read(weekdays)?,
            either: !days.starts_with('*') && !weekdays.starts_with('*'),
        })
    }

    /// The first minute after this moment that fits; `None` if none ever does, as on 30 February, or before the year 9999 ends.
    pub fn next(&self, after: Time) -> Option<Time> {
        let minute = after.as_millis().div_euclid(60_000).checked_add(1)?;
        let from = Offset::UTC.to_datetime(Timestamp::from_second(minute.checked_mul(60)?).ok()?);
        if self.days_of(from.date()) & bit(from.day()) != 0
            && let Some((hour, minute)) = self.time_from(from.hour(), from.minute())
        {
            return moment(from.date(), hour, minute);
        }
        let (hour, minute) = self.time_from(0, 0)?;
        let mut from = from.date().tomorrow().ok()?;
        for _ in 0..=MONTHS {
            if let Some(day) = lowest(self.days_of(from), from.day()) {
                return moment(Date::new(from.year(), from.month(), day).ok()?, hour, minute);
            }
            from = from.last_of_month().tomorrow().ok()?;
        }
        None
    }

    /// The days that fit in the month of this date.
    fn days_of(&self, date: Date) -> u64 {
        if self.months & bit(date.month()) == 0 {
            return 0;
        }
        let mut weekday = date.first_of_month().weekday().to_sunday_zero_offset();
        let (mut all, mut by_weekday) = (0, 0);
        for day in 1..=date.days_in_month() {
            all |= bit(day);
            if self.weekdays & bit(weekday) != 0 {
                by_weekday |= bit(day);
            }
            weekday = if weekday == 6 { 0 } else { weekday + 1 };
        }
        all & if self.either { self.days | by_weekday } else { self.days & by_weekday }
    }

    /// The first time of day that fits, from this one on.
    fn time_from(&self, hour: i8, minute: i8) -> Option<(i8, i8)> {
        if self.hours & bit(hour) != 0
            && let Some(minute) = lowest(self.minutes, minute)
        {
            return Some((hour, minute));
        }
        Some((lowest(self.hours, hour + 1)?, lowest(self.minutes, 0)?))
    }
}

fn bit(value: i8) -> u64 {
    u32::try_from(value).ok().and_then(|value| 1_u64.checked_shl(value)).unwrap_or(0)
}

fn moment(date: Date, hour: i8, minute: i8) -> Option<Time> {
    let at = Offset::UTC.to_timestamp(DateTime::from_parts(date, jiff::civil::Time::new(hour, minute, 0, 0).ok()?)).ok()?;
    Time::from_seconds(at.as_second())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn next(cron: &str, after: &str) -> Option<String> {
        Cron::parse(cron).unwrap().next(Time::parse(after).unwrap()).map(|time| time.to_string())
    }

    #[test]
    fn the_next_minute_that_fits() {
        for (cron, after, want) in [
            ("* * * * *", "2026-11-26T09:00:00Z", "2026-11-26T09:01:00Z"),
            ("* * * * *", "2026-11-26T09:00:59.999Z", "2026-11-26T09:01:00Z"),
            ("* * * * *", "2026-12-31T23:59:30Z", "2027-01-01T00:00:00Z"),
            ("* * * * *", "1969-12-31T23:58:30Z", "1969-12-31T23:59:00Z"),
            ("0 5 * * *", "2026-11-26T05:00:00Z", "2026-11-27T05:00:00Z"),
            ("0 5 * * *", "2026-11-26T04:59:59Z", "2026-11-26T05:00:00Z"),
            ("*/15 8-18 * * MON-FRI", "2026-11-27T18:50:00Z", "2026-11-30T08:00:00Z"),
            ("10-50/20 0 * * *", "2026-11-26T00:11:00Z", "2026-11-26T00:30:00Z"),
            ("0 0 1 jan,Jul *", "2026-11-26T09:00:00Z", "2027-01-01T00:00:00Z"),
            ("59 23 31 * *", "2026-11-26T09:00:00Z", "2026-12-31T23:59:00Z"),
            ("  0   0 * *  7 ", "2026-11-26T09:00:00Z", "2026-11-29T00:00:00Z"),
            ("0 0 * * 0", "2026-11-26T09:00:00Z", "2026-11-29T00:00:00Z"),
            ("0 0 * * 5-7", "2026-11-28T00:00:00Z", "2026-11-29T00:00:00Z"),
        ] {
            assert_eq!(next(cron, after).as_deref(), Some(want), "{cron} after {after}");
        }
    }

    #[test]
    fn a_day_or_a_weekday_is_enough_if_both_are_restricted() {
        // 26 November 2026 is a Thursday.
        for (cron, want) in [
            ("0 0 30 * FRI", "2026-11-27T00:00:00Z"),
            ("0 0 27 * SAT", "2026-11-27T00:00:00Z"),
            ("0 0 1-31 * SUN", "2026-11-27T00:00:00Z"),
            // A field that begins with a star restricts nothing by itself, but its step counts.
            ("0 0 */2 * FRI", "2026-11-27T00:00:00Z"),
            ("0 0 */2 * SAT", "2026-12-05T00:00:00Z"),
            ("0 0 30 * *", "2026-11-30T00:00:00Z"),
        ] {
            assert_eq!(next(cron, "2026-11-26T09:00:00Z").as_deref(), Some(want), "{cron}");
        }
    }

    #[test]
    fn leap_days_come_when_they_come() {
        for (after, want) in [
            ("2026-11-26T09:00:00Z", "2028-02-29T12:00:00Z"),
            ("2028-02-29T12:00:00Z", "2032-02-29T12:00:00Z"),
            ("2096-03-01T00:00:00Z", "2104-02-29T12:00:00Z"),
        ] {
            assert_eq!(next("0 12 29 2 *", after).as_deref(), Some(want));
        }
        // On a Sunday only, since `*/7` begins with a star: 29 February 2032 is one, and then those of 2060 and 2088.
        assert_eq!(next("0 12 29 2 */7", "2032-03-01T00:00:00Z").as_deref(), Some("2060-02-29T12:00:00Z"));
        // Forty years pass where a century has no leap day.
        assert_eq!(next("0 12 29 2 */7", "2088-03-01T00:00:00Z").as_deref(), Some("2128-02-29T12:00:00Z"));
    }

    #[test]
    fn what_never_comes_ends_the_search() {
        for cron in ["0 0 30 2 *", "0 0 31 2,4,6,9,11 *", "0 0 30-31 FEB */2"] {
            assert_eq!(next(cron, "2026-11-26T09:00:00Z"), None, "{cron}");
        }
        // Restricted by a weekday as well, one of them is enough.
        assert_eq!(next("0 0 30 2 MON", "2026-11-26T09:00:00Z").as_deref(), Some("2027-02-01T00:00:00Z"));
        assert_eq!(next("* * * * *", "9999-12-30T21:59:59Z").as_deref(), Some("9999-12-30T22:00:00Z"));
        assert_eq!(next("0 0 1 1 *", "9999-12-30T21:59:59Z"), None);
    }

    #[test]
    fn what_is_no_expression_is_refused() {
        for text in [
            "",
            "0 5 * *",
            "0 0 0 * * *",
            "@daily",
            "cron(0 5 * * ? *)",
            "60 * * * *",
            "* 24 * * *",
            "* * 0 * *",
            "* * 32 * *",
            "* * * 0 *",
            "* * * 13 *",
            "* * * * 8",
            "* * ? * *",
            "* * L * *",
            "* * * * MON-FOO",
            "5-1 * * * *",
            "*/0 * * * *",
            "*/60 * * * *",
            "5/10 * * * *",
            "*/5/5 * * * *",
            "1,,2 * * * *",
            "1, * * * *",
            "+5 * * * *",
            "-5 * * * *",
            "1--2 * * * *",
            "*-5 * * * *",
            "4294967296 * * * *",
            "MON * * * *",
        ] {
            assert_eq!(Cron::parse(text), None, "{text}");
        }
    }
}
