//! The typed values of DynamoDB as plain JSON.
//!
//! Source: [AttributeValue](https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_streams_AttributeValue.html).

use super::{
    decimal::Decimal,
    reader::{Malformed, Reader, Result, SHORT, must},
    value::Value,
};
use crate::event::string;

/// How many lists and maps may stand in one another; DynamoDB has no more than 32.
///
/// Source: [Quotas](https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ServiceQuotas.html).
const DEPTH: usize = 64;

/// An item, whose attributes are typed, as plain JSON.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) enum Item {
    /// Missing, or `null`, which counts as missing.
    #[default]
    Absent,
    Plain(String),
    Other,
}

impl<'a> Value<'a> for Item {
    fn read(reader: &mut Reader<'a>) -> Result<Self> {
        if reader.peek()? == b'n' {
            return reader.word().map(|_| Self::Absent);
        }
        // Most are short, and need not be looked through to tell how much memory they take.
        if let Some(json) = reader.short_of(|reader, to| map(reader, to, DEPTH, SHORT)) {
            return Ok(Self::Plain(json));
        }
        reader.json().map(|item| plain(item).map_or(Self::Other, Self::Plain))
    }
}

/// The JSON of an item; `None` if it is none.
///
/// Each text stays as it is written, escapes included: nothing is decoded that the user's type decodes anyway.
fn plain(item: &str) -> Option<String> {
    let mut json = String::with_capacity(item.len());
    let mut reader = Reader::new(item);
    map(&mut reader, &mut json, DEPTH, usize::MAX).ok()?;
    reader.end().ok()?;
    Some(json)
}

const REASON: &str = "no item of typed values";
const WRONG: Malformed = Malformed(REASON);

/// An object of typed values, if it is no longer than `most`.
fn map(reader: &mut Reader<'_>, to: &mut String, depth: usize, most: usize) -> Result<()> {
    to.push('{');
    let start = to.len();
    let is_map = reader.object(|name, reader| {
        if to.len() > start {
            to.push(',');
        }
        name.write(to);
        to.push(':');
        typed(reader, to, depth, most)?;
        must(to.len() <= most, "too long")
    })?;
    to.push('}');
    must(is_map, REASON)
}

/// An object with one member, named after the type of its value.
fn typed(reader: &mut Reader<'_>, to: &mut String, depth: usize, most: usize) -> Result<()> {
    let mut types = 0;
    reader.object(|ty, reader| {
        types += 1;
        // A second member would be a second type.
        must(types == 1, REASON)?;
        match ty.written() {
            "S" | "B" => text(reader, to),
            "N" => number_of(reader, to),
            "BOOL" => flag(reader, to),
            "NULL" => null(reader, to),
            "SS" | "BS" => list(reader, to, most, text),
            "NS" => list(reader, to, most, number_of),
            "L" => {
                let depth = depth.checked_sub(1).ok_or(WRONG)?;
                list(reader, to, most, |reader, to| typed(reader, to, depth, most))
            }
            "M" => map(reader, to, depth.checked_sub(1).ok_or(WRONG)?, most),
            _ => Err(WRONG),
        }
    })?;
    must(types == 1, REASON)
}

fn list<'a>(
    reader: &mut Reader<'a>,
    to: &mut String,
    most: usize,
    element: impl Fn(&mut Reader<'a>, &mut String) -> Result<()>,
) -> Result<()> {
    to.push('[');
    let start = to.len();
    let is_list = reader.array(|reader| {
        if to.len() > start {
            to.push(',');
        }
        element(reader, to)?;
        must(to.len() <= most, "too long")
    })?;
    to.push(']');
    must(is_list, REASON)
}

fn text(reader: &mut Reader<'_>, to: &mut String) -> Result<()> {
    must(reader.peek()? == b'"', REASON)?;
    to.push_str(reader.json()?);
    Ok(())
}

/// A number in quotes, or one that should have been.
fn number_of(reader: &mut Reader<'_>, to: &mut String) -> Result<()> {
    match reader.peek()? {
        b'"' => match reader.json()? {
            // No number has an escape in it.
            quoted if quoted.contains('\\') => to.push_str(quoted),
            quoted => number(quoted.trim_matches('"'), to),
        },
        b'-' | b'0'..=b'9' => number(reader.number()?, to),
        _ => return Err(WRONG),
    }
    Ok(())
}

