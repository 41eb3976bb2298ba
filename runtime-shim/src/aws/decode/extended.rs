//! The extended JSON of DocumentDB as plain JSON.
//!
//! Source: [MongoDB Extended JSON](https://www.mongodb.com/docs/manual/reference/mongodb-extended-json/).

use super::{
    leaf::Leaf,
    members::members,
    reader::{Malformed, Reader, Result},
    typed::number,
    value,
};
use crate::event::{Time, string};

/// How many lists and objects may stand in one another; a document has no more than 100.
///
/// Source: [Limits](https://www.mongodb.com/docs/manual/reference/limits/).
const DEPTH: usize = 127;

/// The same document, with each `$`-wrapped value as what it stands for; `None` if it is none.
///
/// Each text stays as it is written, escapes included: nothing is decoded that the user's type decodes anyway.
pub(super) fn plain(document: &str) -> Option<String> {
    let mut json = String::with_capacity(document.len());
    // A bare number of too many digits must not pass through a float.
    let document = crate::event::plain(document);
    let mut reader = Reader::new(&document);
    write(&mut reader, &mut json, DEPTH).ok()?;
    reader.end().ok()?;
    Some(json)
}

/// Writes the value that comes next.
fn write(reader: &mut Reader<'_>, to: &mut String, depth: usize) -> Result<()> {
    let inner = || depth.checked_sub(1).ok_or(Malformed("nested too deep"));
    match reader.peek()? {
        b'{' => object(reader, to, inner()?),
        b'[' => list(reader, to, inner()?),
        b'-' | b'0'..=b'9' => float(reader.number()?, to),
        _ => {
            to.push_str(reader.json()?);
            Ok(())
        }
    }
}

fn object(reader: &mut Reader<'_>, to: &mut String, depth: usize) -> Result<()> {
    let start = to.len();
    to.push('{');
    let mut wrapped = None;
    let mut members = 0_usize;
    reader.object(|name, reader| {
        if members > 0 {
            to.push(',');
        }
        members += 1;
        name.write(to);
        to.push(':');
        let name = name.text()?;
        if members > 1 || !name.starts_with('$') {
            return write(reader, to, depth);
        }
        let value = reader.json()?;
        wrapped = unwrap(&name, value);
        to.push_str(value);
        Ok(())
    })?;
    match wrapped {
        // A document's own member may be called `$oid`; it has others beside it.
        Some(plain) if members == 1 => {
            to.truncate(start);
            to.push_str(&plain);
        }
        _ => to.push('}'),
    }
    Ok(())
}

fn list(reader: &mut Reader<'_>, to: &mut String, depth: usize) -> Result<()> {
    to.push('[');
    let start = to.len();
    reader.array(|reader| {
        if to.len() > start {
            to.push(',');
        }
        write(reader, to, depth)
    })?;
    to.push(']');
    Ok(())
}

/// A number that stands there without a wrapper: a whole one as it is, any other one as it is for JSON's readers.
fn float(text: &str, to: &mut String) -> Result<()> {
    if text.parse::<i64>().is_ok_and(|whole| whole != 0) || text.parse::<u64>().is_ok() {
        to.push_str(text);
        return Ok(());
    }
    let float = text.parse().ok().filter(|float: &f64| float.is_finite()).ok_or(Malformed("number out of range"))?;
    number(&format!("{float:e}"), to);
    Ok(())
}

members! {
    /// A whole number in its wrapper.
    struct Long<'a> {
        millis: Leaf<'a> = b"$numberLong",
    }
}

/// What a wrapper stands for; `None` if it is none that is known.
fn unwrap(wrapper: &str, value: &str) -> Option<String> {
    let leaf: Leaf<'_> = value::whole(value).ok()?;
    let mut plain = String::new();
    match (wrapper, leaf.text()) {
        ("$oid" | "$symbol", Some(text)) => string(text, &mut plain),
        ("$numberLong" | "$numberInt" | "$numberDouble" | "$numberDecimal", Some(text)) => number(text, &mut plain),
        ("$date", Some(text)) => string(text, &mut plain),
        ("$date", None) => {
            let millis = match leaf {
                // Read as this and nothing else: what is nested in it is not looked into, however deep.
                Leaf::Object => value::whole::<Long<'_>>(value).ok()?.millis.whole()?,
                leaf => leaf.whole()?,
            };
            string(&Time::from_millis(millis)?.to_string(), &mut plain);
        }
        _ => return None,
    }
    Some(plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_wrapper_is_what_it_stands_for() {
        for (document, want) in [
            (r#"{"_id":{"$oid":"64b1"}}"#, r#"{"_id":"64b1"}"#),
            (r#"{"a":{"$numberLong":"9007199254740993"},"b":{"$numberInt":"5"}}"#, r#"{"a":9007199254740993,"b":5}"#),
            (r#"{"a":12345678901234567890123456789012345678}"#, r#"{"a":"12345678901234567890123456789012345678"}"#),
            (r#"{"a":{"$date":"2024-05-01T10:00:00Z"}}"#, r#"{"a":"2024-05-01T10:00:00Z"}"#),
            (r#"{"a":{"$date":{"$numberLong":"1520621625029"}}}"#, r#"{"a":"2018-03-09T18:53:45.029Z"}"#),
            (r#"{"a":{"$date":1520621625029}}"#, r#"{"a":"2018-03-09T18:53:45.029Z"}"#),
            (r#"{"a":{"$oid":"x","b":1}}"#, r#"{"a":{"$oid":"x","b":1}}"#),
            (r#"{"a":{"$date":{"$date":{"$numberLong":"1"}}}}"#, r#"{"a":{"$date":{"$date":{"$numberLong":"1"}}}}"#),
            (r#"{"a":{"$other":"x"}}"#, r#"{"a":{"$other":"x"}}"#),
            (r#"{"a":[1, -2, 1.5, null, true, "x", {}, []]}"#, r#"{"a":[1,-2,1.5,null,true,"x",{},[]]}"#),
        ] {
            assert_eq!(plain(document).unwrap(), want, "{document}");
        }
    }

    #[test]
    fn wrappers_in_wrappers_are_not_looked_into() {
        let deep = format!(r#"{{"a":{}1{}}}"#, r#"{"$date":"#.repeat(100_000), "}".repeat(100_000));
        assert_eq!(plain(&deep).unwrap(), deep);
    }
}
