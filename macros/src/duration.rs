use std::time::Duration;

/// Reads a duration such as `30s`, `500ms` or `5m`.
pub(crate) fn parse(text: &str) -> Result<Duration, &'static str> {
    const HOW: &str = "a duration is a whole number above zero and a unit, such as `500ms`, `30s` or `5m`";
    let digits = text.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let (number, unit) = (digits.parse::<u64>().map_err(|_| HOW)?, text.get(digits.len()..).unwrap_or_default());
    let duration = match unit {
        "ms" => Some(Duration::from_millis(number)),
        "s" => Some(Duration::from_secs(number)),
        "m" => number.checked_mul(60).map(Duration::from_secs),
        _ => None,
    };
    duration.filter(|duration| !duration.is_zero()).ok_or(HOW)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_duration_has_a_number_and_a_unit() {
        assert_eq!(parse("500ms"), Ok(Duration::from_millis(500)));
        assert_eq!(parse("30s"), Ok(Duration::from_secs(30)));
        assert_eq!(parse("5m"), Ok(Duration::from_secs(300)));
        for wrong in ["", "s", "30", "0s", "-1s", "1.5s", "1h", "30 s", "30S", "18446744073709551615m", "99999999999999999999s"] {
            assert!(parse(wrong).is_err(), "{wrong}");
        }
    }
}
