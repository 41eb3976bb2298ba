/// The same cron expression with Sunday as 0 alone: where crontab takes 7 too, several schedulers refuse it.
///
/// ```
/// use polyfn_shim::function::sunday_as_0;
///
/// assert_eq!(sunday_as_0("0 5 * * 5-7"), "0 5 * * 5,6,0");
/// ```
pub fn sunday_as_0(cron: &str) -> String {
    let fields: Vec<_> = cron.split_ascii_whitespace().collect();
    let [minute, hour, day, month, weekday] = fields.as_slice() else { return cron.to_owned() };
    let weekday = weekday.split(',').map(element).collect::<Vec<_>>().join(",");
    format!("{minute} {hour} {day} {month} {weekday}")
}

/// One element of the field of the day of the week.
fn element(element: &str) -> String {
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
