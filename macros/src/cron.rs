/// What one field of a cron expression may hold.
struct Field {
    word: &'static str,
    least: u32,
    most: u32,
    names: &'static [&'static str],
}

const MONTHS: &[&str] = &["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"];
const WEEKDAYS: &[&str] = &["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"];

const FIELDS: [Field; 5] = [
    Field { word: "minute", least: 0, most: 59, names: &[] },
    Field { word: "hour", least: 0, most: 23, names: &[] },
    Field { word: "day of the month", least: 1, most: 31, names: &[] },
    Field { word: "month", least: 1, most: 12, names: MONTHS },
    Field { word: "weekday", least: 0, most: 7, names: WEEKDAYS },
];

/// Checks a five-field cron expression; the message says which field is wrong and what it may hold.
pub(crate) fn check(text: &str) -> Result<(), String> {
    const HOW: &str = "cron expressions have five fields (minute hour day month weekday)";
    if text.starts_with("cron(") || text.starts_with("rate(") || text.starts_with('@') {
        return Err(format!("{HOW}; write them alone, such as `0 5 * * *`"));
    }
    let fields: Vec<&str> = text.split_whitespace().collect();
    if fields.len() != FIELDS.len() {
        let count = match fields.len() {
            0 => "none".to_owned(),
            1 => "one".to_owned(),
            2 => "two".to_owned(),
            3 => "three".to_owned(),
            4 => "four".to_owned(),
            6 => "six".to_owned(),
            7 => "seven".to_owned(),
            more => more.to_string(),
        };
        return Err(format!("{HOW}; this one has {count}"));
    }
    fields.iter().zip(&FIELDS).try_for_each(|(text, field)| text.split(',').try_for_each(|item| field.item(item)))
}

impl Field {
    /// `*`, `5`, `MON`, `1-5`, and `*/10` or `1-31/2`.
    fn item(&self, item: &str) -> Result<(), String> {
        let (range, step) = match item.split_once('/') {
            Some((range, step)) => (range, Some(step)),
            None => (item, None),
        };
        if let Some(step) = step {
            if number(step).is_none_or(|step| step == 0 || step > self.most) {
                return Err(self.wrong(item, &format!("a step is a number from 1 to {}", self.most)));
            }
            if range != "*" && !range.contains('-') {
                return Err(self.wrong(item, "a step follows `*` or a range"));
            }
        }
        match range.split_once('-') {
            _ if range == "*" => Ok(()),
            Some((from, to)) => match (self.value(from), self.value(to)) {
                (Some(from), Some(to)) if from > to => Err(self.wrong(item, "the range runs backwards")),
                (Some(_), Some(_)) => Ok(()),
                _ => Err(self.wrong(item, &self.values())),
            },
            None if range == "?" => Err(self.wrong(item, "write `*`")),
            None => self.value(range).map(|_| ()).ok_or_else(|| self.wrong(item, &self.values())),
        }
    }

    fn value(&self, text: &str) -> Option<u32> {
        let named = || {
            let index = self.names.iter().position(|name| name.eq_ignore_ascii_case(text))?;
            u32::try_from(index).ok()?.checked_add(self.least)
        };
        number(text).or_else(named).filter(|value| (self.least..=self.most).contains(value))
    }

    fn values(&self) -> String {
        let names = match (self.names.first(), self.names.last()) {
            (Some(first), Some(last)) => format!(" or {first} to {last}"),
            _ => String::new(),
        };
        format!("it takes `*`, numbers from {} to {}{names}, ranges, lists and steps", self.least, self.most)
    }

    fn wrong(&self, item: &str, why: &str) -> String {
        format!("`{item}` does not fit the {} of a cron expression: {why}", self.word)
    }
}

/// Digits alone: `+5` parses as a number, but no provider takes it.
fn number(text: &str) -> Option<u32> {
    if text.bytes().all(|byte| byte.is_ascii_digit()) { text.parse().ok() } else { None }
}

#[cfg(test)]
mod tests {
    use super::check;

    #[test]
    fn five_fields_of_numbers_names_ranges_lists_and_steps() {
        for right in [
            "0 5 * * *",
            "*/15 * * * *",
            "0,30 8-18 * * MON-FRI",
            "0 0 1 jan,Jul *",
            "10-50/20 0 */2 1-12 0-7",
            "59 23 31 12 7",
            "  0   0 * * SUN ",
        ] {
            assert_eq!(check(right), Ok(()), "{right}");
        }
    }

    #[test]
    fn a_wrong_field_is_named() {
        for (wrong, message) in [
            ("0 0 0 * * *", "this one has six"),
            ("0 5 * *", "this one has four"),
            ("", "this one has none"),
            ("@daily", "write them alone"),
            ("cron(0 5 * * ? *)", "write them alone"),
            ("60 * * * *", "`60` does not fit the minute of a cron expression: it takes `*`, numbers from 0 to 59, ranges"),
            ("* 24 * * *", "does not fit the hour"),
            ("* * 0 * *", "does not fit the day of the month"),
            ("* * * 13 *", "numbers from 1 to 12 or JAN to DEC"),
            ("* * * * 8", "does not fit the weekday"),
            ("* * ? * *", "write `*`"),
            ("* * * * MON-FOO", "does not fit the weekday"),
            ("5-1 * * * *", "runs backwards"),
            ("*/0 * * * *", "a step is a number from 1 to 59"),
            ("5/10 * * * *", "a step follows `*` or a range"),
            ("1,,2 * * * *", "`` does not fit the minute"),
            ("+5 * * * *", "`+5` does not fit the minute"),
            ("4294967296 * * * *", "does not fit the minute"),
            ("* * L * *", "`L` does not fit the day"),
            ("1--2 * * * *", "does not fit the minute"),
        ] {
            let error = check(wrong).unwrap_err();
            assert!(error.contains(message), "{wrong}: {error}");
        }
    }
}
