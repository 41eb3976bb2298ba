//! Cron expressions in AWS's dialect.

/// An expression of five fields as EventBridge Scheduler has it: weekdays from 1 (Sunday) on, here by their names, `?` for one of
/// the two days, and a sixth field for the year. `None` if it is none, or has a day of the month and a weekday.
///
/// Source: [Schedule types](https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html#cron-based).
pub(super) fn cron(text: &str) -> Option<String> {
    let fields: Vec<_> = text.split_whitespace().collect();
    let [minutes, hours, days, months, weekdays] = <[&str; 5]>::try_from(fields).ok()?;
    let (minutes, hours) = (field(minutes, &MINUTE)?, field(hours, &HOUR)?);
    let (days, months, weekdays) = (field(days, &DAY)?, field(months, &MONTH)?, field(weekdays, &WEEKDAY)?);
    let (days, weekdays) = match (days.as_str(), weekdays.as_str()) {
        (_, "*") => (days, "?".to_owned()),
        ("*", _) => ("?".to_owned(), weekdays),
        _ => return None,
    };
    Some(format!("cron({minutes} {hours} {days} {months} {weekdays} *)"))
}

/// What one field may hold, and the names that its values have.
struct Field {
    least: usize,
    most: usize,
    names: &'static [&'static str],
    /// Whether the values are written by their names.
    named: bool,
}

const MINUTE: Field = Field { least: 0, most: 59, names: &[], named: false };
const HOUR: Field = Field { least: 0, most: 23, names: &[], named: false };
const DAY: Field = Field { least: 1, most: 31, names: &[], named: false };
const MONTH: Field = Field {
    least: 1,
    most: 12,
    names: &["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"],
    named: false,
};
const WEEKDAY: Field = Field { least: 0, most: 6, names: &["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"], named: true };

/// One field: every value, a step from the least on, or values and ranges. AWS has no step within a range.
fn field(text: &str, field: &Field) -> Option<String> {
    let mut set = vec![false; field.most + 1];
    for item in text.split(',') {
        let (range, step) = match item.split_once('/') {
            Some((range, step)) => (range, step.parse().ok().filter(|step| *step > 0)?),
            None => (item, 1),
        };
        let (from, to) = match range.split_once('-') {
            _ if range == "*" => (field.least, field.most),
            Some((from, to)) => (value(from, field)?, value(to, field)?),
            None => (value(range, field)?, value(range, field)?),
        };
        // 7 is Sunday as well.
        for value in (from..=to).step_by(step) {
            *set.get_mut(if field.named { value % 7 } else { value })? = true;
        }
    }
    let values: Vec<usize> = set.iter().enumerate().filter(|(_, is_in)| **is_in).map(|(value, _)| value).collect();
    if values.is_empty() { None } else { Some(written(&values, field)) }
}

fn value(text: &str, field: &Field) -> Option<usize> {
    let most = if field.named { 7 } else { field.most };
    let named = || Some(field.names.iter().position(|name| name.eq_ignore_ascii_case(text))? + field.least);
    text.parse().ok().or_else(named).filter(|value| (field.least..=most).contains(value))
}

fn written(values: &[usize], field: &Field) -> String {
    let name = |value: usize| match field.names.get(value) {
        Some(name) if field.named => (*name).to_owned(),
        _ => value.to_string(),
    };
    if values.len() == field.most - field.least + 1 {
        return "*".to_owned();
    }
    if let [first, second, _, ..] = values
        && !field.named
        && second - first > 1
        && values.iter().copied().eq((*first..=field.most).step_by(second - first))
    {
        return format!("{first}/{}", second - first);
    }
    let mut parts: Vec<(usize, usize)> = Vec::new();
    for value in values {
        match parts.last_mut() {
            Some((_, end)) if *end + 1 == *value => *end = *value,
            _ => parts.push((*value, *value)),
        }
    }
    let part = |(from, to): &(usize, usize)| match to - from {
        0 => name(*from),
        1 => format!("{},{}", name(*from), name(*to)),
        _ => format!("{}-{}", name(*from), name(*to)),
    };
    parts.iter().map(part).collect::<Vec<_>>().join(",")
}

#[cfg(test)]
mod tests {
    use super::cron;

    #[test]
    fn each_field_is_in_the_dialect_of_aws() {
        for (five, six) in [
            ("* * * * *", "cron(* * * * ? *)"),
            ("0 5 * * *", "cron(0 5 * * ? *)"),
            ("*/15 * * * *", "cron(0/15 * * * ? *)"),
            ("5-59/10 */6 * * *", "cron(5/10 0/6 * * ? *)"),
            ("1-31/2 0 1-15/5 * *", "cron(1,3,5,7,9,11,13,15,17,19,21,23,25,27,29,31 0 1,6,11 * ? *)"),
            ("0,30 9-17 * * 1-5", "cron(0,30 9-17 ? * MON-FRI *)"),
            ("0 0 * * 0", "cron(0 0 ? * SUN *)"),
            ("0 0 * * 7", "cron(0 0 ? * SUN *)"),
            ("0 0 * * 5-7", "cron(0 0 ? * SUN,FRI,SAT *)"),
            ("0 0 * * mon,Wed", "cron(0 0 ? * MON,WED *)"),
            ("0 0 * * */2", "cron(0 0 ? * SUN,TUE,THU,SAT *)"),
            ("0 0 1 JAN,jul *", "cron(0 0 1 1,7 ? *)"),
            ("0 0 1 */3 *", "cron(0 0 1 1/3 ? *)"),
            ("0 0 1 * 0-6", "cron(0 0 1 * ? *)"),
        ] {
            assert_eq!(cron(five).as_deref(), Some(six), "{five}");
        }
        for none in ["0 0 1 * MON", "0 0 * *", "60 * * * *", "0 0 0 * *", "x * * * *", "*/0 * * * *"] {
            assert_eq!(cron(none), None, "{none}");
        }
    }
}
