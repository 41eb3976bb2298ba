//! The typed values of DynamoDB as plain JSON.
//!
//! Source: [AttributeValue](https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_streams_AttributeValue.html).

use super::{cursor::Cursor, decimal::Decimal};
use crate::event::string;

/// How many lists and maps may stand in one another; DynamoDB has no more than 32.
///
/// Source: [Quotas](https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ServiceQuotas.html).
const DEPTH: usize = 64;

/// The JSON of an item, whose attributes are typed; `None` if it is no item. It must be well-formed JSON.
///
/// Each text stays as it is written, escapes included: nothing is decoded that the user's type decodes anyway.
pub(super) fn plain(item: &str) -> Option<String> {
    let mut writer = Writer { from: Cursor::new(item), to: String::with_capacity(item.len()) };
    writer.map(DEPTH)?;
    Some(writer.to)
}

/// Writes what it reads.
struct Writer<'a> {
    from: Cursor<'a>,
    to: String,
}

impl Writer<'_> {
    /// An object with one member, named after the type of its value.
    fn typed(&mut self, depth: usize) -> Option<()> {
        self.from.eat('{')?;
        let ty = self.from.string()?;
        self.from.eat(':')?;
        match ty {
            r#""S""# | r#""B""# => self.text(),
            r#""N""# => self.number(),
            r#""BOOL""# => self.flag(),
            r#""NULL""# => self.null(),
            r#""SS""# | r#""BS""# => self.list(Self::text),
            r#""NS""# => self.list(Self::number),
            r#""L""# => {
                let depth = depth.checked_sub(1)?;
                self.list(|writer| writer.typed(depth))
            }
            r#""M""# => self.map(depth.checked_sub(1)?),
            _ => None,
        }?;
        // A second member would be a second type.
        self.from.eat('}')
    }

    /// An object of typed values.
    fn map(&mut self, depth: usize) -> Option<()> {
        self.from.eat('{')?;
        self.to.push('{');
        if self.from.eat('}').is_none() {
            loop {
                self.text()?;
                self.from.eat(':')?;
                self.to.push(':');
                self.typed(depth)?;
                if self.from.eat(',').is_none() {
                    break;
                }
                self.to.push(',');
            }
            self.from.eat('}')?;
        }
        self.to.push('}');
        Some(())
    }

    fn list(&mut self, mut element: impl FnMut(&mut Self) -> Option<()>) -> Option<()> {
        self.from.eat('[')?;
        self.to.push('[');
        if self.from.eat(']').is_none() {
            loop {
                element(self)?;
                if self.from.eat(',').is_none() {
                    break;
                }
                self.to.push(',');
            }
            self.from.eat(']')?;
        }
        self.to.push(']');
        Some(())
    }

    fn text(&mut self) -> Option<()> {
        self.to.push_str(self.from.string()?);
        Some(())
    }

    /// A number in quotes, or one that should have been.
    fn number(&mut self) -> Option<()> {
        match self.from.string() {
            Some(quoted) => match quoted.trim_matches('"') {
                // No number has an escape in it.
                text if text.contains('\\') => self.to.push_str(quoted),
                text => number(text, &mut self.to),
            },
            None => number(
                self.from.scalar().filter(|text| text.starts_with(|c: char| c == '-' || c.is_ascii_digit()))?,
                &mut self.to,
            ),
        }
        Some(())
    }

    fn flag(&mut self) -> Option<()> {
        let flag = self.from.scalar().filter(|flag| matches!(*flag, "true" | "false"))?;
        self.to.push_str(flag);
        Some(())
    }

    /// The type is all there is to say.
    fn null(&mut self) -> Option<()> {
        self.from.string().or_else(|| self.from.scalar())?;
        self.to.push_str("null");
        Some(())
    }
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
