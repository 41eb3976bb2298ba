//! What stands at a path in a Realtime Database: what it was, and what changed in it.

use serde::Deserialize;
use serde_json::value::RawValue;

use super::{Documents, as_object::AsObject};
use crate::{
    DecodeError,
    event::{plain, string, write_plain},
    members::Members,
};

/// How deep one object is merged into another: as deep as the database keeps them.
///
/// Source: [limits](https://firebase.google.com/docs/database/usage/limits#data_tree).
const DEEPEST: usize = 32;

/// The data of an event; `null` is nothing.
///
/// Source: [ReferenceEventData](https://github.com/googleapis/google-cloudevents/blob/main/proto/google/events/firebase/database/v1/data.proto).
#[derive(Deserialize)]
struct Data<'a> {
    #[serde(borrow, default)]
    data: Option<&'a RawValue>,
    #[serde(borrow, default)]
    delta: Option<&'a RawValue>,
}

/// What was there, and what is there now. Every number stays as it is written.
///
/// # Errors
/// No JSON object, or objects that are nested deeper than the database keeps them.
pub(super) fn read(data: &[u8]) -> Result<Documents, DecodeError> {
    let AsObject(Data { data, delta }) = serde_json::from_slice(data).map_err(DecodeError::json)?;
    let after = match (data, delta) {
        (_, None) => None,
        (None, Some(delta)) => Some(plain(delta.get())),
        (Some(data), Some(delta)) => {
            let mut merged = String::new();
            merge(data.get(), delta.get(), DEEPEST, &mut merged)?;
            Some(merged)
        }
    };
    Ok(Documents { before: data.map(|data| plain(data.get())), after, place: None })
}

/// Writes what becomes of JSON text by a change, with numbers that every reader gives back: objects merge member by member, and `null` removes one; anything else
/// stands in the place of what was there.
fn merge(data: &str, delta: &str, depth: usize, to: &mut String) -> Result<(), DecodeError> {
    let room = data.len() + delta.len();
    // What is no object is not tried as one: to say why would cost more than a member does.
    let object = |json| if str::starts_with(json, '{') { Members::read(json) } else { None };
    let (Some(data), Some(delta)) = (object(data), object(delta)) else {
        write_plain(delta, to);
        return Ok(());
    };
    if to.is_empty() {
        // Not before: lists of members take their most memory while they are read.
        to.reserve_exact(room);
    }
    let inner = depth.checked_sub(1).ok_or_else(|| DecodeError::at("delta", format!("objects nested deeper than {DEEPEST}")))?;
    let mut changes = Changes::of(&delta);
    to.push('{');
    let mut is_first = true;
    for (name, value) in data.iter() {
        match changes.take(name) {
            Some(change) => {
                if change != "null" {
                    member(name, &mut is_first, to);
                    merge(value, change, inner, to)?;
                }
            }
            None => {
                member(name, &mut is_first, to);
                write_plain(value, to);
            }
        }
    }
    // In the order in which they came.
    for (name, _) in delta.iter() {
        if let Some(change) = changes.take_left(name)
            && change != "null"
        {
            member(name, &mut is_first, to);
            write_plain(change, to);
        }
    }
    to.push('}');
    Ok(())
}

/// The members of a change, to be found by name; of two of one name the last counts. A few bytes for each: there may be very many.
struct Changes<'a> {
    by_name: Vec<(&'a str, &'a str)>,
    taken: Vec<bool>,
}

impl<'a> Changes<'a> {
    fn of(delta: &'a Members<'_>) -> Self {
        let mut by_name: Vec<_> = delta.iter().collect();
        // Those of one name stay in their order.
        by_name.sort_by_key(|(name, _)| *name);
        let taken = vec![false; by_name.len()];
        Self { by_name, taken }
    }

    /// What this member changes to, which is taken then.
    fn take(&mut self, name: &str) -> Option<&'a str> {
        let place = self.place(name)?;
        if let Some(taken) = self.taken.get_mut(place) {
            *taken = true;
        }
        self.by_name.get(place).map(|(_, change)| *change)
    }

    /// The same, unless it was taken before.
    fn take_left(&mut self, name: &str) -> Option<&'a str> {
        let place = self.place(name)?;
        if self.taken.get(place).copied().unwrap_or(true) { None } else { self.take(name) }
    }

    fn place(&self, name: &str) -> Option<usize> {
        let place = self.by_name.partition_point(|(have, _)| *have <= name).checked_sub(1)?;
        self.by_name.get(place).filter(|(have, _)| *have == name).map(|_| place)
    }
}

