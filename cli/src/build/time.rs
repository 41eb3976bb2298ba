use crate::failure::Failure;

/// The one time that everything in an artefact has: `SOURCE_DATE_EPOCH`, else the beginning of 1970.
///
/// Source: [SOURCE_DATE_EPOCH](https://reproducible-builds.org/specs/source-date-epoch/).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Time(jiff::Timestamp);

impl Time {
    pub(super) fn read(value: Option<&str>) -> Result<Self, Failure> {
        let Some(value) = value.filter(|value| !value.is_empty()) else { return Ok(Self::default()) };
        let seconds = value.parse::<u32>().ok();
        let time = seconds.and_then(|seconds| jiff::Timestamp::from_second(seconds.into()).ok());
        time.map(Self).ok_or_else(|| Failure::usage(format!("SOURCE_DATE_EPOCH is no number of seconds since 1970: `{value}`")))
    }

    /// Seconds since 1970.
    pub(super) fn seconds(self) -> u64 {
        u64::try_from(self.0.as_second()).unwrap_or_default()
    }

    /// As a zip has it, which knows no time before 1980.
    pub(super) fn in_zips(self) -> rawzip::time::UtcDateTime {
        const BEGINNING: i64 = 315_532_800;
        rawzip::time::UtcDateTime::from_unix(self.0.as_second().max(BEGINNING))
    }
}

/// RFC 3339.
impl std::fmt::Display for Time {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_zip_begins_in_1980() {
        let none = Time::read(None).unwrap();
        assert_eq!((none.seconds(), none.to_string()), (0, "1970-01-01T00:00:00Z".to_owned()));
        assert_eq!(none.in_zips().to_string(), "1980-01-01T00:00:00Z");
    }

    #[test]
    fn a_time_that_was_asked_for_is_everywhere() {
        // `date --utc --date 2024-02-29T12:34:56Z +%s`
        let leap = Time::read(Some("1709210096")).unwrap();
        assert_eq!((leap.seconds(), leap.to_string()), (1_709_210_096, "2024-02-29T12:34:56Z".to_owned()));
        assert_eq!(leap.in_zips().to_string(), "2024-02-29T12:34:56Z");
        assert_eq!(Time::read(Some("")).unwrap(), Time::default());
        for text in ["yesterday", "-1", "1.5"] {
            assert_eq!(Time::read(Some(text)).unwrap_err().code(), 2, "{text}");
        }
    }
}
