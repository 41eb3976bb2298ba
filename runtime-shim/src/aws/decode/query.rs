use super::{leaf::Leaf, pairs::Pairs, path::escape};
use crate::DecodeError;

/// How a front end hands over the names and values of a query.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// Decoded: they are encoded again, and which bytes the caller escaped is lost.
    Decoded,
    /// As the caller wrote them.
    Written,
}

/// The query string of the first of these maps that is filled, in document order; `None` if none is.
pub(super) fn join(maps: &[(&str, &Pairs<'_>)], form: Form) -> Result<Option<String>, DecodeError> {
    let Some((member, pairs)) = maps.iter().find(|(_, pairs)| !matches!(pairs, Pairs::Absent) && !is_empty(pairs)) else {
        return Ok(None);
    };
    if !pairs.is_map() {
        return Err(DecodeError::at(*member, "expected an object with at most 16384 values"));
    }
    let mut query = String::with_capacity(64);
    for pair in pairs.iter() {
        let value = match &pair.value {
            Leaf::Text(value) => &**value,
            Leaf::Absent => "",
            _ => return Err(DecodeError::at(format!("{member}.{}", pair.name), "not a string")),
        };
        if !query.is_empty() {
            query.push('&');
        }
        write(&pair.name, form, &mut query);
        query.push('=');
        write(value, form, &mut query);
    }
    Ok(Some(query))
}

fn is_empty(pairs: &Pairs<'_>) -> bool {
    matches!(pairs, Pairs::Map(pairs) if pairs.is_empty())
}

fn write(text: &str, form: Form, query: &mut String) {
    if form == Form::Written {
        return query.push_str(text);
    }
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => query.push(char::from(byte)),
            _ => escape(byte, query),
        }
    }
}