/// Begins a member.
fn member(name: &str, is_first: &mut bool, to: &mut String) {
    if !std::mem::replace(is_first, false) {
        to.push(',');
    }
    string(name, to);
    to.push(':');
}

#[cfg(test)]
mod tests {
    use super::*;

    fn change(data: &str, delta: &str) -> Result<Documents, DecodeError> {
        read(format!(r#"{{"data":{data},"delta":{delta}}}"#).as_bytes())
    }

    #[test]
    fn objects_merge_and_all_else_replaces() {
        for (data, delta, after) in [
            (r#"{"a":1}"#, r#"{"b":2}"#, Some(r#"{"a":1,"b":2}"#)),
            (r#"{"a":1,"b":2}"#, r#"{"a":null}"#, Some(r#"{"b":2}"#)),
            (r#"{"a":{"b":1,"c":2},"d":3}"#, r#"{"a":{"b":null,"e":[]}}"#, Some(r#"{"a":{"c":2,"e":[]},"d":3}"#)),
            (r#"{"a":1}"#, r#"{"a":{"b":1}}"#, Some(r#"{"a":{"b":1}}"#)),
            (r#"{"a":{"b":1}}"#, r#"{"a":"x"}"#, Some(r#"{"a":"x"}"#)),
            (r#"{"a":[1,2]}"#, r#"{"a":[3]}"#, Some(r#"{"a":[3]}"#)),
            (r#"{"a":1}"#, r#"{"b":null}"#, Some(r#"{"a":1}"#)),
            (r#"{"a":1}"#, "{}", Some(r#"{"a":1}"#)),
            (r#"{"é\"":1}"#, r#"{"\u00e9\"":2,"":3}"#, Some(r#"{"é\"":2,"":3}"#)),
            (r#"{"a":1}"#, "10", Some("10")),
            ("10", r#"{"a":1}"#, Some(r#"{"a":1}"#)),
            ("null", r#"{"a":1}"#, Some(r#"{"a":1}"#)),
            (r#"{"a":1}"#, "null", None),
            ("null", "null", None),
        ] {
            let change = change(data, delta).unwrap();
            assert_eq!(change.after.as_deref(), after, "{data} {delta}");
            assert_eq!(change.before.as_deref(), Some(data).filter(|data| *data != "null"), "{data} {delta}");
        }
        assert_eq!(read(b"{}").unwrap(), Documents::default());
    }

    #[test]
    fn numbers_stay_as_they_are_if_a_reader_can_hold_them() {
        let numbers = r#"{"a":9007199254740993,"b":20.50,"c":1e3,"d":-0.0}"#;
        let change = change(numbers, r#"{"e":123456789012345678901}"#).unwrap();
        assert_eq!(change.before.as_deref(), Some(numbers));
        let after = r#"{"a":9007199254740993,"b":20.50,"c":1e3,"d":-0.0,"e":"123456789012345678901"}"#;
        assert_eq!(change.after.as_deref(), Some(after));
    }

    #[test]
    fn there_is_an_end_to_depth() {
        let nested = |levels| format!("{}1{}", r#"{"a":"#.repeat(levels), "}".repeat(levels));
        assert_eq!(change(&nested(32), &nested(32)).unwrap().after, Some(nested(32)));
        assert_eq!(change(&nested(33), &nested(33)).unwrap_err().path(), "delta");
        // What is only carried along is no matter.
        assert!(change(&nested(100_000), r#"{"b":1}"#).is_ok());
    }

    #[test]
    fn what_is_no_object_or_cut_off_is_refused() {
        let json = r#"{"data":{"a":[1,"é"]},"delta":{"a":null}}"#;
        for end in 0..json.len() {
            assert!(read(&json.as_bytes()[..end]).is_err(), "{end}");
        }
        for json in ["5", "null", "[]", "[1,2]"] {
            assert!(read(json.as_bytes()).is_err(), "{json}");
        }
    }
}
