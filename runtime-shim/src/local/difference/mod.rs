//! What is different between two replies, or two events, for people to read.

mod events;
mod ignore;
mod json;
mod lines;
mod outcomes;
mod replies;

use std::fmt;

pub use self::ignore::Ignore;
use super::recording::{Ended, Reply};
use crate::Event;

/// What is different between what was expected and what came; empty if nothing is.
///
/// Each entry names its place, as a path, and prints on one line or more: what was expected behind `-`, what came behind `+`.
/// A recording's `[redacted]` stands for anything.
///
/// ```
/// use polyfn_shim::local::{difference::{Difference, Ignore}, recording::Reply};
///
/// let reply = |body: &str| Reply { body: body.to_owned().into(), ..Reply::default() };
/// let difference = Difference::of_replies(&reply(r#"{"a":{"b":[1,2]}}"#), &reply(r#"{"a":{"b":[1,3]}}"#), Ignore::Nothing);
/// assert_eq!(difference.to_string(), "body.a.b[1]:\n  - 2\n  + 3\n");
///
/// let same = Difference::of_replies(&reply(r#"{"a":1,"b":2}"#), &reply(r#"{"b":2, "a":1}"#), Ignore::Nothing);
/// assert!(same.is_empty());
/// assert_eq!(same.to_string(), "");
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Difference(Vec<Entry>);

/// One place that differs.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Entry {
    place: String,
    /// Without the sign in front.
    expected: Vec<String>,
    came: Vec<String>,
}

/// How much of one value is shown.
const SHOWN: usize = 200;
/// How many lines of one side, and how many places, are shown.
const LINES: usize = 40;

impl Difference {
    /// Between two native replies: status, headers with their order and values, and the body. JSON is compared as JSON, text line
    /// by line, and of anything else the lengths and the first byte that differs are told.
    pub fn of_replies(expected: &Reply, came: &Reply, ignore: Ignore) -> Self {
        replies::compare(expected, came, ignore)
    }

    /// Between two events, over all that their JSON form has.
    pub fn of_events(expected: &Event, came: &Event, ignore: Ignore) -> Self {
        events::compare(expected, came, ignore)
    }

    /// Between what became of the events of two deliveries, one by one: how each ended, and why it failed.
    ///
    /// ```
    /// use polyfn_shim::local::{difference::Difference, recording::Ended};
    ///
    /// let failed = |message: &str| Ended::Retry { name: "Function.Error".into(), message: message.into() };
    /// let difference = Difference::of_outcomes(&[Ended::Done, failed("a")], &[Ended::Done, failed("b")]);
    /// assert_eq!(difference.to_string(), "outcomes[1]:\n  - retry, Function.Error: a\n  + retry, Function.Error: b\n");
    /// assert!(Difference::of_outcomes(&[failed("no [redacted]")], &[failed("no abc")]).is_empty());
    /// assert_eq!(Difference::of_outcomes(&[Ended::Done], &[]).to_string(), "outcomes[0]:\n  - done\n  + (nothing)\n");
    /// ```
    pub fn of_outcomes(expected: &[Ended], came: &[Ended]) -> Self {
        outcomes::compare(expected, came)
    }

    /// Adds what is different elsewhere.
    #[must_use]
    pub fn and(mut self, other: Self) -> Self {
        self.0.extend(other.0);
        self
    }

    /// Whether nothing is different.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// How many places are different.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// One value at a place; `None` is one that is not there.
    fn value(&mut self, place: &str, expected: Option<&str>, came: Option<&str>) {
        let side = |side: Option<&str>| side.map(short).into_iter().collect();
        self.0.push(Entry { place: place.to_owned(), expected: side(expected), came: side(came) });
    }

    /// Several lines at a place.
    fn lines(&mut self, place: &str, expected: &[&str], came: &[&str]) {
        self.0.push(Entry { place: place.to_owned(), expected: listed(expected), came: listed(came) });
    }
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for Entry { place, expected, came } in self.0.iter().take(LINES) {
            writeln!(f, "{place}:")?;
            for (sign, side) in [('-', expected), ('+', came)] {
                for line in side {
                    writeln!(f, "  {sign} {line}")?;
                }
                if side.is_empty() {
                    writeln!(f, "  {sign} (nothing)")?;
                }
            }
        }
        match self.0.len().checked_sub(LINES) {
            Some(more @ 1..) => writeln!(f, "and {more} more"),
            _ => Ok(()),
        }
    }
}

fn listed(lines: &[&str]) -> Vec<String> {
    let mut shown: Vec<_> = lines.iter().take(LINES).map(|line| short(line)).collect();
    if let Some(more @ 1..) = lines.len().checked_sub(LINES) {
        shown.push(format!("... {more} lines more"));
    }
    shown
}

/// The beginning of a value, on one line, with nothing that a terminal would obey.
fn short(value: &str) -> String {
    let visible = |c: char| if c.is_control() { c.escape_default().to_string() } else { c.to_string() };
    let mut shown: String = value.chars().take(SHOWN).map(visible).collect();
    if value.chars().nth(SHOWN).is_some() {
        shown.push_str("...");
    }
    shown
}

/// Whether a text came as expected, in which `[redacted]` stands for anything.
fn matches(expected: &str, came: &str) -> bool {
    const REDACTED: &str = "[redacted]";
    if expected == came {
        return true;
    }
    let Some((start, rest)) = expected.split_once(REDACTED) else { return false };
    let Some(came) = came.strip_prefix(start) else { return false };
    let (middle, end) = rest.rsplit_once(REDACTED).unwrap_or(("", rest));
    let Some(mut came) = came.strip_suffix(end) else { return false };
    for part in middle.split(REDACTED) {
        let Some((_, after)) = came.split_once(part) else { return false };
        came = after;
    }
    true
}
