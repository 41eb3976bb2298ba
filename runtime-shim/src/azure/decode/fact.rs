use std::borrow::Cow;

use super::members::Members;
use crate::event::Time;

/// Something that is told beside a message, as JSON text.
///
/// Whoever sent the message can have written over it, so that a fact of another type than it should be is unusable and
/// nothing worse.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Fact<'a>(Cow<'a, str>);

impl<'a> Fact<'a> {
    /// A value as it stands, inside an object or array that was read already.
    pub(super) fn plain(json: &'a str) -> Self {
        Self(Cow::Borrowed(json))
    }

    /// A member of Metadata: a text holds the JSON text of the value, unless it is no JSON, as a date is not.
    pub(super) fn wrapped(json: &'a str) -> Self {
        let inner = Self::plain(json).string().filter(|text| serde_json::from_str::<serde::de::IgnoredAny>(text).is_ok());
        Self(inner.map_or(Cow::Borrowed(json), Cow::Owned))
    }

    /// The same, on its own.
    pub(super) fn into_owned(self) -> Fact<'static> {
        Fact(Cow::Owned(self.0.into_owned()))
    }

    /// The JSON text.
    pub(super) fn json(&self) -> &str {
        self.0.trim_ascii()
    }

    /// The text, if it is one.
    pub(super) fn string(&self) -> Option<String> {
        if self.json().starts_with('"') { serde_json::from_str(self.json()).ok() } else { None }
    }

    /// The text; a number's digits and a boolean as they are written. `None` for null, objects and arrays.
    pub(super) fn text(&self) -> Option<String> {
        match self.json().bytes().next() {
            Some(b'"') => self.string(),
            None | Some(b'{' | b'[' | b'n') => None,
            Some(_) => Some(self.json().to_owned()),
        }
    }

    /// A whole number, never through a float.
    pub(super) fn count(&self) -> Option<u64> {
        let text = self.text()?;
        let (whole, fraction) = text.split_once('.').unwrap_or((&text, ""));
        if fraction.bytes().any(|digit| digit != b'0') { None } else { whole.parse().ok() }
    }

    /// A time; one without a zone is in UTC.
    pub(super) fn time(&self) -> Option<Time> {
        let text = self.string()?;
        Time::parse(&text).or_else(|| Time::parse(&format!("{text}Z")))
    }

    /// Its members, if it is an object.
    pub(super) fn members(&self) -> Option<Members<'_>> {
        Members::read(&self.0)
    }

    /// One member of it, unless that is null.
    pub(super) fn member(&self, name: &str) -> Option<Fact<'static>> {
        let json = self.members()?.get(name)?.to_owned();
        Some(Fact(Cow::Owned(json))).filter(|fact| fact.json() != "null")
    }

    /// Its elements, if it is an array.
    pub(super) fn elements(&self) -> Option<Vec<Fact<'static>>> {
        let list: Vec<&serde_json::value::RawValue> = serde_json::from_str(&self.0).ok()?;
        Some(list.into_iter().map(|element| Fact(Cow::Owned(element.get().to_owned()))).collect())
    }

    /// Its members as attributes: texts as they are, others as their JSON text, without nulls.
    pub(super) fn attributes(&self) -> Option<Vec<(String, String)>> {
        let members = self.members()?;
        let present = members.iter().filter(|(_, json)| *json != "null");
        Some(present.map(|(name, json)| (name.to_owned(), Fact::plain(json).to_text())).collect())
    }

    /// The text if it is one, else the JSON text.
    pub(super) fn to_text(&self) -> String {
        self.string().unwrap_or_else(|| self.json().to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::Fact;

    #[test]
    fn a_text_is_parsed_once_more_unless_it_is_no_json() {
        for (json, want) in [
            (r#""\"00012\"""#, Some("00012")),
            (r#""00012""#, Some("00012")),
            (r#""120""#, Some("120")),
            (r#""\"120\"""#, Some("120")),
            ("9223372036854775807", Some("9223372036854775807")),
            (r#""2025-02-18T03:06:19+00:00""#, Some("2025-02-18T03:06:19+00:00")),
            (r#""null""#, None),
            ("null", None),
            ("{}", None),
            (r#""[1]""#, None),
        ] {
            assert_eq!(Fact::wrapped(json).text().as_deref(), want, "{json}");
        }
    }

    #[test]
    fn counts_are_whole() {
        for (json, want) in [(r#""4""#, Some(4)), ("4", Some(4)), ("4.0", Some(4)), ("4.5", None), ("-1", None), ("{}", None)] {
            assert_eq!(Fact::wrapped(json).count(), want, "{json}");
        }
    }

    #[test]
    fn times_are_converted_to_utc_and_do_not_overflow() {
        for (json, want) in [
            (r#""2025-02-18T03:06:19+00:00""#, Some("2025-02-18T03:06:19Z")),
            (r#""\"2025-02-18T03:06:19+00:00\"""#, Some("2025-02-18T03:06:19Z")),
            (r#""2025-02-18T03:06:19+01:00""#, Some("2025-02-18T02:06:19Z")),
            (r#""2024-05-01T10:00:00.1230000""#, Some("2024-05-01T10:00:00.1230000Z")),
            (r#""0001-01-01T00:00:00""#, Some("0001-01-01T00:00:00Z")),
            (r#""9999-12-31T23:59:59+00:00""#, None),
            ("7", None),
        ] {
            assert_eq!(Fact::wrapped(json).time().map(|time| time.to_string()).as_deref(), want, "{json}");
        }
    }
}
