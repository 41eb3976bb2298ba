//! Cron expressions as the host takes them.

use crate::function::sunday_as_0;

/// A cron expression of five fields with the seconds that the host wants in front, and Sunday as 0: it refuses 7.
///
/// Source: [NCRONTAB expressions](https://learn.microsoft.com/azure/azure-functions/functions-bindings-timer#ncrontab-expressions).
pub(super) fn six_fields(cron: &str) -> String {
    if cron.split_ascii_whitespace().count() == 5 { format!("0 {}", sunday_as_0(cron)) } else { cron.to_owned() }
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
