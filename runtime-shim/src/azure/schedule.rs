//! Cron expressions as the host takes them.

/// A cron expression of five fields with the seconds that the host wants in front, and Sunday as 0: it refuses 7.
///
/// Source: [NCRONTAB expressions](https://learn.microsoft.com/azure/azure-functions/functions-bindings-timer#ncrontab-expressions).
pub(super) fn six_fields(cron: &str) -> String {
    let fields: Vec<_> = cron.split_ascii_whitespace().collect();
    let [minute, hour, day, month, weekday] = fields.as_slice() else { return cron.to_owned() };
    let weekday = weekday.split(',').map(sunday_as_0).collect::<Vec<_>>().join(",");
    format!("0 {minute} {hour} {day} {month} {weekday}")
}

/// One element of the field of the day of the week.
fn sunday_as_0(element: &str) -> String {
    let (range, step) = element.split_once('/').unwrap_or((element, "1"));
    let step: usize = step.parse().unwrap_or(0);
    match range.split_once('-') {
        None if range == "7" => "0".to_owned(),
        Some((first, "7")) if step > 0 => {
            let Ok(first) = first.parse::<u8>() else { return element.to_owned() };
            let days: Vec<_> = (first..=7).step_by(step).map(|day| (day % 7).to_string()).collect();
            days.join(",")
        }
        _ => element.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::six_fields;

    #[test]
    fn seconds_are_added_and_sunday_is_0() {
        for (cron, want) in [
            ("0 5 * * *", "0 0 5 * * *"),
            ("*/15 8-18 * * 1-5", "0 */15 8-18 * * 1-5"),
            ("0 0 * * 7", "0 0 0 * * 0"),
            ("0 0 * * 5-7", "0 0 0 * * 5,6,0"),
            ("0 0 * * 1-7/2,0", "0 0 0 * * 1,3,5,0,0"),
            ("0 0 * * SUN", "0 0 0 * * SUN"),
        ] {
            assert_eq!(six_fields(cron), want, "{cron}");
        }
    }
}