fn flag(reader: &mut Reader<'_>, to: &mut String) -> Result<()> {
    must(matches!(reader.peek()?, b't' | b'f'), REASON)?;
    to.push_str(reader.word()?);
    Ok(())
}

/// The type is all there is to say.
fn null(reader: &mut Reader<'_>, to: &mut String) -> Result<()> {
    must(!matches!(reader.peek()?, b'{' | b'['), REASON)?;
    reader.skip()?;
    to.push_str("null");
    Ok(())
}

/// A number where one of JSON's gives its digits back, else a string.
pub(super) fn number(text: &str, to: &mut String) {
    if is_plain(text) {
        return to.push_str(text);
    }
    match Decimal::json(text) {
        Some(number) => to.push_str(&number),
        None => string(text, to),
    }
}

/// Whether a number is written as JSON's own shortest form of it, which no reader rounds. Most are, and need no arithmetic.
fn is_plain(text: &str) -> bool {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let (whole, fraction) = digits.split_once('.').map_or((digits, None), |(whole, fraction)| (whole, Some(fraction)));
    let is_digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let is_whole = is_digits(whole) && (!whole.starts_with('0') || whole == "0" && fraction.is_some());
    let is_fraction = |text: &str| is_digits(text) && text.len() <= 6 && !text.ends_with('0');
    is_whole && fraction.is_none_or(is_fraction) && digits.len() <= 15
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_type_has_its_plain_form() {
        for (item, want) in [
            (r#"{}"#, "{}"),
            (r#"{"a":{"S":"x\n\"é\u00e9\""}}"#, r#"{"a":"x\n\"é\u00e9\""}"#),
            (r#" { "a" : { "S" : "x" } , "b" : { "NULL" : "x" } } "#, r#"{"a":"x","b":null}"#),
            (r#"{"a":{"N":5},"b":{"N":"x\""},"c":{"N":""},"d":{"N":"-0.50"}}"#, r#"{"a":5,"b":"x\"","c":"","d":-0.5}"#),
            (r#"{"a":{"N":"9007199254740993"},"b":{"N":"123.45"}}"#, r#"{"a":9007199254740993,"b":123.45}"#),
            (r#"{"a":{"N":"12345678901234567890123456789012345678"}}"#, r#"{"a":"12345678901234567890123456789012345678"}"#),
            (r#"{"a":{"BOOL":false},"b":{"NULL":true},"c":{"B":"AP8="}}"#, r#"{"a":false,"b":null,"c":"AP8="}"#),
            (
                r#"{"a":{"SS":["x","y"]},"b":{"NS":["1","1E+3"]},"c":{"BS":["AA=="]}}"#,
                r#"{"a":["x","y"],"b":[1,1000],"c":["AA=="]}"#,
            ),
            (r#"{"a":{"L":[]},"b":{"M":{}},"c":{"L":[{"M":{"d":{"N":"1"}}}]}}"#, r#"{"a":[],"b":{},"c":[{"d":1}]}"#),
        ] {
            assert_eq!(plain(item).as_deref(), Some(want), "{item}");
        }
    }

    #[test]
    fn what_is_no_item_is_refused() {
        for item in [
            "5",
            r#"{"a":5}"#,
            r#"{"a":{}}"#,
            r#"{"a":{"X":"1"}}"#,
            r#"{"a":{"S":"1","N":"1"}}"#,
            r#"{"a":{"S":1}}"#,
            r#"{"a":{"N":true}}"#,
            r#"{"a":{"BOOL":1}}"#,
            r#"{"a":{"BOOL":"true"}}"#,
            r#"{"a":{"L":{}}}"#,
            r#"{"a":{"SS":[1]}}"#,
        ] {
            assert!(plain(item).is_none(), "{item}");
        }
        assert!(plain(&format!("{}{{}}{}", r#"{"a":{"M":"#.repeat(200), "}}".repeat(200))).is_none());
        // As deep as DynamoDB goes.
        let deep = format!("{}{{}}{}", r#"{"a":{"M":"#.repeat(32), "}}".repeat(32));
        assert_eq!(plain(&deep), Some(format!("{}{{}}{}", r#"{"a":"#.repeat(32), "}".repeat(32))));
    }

    proptest::proptest! {
        #[test]
        fn what_is_plain_is_what_arithmetic_gives(text in r"-?[0-9]{1,16}(\.[0-9]{0,7})?") {
            if is_plain(&text) {
                proptest::prop_assert_eq!(Decimal::json(&text), Some(text));
            }
        }
    }
}
