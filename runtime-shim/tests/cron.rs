//! Cron expressions against a calendar that is walked through minute by minute, and day by day.
#![cfg(feature = "container")]

use polyfn_shim::{clock::Cron, event::Time};
use proptest::prelude::*;

/// One item of a field: what is written, and whether it fits a number.
#[derive(Clone, Debug)]
struct Item {
    text: String,
    from: i64,
    to: i64,
    step: i64,
}

#[derive(Clone, Debug)]
struct Field(Vec<Item>);

impl Field {
    fn text(&self) -> String {
        self.0.iter().map(|item| item.text.clone()).collect::<Vec<_>>().join(",")
    }

    fn fits(&self, number: i64) -> bool {
        self.0.iter().any(|item| (item.from..=item.to).contains(&number) && (number - item.from) % item.step == 0)
    }

    fn restricts(&self) -> bool {
        !self.text().starts_with('*')
    }
}

const MONTHS: [&str; 12] = ["JAN", "feb", "Mar", "APR", "MAY", "jun", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"];
const WEEKDAYS: [&str; 7] = ["SUN", "mon", "Tue", "WED", "THU", "FRI", "SAT"];

fn item(least: i64, most: i64, names: &'static [&'static str]) -> impl Strategy<Value = Item> {
    let named = move |value: i64| {
        usize::try_from(value - least).ok().and_then(|at| names.get(at)).map_or(value.to_string(), |name| (*name).to_owned())
    };
    let star = (1..=most).prop_map(move |step| {
        let text = if step == 1 { "*".to_owned() } else { format!("*/{step}") };
        Item { text, from: least, to: most, step }
    });
    let one = (least..=most, any::<bool>()).prop_map(move |(value, name)| {
        let text = if name { named(value) } else { value.to_string() };
        Item { text, from: value, to: value, step: 1 }
    });
    let range = (least..=most, least..=most, 1..=most).prop_map(move |(a, b, step)| {
        let (from, to) = (a.min(b), a.max(b));
        let text = if step == 1 { format!("{}-{to}", named(from)) } else { format!("{from}-{to}/{step}") };
        Item { text, from, to, step }
    });
    prop_oneof![2 => star, 3 => one, 2 => range]
}

fn field(least: i64, most: i64, names: &'static [&'static str]) -> impl Strategy<Value = Field> {
    let every = Just(Field(vec![Item { text: "*".to_owned(), from: least, to: most, step: 1 }]));
    prop_oneof![1 => every, 2 => proptest::collection::vec(item(least, most, names), 1..3).prop_map(Field)]
}

#[derive(Clone, Debug)]
struct Expression {
    minute: Field,
    hour: Field,
    day: Field,
    month: Field,
    weekday: Field,
}

fn expression() -> impl Strategy<Value = Expression> {
    (field(0, 59, &[]), field(0, 23, &[]), field(1, 31, &[]), field(1, 12, &MONTHS), field(0, 7, &WEEKDAYS))
        .prop_map(|(minute, hour, day, month, weekday)| Expression { minute, hour, day, month, weekday })
}

impl Expression {
    fn text(&self) -> String {
        [&self.minute, &self.hour, &self.day, &self.month, &self.weekday].map(Field::text).join(" ")
    }

    fn fits_date(&self, days: i64) -> bool {
        let (_, month, day) = civil(days);
        // 1 January 1970 was a Thursday.
        let weekday = (days + 4).rem_euclid(7);
        let weekday = self.weekday.fits(weekday) || weekday == 0 && self.weekday.fits(7);
        let day = self.day.fits(day);
        let either = self.day.restricts() && self.weekday.restricts();
        self.month.fits(month) && if either { day || weekday } else { day && weekday }
    }

    fn fits(&self, minute: i64) -> bool {
        let of_day = minute.rem_euclid(1_440);
        self.minute.fits(of_day % 60) && self.hour.fits(of_day / 60) && self.fits_date(minute.div_euclid(1_440))
    }
}

/// Year, month and day of a day since 1970, found by walking from a year's first day.
fn civil(days: i64) -> (i64, i64, i64) {
    let (mut year, mut left) = (1970, days);
    let is_leap = |year: i64| year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    loop {
        let length = if is_leap(year) { 366 } else { 365 };
        if left < length {
            break;
        }
        left -= length;
        year += 1;
    }
    let february = if is_leap(year) { 29 } else { 28 };
    for (month, length) in (1..).zip([31, february, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]) {
        if left < length {
            return (year, month, left + 1);
        }
        left -= length;
    }
    unreachable!("a year has twelve months")
}

proptest! {
    #[test]
    fn the_next_time_is_the_first_minute_that_fits(cron in expression(), start in 0_i64..4_102_444_800) {
        let text = cron.text();
        let next = Cron::parse(&text).unwrap().next(Time::from_seconds(start).unwrap());
        let found = next.map(|time| time.as_millis() / 60_000);
        prop_assert!(next.is_none_or(|time| time.as_millis() % 60_000 == 0));
        let (first, days) = (start.div_euclid(60) + 1, 30);
        match (first..first + days * 1_440).find(|minute| cron.fits(*minute)) {
            Some(walked) => prop_assert_eq!(found, Some(walked), "{} after {}", text, start),
            None => prop_assert!(found.is_none_or(|found| found >= first + days * 1_440), "{} after {}", text, start),
        }
    }

    #[test]
    fn a_rare_time_is_found_and_an_impossible_one_is_not(day in 28_i64..=31, month in 1_i64..=12, weekday in field(0, 7, &WEEKDAYS), start in 0_i64..80_000) {
        let one = |value: i64| Field(vec![Item { text: value.to_string(), from: value, to: value, step: 1 }]);
        let cron = Expression { minute: one(7), hour: one(23), day: one(day), month: one(month), weekday };
        let next = Cron::parse(&cron.text()).unwrap().next(Time::from_seconds(start * 86_400).unwrap());
        // A date that exists comes within forty years, also on one weekday only, and eight more for a century without its leap day.
        let walked = (start..start + 48 * 366).find(|days| cron.fits_date(*days));
        let want = walked.map(|days| days * 86_400_000 + (23 * 60 + 7) * 60_000);
        prop_assert_eq!(next.map(Time::as_millis), want, "{} after day {}", cron.text(), start);
    }
}

#[test]
fn the_walked_calendar_is_right() {
    for (days, date) in
        [(0, (1970, 1, 1)), (59, (1970, 3, 1)), (11_016, (2000, 2, 29)), (20_783, (2026, 11, 26)), (47_541, (2100, 3, 1))]
    {
        assert_eq!(civil(days), date);
    }
}
