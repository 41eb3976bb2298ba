use std::collections::BTreeMap;

use super::node::Node;
use crate::{
    DecodeError,
    event::{Change, string},
};

/// How deep a change stands in what it changes at most.
const DEEPEST: usize = 32;

/// A `ReferenceEventData`: what was there, and what must be merged into it to be what is there.
pub(super) fn data(change: &Change) -> Result<Vec<u8>, DecodeError> {
    let before = change.before.as_deref().unwrap_or("null");
    let after = change.after.as_deref().unwrap_or("null");
    let mut data = format!("{{\"data\":{before},\"delta\":");
    write(before, after, DEEPEST, &mut data)?;
    data.push('}');
    Ok(data.into_bytes())
}

/// Writes what makes the one of the other: of two objects the members that differ, else all of it.
fn write(before: &str, after: &str, depth: usize, to: &mut String) -> Result<(), DecodeError> {
    let read = |json, name| Node::read(json).map_err(|error: DecodeError| error.under(name));
    let (Node::Object(old), Node::Object(new)) = (read(before, "before")?, read(after, "after")?) else {
        to.push_str(after);
        return Ok(());
    };
    let depth = depth.checked_sub(1).ok_or_else(|| DecodeError::at("after", "nested too deep"))?;
    let olds: BTreeMap<_, _> = old.iter().collect();
    let news: BTreeMap<_, _> = new.iter().collect();
    let mut separator = '{';
    let mut member = |name: &str, to: &mut String| {
        to.push(std::mem::replace(&mut separator, ','));
        string(name, to);
        to.push(':');
    };
    for (name, json) in &news {
        match olds.get(name) {
            Some(old) if old == json => {}
            Some(old) => {
                member(name, to);
                write(old, json, depth, to)?;
            }
            None => {
                member(name, to);
                to.push_str(json);
            }
        }
    }
    for name in olds.keys().filter(|name| !news.contains_key(*name)) {
        member(name, to);
        to.push_str("null");
    }
    // Nothing may have changed.
    to.push_str(if separator == '{' { "{}" } else { "}" });
    Ok(())
}
