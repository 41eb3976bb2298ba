use std::collections::BTreeMap;

use serde_json::value::RawValue;

use super::{Difference, matches};
use crate::{event::compact, members::Members};

/// How deep values are compared member by member; what is deeper is compared as one text.
const DEPTH: usize = 64;

/// Compares two values of JSON on one line each, by their members; numbers are the same if their digits are.
///
/// `skip` is told the path of each value below the place.
pub(super) fn compare(place: &str, expected: &str, came: &str, skip: &dyn Fn(&str) -> bool, into: &mut Difference) {
    Walk { skip, into }.value(place, "", expected, came, 0);
}

struct Walk<'a> {
    skip: &'a dyn Fn(&str) -> bool,
    into: &'a mut Difference,
}

impl Walk<'_> {
    fn value(&mut self, place: &str, path: &str, expected: &str, came: &str, depth: usize) {
        if expected == came || (self.skip)(path) {
            return;
        }
        let begins = |with: char| expected.starts_with(with) && came.starts_with(with) && depth < DEPTH;
        if begins('{')
            && let (Some(expected), Some(came)) = (members(expected), members(came))
        {
            let names: std::collections::BTreeSet<_> = expected.keys().chain(came.keys()).collect();
            for name in names {
                let (place, path) = (joined(place, name), joined(path, name));
                self.both(&place, &path, expected.get(name).copied(), came.get(name).copied(), depth);
            }
        } else if begins('[')
            && let (Some(expected), Some(came)) = (elements(expected), elements(came))
        {
            for at in 0..expected.len().max(came.len()) {
                let of = |list: &[&RawValue]| list.get(at).map(|value| value.get().to_owned());
                let (expected, came) = (of(&expected), of(&came));
                self.both(&format!("{place}[{at}]"), &format!("{path}[{at}]"), expected.as_deref(), came.as_deref(), depth);
            }
        } else if !is_same(expected, came) {
            self.into.value(place, Some(expected), Some(came));
        }
    }

    fn both(&mut self, place: &str, path: &str, expected: Option<&str>, came: Option<&str>, depth: usize) {
        match (expected, came) {
            (Some(expected), Some(came)) => self.value(place, path, expected, came, depth + 1),
            _ if (self.skip)(path) => {}
            _ => self.into.value(place, expected, came),
        }
    }
}

/// Two texts that are one but for escapes, or a secret that is not known any more.
fn is_same(expected: &str, came: &str) -> bool {
    let (expected, came) = (serde_json::from_str::<String>(expected), serde_json::from_str::<String>(came));
    match (expected, came) {
        (Ok(expected), Ok(came)) => matches(&expected, &came),
        (Ok(expected), Err(_)) => expected == "[redacted]",
        _ => false,
    }
}

/// Of several members of one name the last one counts, as most readers have it.
fn members(json: &str) -> Option<BTreeMap<String, &str>> {
    let Members(members) = serde_json::from_str(json).ok()?;
    Some(members.into_iter().map(|(name, value)| (name.into_owned(), value.get())).collect())
}

fn elements(json: &str) -> Option<Vec<&RawValue>> {
    serde_json::from_str(json).ok()
}

fn joined(place: &str, name: &str) -> String {
    if place.is_empty() { name.to_owned() } else { format!("{place}.{name}") }
}

/// JSON on one line, if this is an object or an array.
pub(super) fn on_one_line(text: &str) -> Option<Box<RawValue>> {
    compact(text).filter(|json| json.get().starts_with(['{', '[']))
}
