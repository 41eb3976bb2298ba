use std::borrow::Cow;

use crate::{
    scan,
    unescape::{self, unquoted},
};

/// A walk over JSON text that takes it token by token, and takes nothing that is no JSON.
///
/// What is read of it is known before, so that it needs no visitors; texts are pieces of it where nothing is escaped. What nobody
/// reads is only looked at: there half a surrogate pair is as good as a whole one, and a number may be of any size.
pub(super) struct Reader<'a> {
    text: &'a str,
    at: usize,
    /// What closes the lists and objects that are being skipped, which may stand in one another without end.
    open: Vec<u8>,
    /// Room to unescape in, so that a short text is looked through once and takes no more memory than it needs.
    room: Vec<u8>,
    /// The same, to write in.
    written: String,
}

/// A longer text that has escapes is looked through twice, so that its buffer need not grow.
pub(super) const SHORT: usize = 2_000;

/// What is no JSON, or cannot be what it should.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Malformed(pub(super) &'static str);

/// Read, or malformed.
pub(super) type Result<T> = std::result::Result<T, Malformed>;

/// Goes on only if it is so.
pub(super) fn must(it: bool, reason: &'static str) -> Result<()> {
    if it { Ok(()) } else { Err(Malformed(reason)) }
}

const SYNTAX: Malformed = Malformed("not JSON");

/// What stands between the quotes of a string or of a name.
#[derive(Clone, Copy)]
pub(super) struct Quoted<'a> {
    text: &'a str,
    is_escaped: bool,
}

impl<'a> Quoted<'a> {
    /// The text.
    #[inline]
    pub(super) fn text(self) -> Result<Cow<'a, str>> {
        if !self.is_escaped {
            return Ok(Cow::Borrowed(self.text));
        }
        // All else has been looked at.
        unquoted(self.text).ok_or(Malformed("half of a surrogate pair"))
    }

    /// What is written there, escapes included.
    pub(super) fn written(self) -> &'a str {
        self.text
    }

    /// Writes it with its quotes, as it is written here.
    pub(super) fn write(self, to: &mut String) {
        to.push('"');
        to.push_str(self.text);
        to.push('"');
    }

    /// The same as a name to be compared: one with half a surrogate pair is like none.
    #[inline]
    pub(super) fn name(self) -> Cow<'a, str> {
        self.text().unwrap_or(Cow::Borrowed(self.text))
    }
}

impl<'a> Reader<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Self { text, at: 0, open: Vec::new(), room: Vec::new(), written: String::new() }
    }

    /// What begins here, told by its first byte; the white space before it is taken.
    #[inline]
    pub(super) fn peek(&mut self) -> Result<u8> {
        loop {
            match self.byte() {
                Some(b' ' | b'\n' | b'\r' | b'\t') => self.at += 1,
                Some(byte) => return Ok(byte),
                None => return Err(SYNTAX),
            }
        }
    }

    /// There is nothing more than white space.
    pub(super) fn end(&mut self) -> Result<()> {
        if self.peek().is_ok() { Err(SYNTAX) } else { Ok(()) }
    }

    /// Takes an object member by member and says that it was one; any other value is skipped.
    pub(super) fn object(&mut self, mut member: impl FnMut(Quoted<'a>, &mut Self) -> Result<()>) -> Result<bool> {
        if self.peek()? != b'{' {
            self.skip()?;
            return Ok(false);
        }
        if self.opens_empty(b'}')? {
            return Ok(true);
        }
        loop {
            let name = self.name()?;
            member(name, self)?;
            if self.is_last(b'}')? {
                return Ok(true);
            }
        }
    }

    /// Takes a list element by element and says that it was one; any other value is skipped.
    pub(super) fn array(&mut self, mut element: impl FnMut(&mut Self) -> Result<()>) -> Result<bool> {
        if self.peek()? != b'[' {
            self.skip()?;
            return Ok(false);
        }
        if self.opens_empty(b']')? {
            return Ok(true);
        }
        loop {
            element(self)?;
            if self.is_last(b']')? {
                return Ok(true);
            }
        }
    }

    /// Takes a string.
    pub(super) fn string(&mut self) -> Result<Cow<'a, str>> {
        match self.unescaped() {
            Some(text) => Ok(Cow::Borrowed(text)),
            None => match self.short() {
                Some(bytes) => std::str::from_utf8(bytes).map(|text| Cow::Owned(text.to_owned())).map_err(|_| SYNTAX),
                None => self.quoted_with_escapes()?.text(),
            },
        }
    }

    /// Takes a string as bytes, which nobody has to know to be text.
    pub(super) fn bytes(&mut self) -> Result<Cow<'a, [u8]>> {
        match self.unescaped() {
            Some(text) => Ok(Cow::Borrowed(text.as_bytes())),
            None => match self.short() {
                Some(bytes) => Ok(Cow::Owned(bytes.to_owned())),
                None => Ok(match self.quoted_with_escapes()?.text()? {
                    Cow::Borrowed(text) => Cow::Borrowed(text.as_bytes()),
                    Cow::Owned(text) => Cow::Owned(text.into_bytes()),
                }),
            },
        }
    }

    /// Takes a string with escapes, if it is short.
    #[inline(never)]
    fn short(&mut self) -> Option<&[u8]> {
        self.room.resize(SHORT, 0);
        let (end, length) = unescape::write(self.text.as_bytes(), self.at + 1, &mut self.room, 0);
        let is_whole = self.text.as_bytes().get(end) == Some(&b'"');
        let bytes = self.room.get(..length).filter(|_| is_whole)?;
        self.at = end + 1;
        Some(bytes)
    }

    /// Takes a value as what `write` writes of it, if that is short and `write` takes it all; else takes nothing.
    pub(super) fn short_of(&mut self, write: impl FnOnce(&mut Self, &mut String) -> Result<()>) -> Option<String> {
        let start = self.at;
        let mut to = std::mem::take(&mut self.written);
        to.clear();
        let is_written = write(self, &mut to).is_ok();
        let short = is_written.then(|| to.clone());
        // Whatever was too long leaves nothing behind.
        if to.capacity() <= 4 * SHORT {
            self.written = to;
        }
        if short.is_none() {
            self.at = start;
        }
        short
    }

    /// Takes a number, as it is written.
    pub(super) fn number(&mut self) -> Result<&'a str> {
        let start = self.at;
        self.at += usize::from(self.byte() == Some(b'-'));
        match self.byte() {
            Some(b'0') => self.at += 1,
            _ => self.digits()?,
        }
        if self.byte() == Some(b'.') {
            self.at += 1;
            self.digits()?;
        }
        if let Some(b'e' | b'E') = self.byte() {
            self.at += 1;
            self.at += usize::from(matches!(self.byte(), Some(b'+' | b'-')));
            self.digits()?;
        }
        self.since(start)
    }

    /// Takes `true`, `false` or `null`.
    pub(super) fn word(&mut self) -> Result<&'a str> {
        let rest = self.rest();
        let word = ["true", "false", "null"].into_iter().find(|word| rest.starts_with(word.as_bytes())).ok_or(SYNTAX)?;
        self.at += word.len();
        Ok(word)
    }

    /// Takes a value of any kind, as it is written.
    pub(super) fn json(&mut self) -> Result<&'a str> {
        self.peek()?;
        let start = self.at;
        self.skip()?;
        self.since(start)
    }

    /// Passes over a value of any kind.
    #[inline]
    pub(super) fn skip(&mut self) -> Result<()> {
        match self.peek()? {
            b'"' => self.quoted().map(|_| ()),
            _ => self.skip_nested(),
        }
    }

    fn skip_nested(&mut self) -> Result<()> {
        self.open.clear();
        loop {
            match self.peek()? {
                b'"' => {
                    self.quoted()?;
                }
                open @ (b'{' | b'[') => {
                    let close = if open == b'{' { b'}' } else { b']' };
                    if !self.opens_empty(close)? {
                        self.open.push(close);
                        self.skip_name(close)?;
                        continue;
                    }
                }
                b't' | b'f' | b'n' => {
                    self.word()?;
                }
                _ => {
                    self.number()?;
                }
            }
            // All that ends behind this value, too.
            loop {
                let Some(close) = self.open.last().copied() else { return Ok(()) };
                if !self.is_last(close)? {
                    self.skip_name(close)?;
                    break;
                }
                self.open.pop();
            }
        }
    }

    fn skip_name(&mut self, close: u8) -> Result<()> {
        if close == b'}' {
            self.name()?;
        }
        Ok(())
    }

    /// Takes the name of a member and what stands between it and the value.
    #[inline]
    fn name(&mut self) -> Result<Quoted<'a>> {
        if self.peek()? != b'"' {
            return Err(SYNTAX);
        }
        let name = self.quoted()?;
        if self.peek()? != b':' {
            return Err(SYNTAX);
        }
        self.at += 1;
        Ok(name)
    }

    /// Takes a string that begins here.
    #[inline]
    fn quoted(&mut self) -> Result<Quoted<'a>> {
        match self.unescaped() {
            Some(text) => Ok(Quoted { text, is_escaped: false }),
            None => self.quoted_with_escapes(),
        }
    }

    /// Takes a string that begins here, if nothing in it is escaped.
    fn unescaped(&mut self) -> Option<&'a str> {
        let start = self.at + 1;
        let end = start + scan::plain(self.text.as_bytes().get(start..)?);
        let text = self.text.get(start..end).filter(|_| self.text.as_bytes().get(end) == Some(&b'"'))?;
        self.at = end + 1;
        Some(text)
    }

    #[inline(never)]
    fn quoted_with_escapes(&mut self) -> Result<Quoted<'a>> {
        let bytes = self.text.as_bytes();
        let start = self.at + 1;
        let mut at = start;
        loop {
            at += scan::plain(bytes.get(at..).unwrap_or_default());
            match bytes.get(at) {
                Some(b'"') => break,
                Some(b'\\') => at += escape(bytes.get(at..).unwrap_or_default()).ok_or(SYNTAX)?,
                _ => return Err(SYNTAX),
            }
        }
        self.at = at + 1;
        Ok(Quoted { text: self.text.get(start..at).ok_or(SYNTAX)?, is_escaped: true })
    }

    /// Takes the mark that opens a list or an object, and the one that closes it too, if there is nothing in it.
    fn opens_empty(&mut self, close: u8) -> Result<bool> {
        self.at += 1;
        let is_empty = self.peek()? == close;
        self.at += usize::from(is_empty);
        Ok(is_empty)
    }

    /// Takes the mark behind an element: it closes the list or object, or something follows.
    fn is_last(&mut self, close: u8) -> Result<bool> {
        let mark = self.peek()?;
        if mark != close && mark != b',' {
            return Err(SYNTAX);
        }
        self.at += 1;
        Ok(mark == close)
    }

    /// Takes digits, of which there must be one.
    fn digits(&mut self) -> Result<()> {
        let start = self.at;
        while self.byte().is_some_and(|byte| byte.is_ascii_digit()) {
            self.at += 1;
        }
        if self.at == start { Err(SYNTAX) } else { Ok(()) }
    }

    fn since(&self, start: usize) -> Result<&'a str> {
        self.text.get(start..self.at).ok_or(SYNTAX)
    }

    fn byte(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn rest(&self) -> &'a [u8] {
        self.text.as_bytes().get(self.at..).unwrap_or_default()
    }
}

/// How many bytes the escape is long that begins here.
fn escape(bytes: &[u8]) -> Option<usize> {
    match bytes.get(1)? {
        b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't' => Some(2),
        b'u' => bytes.get(2..6)?.iter().all(u8::is_ascii_hexdigit).then_some(6),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde::de::IgnoredAny;

    use super::*;

    fn skipped(json: &str) -> Result<&str> {
        let mut reader = Reader::new(json);
        let value = reader.json()?;
        reader.end().map(|()| value)
    }

    fn text(json: &str) -> Result<Cow<'_, str>> {
        let mut reader = Reader::new(json);
        if reader.peek()? != b'"' {
            return Err(SYNTAX);
        }
        let text = reader.string()?;
        reader.end().map(|()| text)
    }

    #[test]
    fn what_is_no_json_is_not_taken() {
        for json in [
            "",
            " ",
            "-",
            "+1",
            "01",
            "-01",
            "1.",
            ".5",
            "1.e1",
            "1e",
            "1e+",
            "0x1",
            "NaN",
            "nul",
            "truex",
            "True",
            "nullx",
            "'a'",
            "\"",
            "\"a",
            "\"\\\"",
            "\"\\",
            "\"\\x\"",
            "\"\\u12\"",
            "\"\\u12g4\"",
            "\"\\u+123\"",
            "\"\n\"",
            "\"\u{1f}\"",
            "[",
            "[1",
            "[1,",
            "[1,]",
            "[,]",
            "[1 2]",
            "[1}",
            "{",
            "{\"",
            "{\"a\"",
            "{\"a\":",
            "{\"a\":1",
            "{\"a\":1,",
            "{\"a\":1,}",
            "{,}",
            "{1:1}",
            "{a:1}",
            "{\"a\" 1}",
            "{\"a\":1]",
            "{\"a\":}",
            "]",
            "}",
            ",",
            ":",
            "1 1",
            "[]]",
            "{}{}",
            "\u{a0}1",
            "1\u{b}",
            "[1,\u{c}2]",
        ] {
            assert!(skipped(json).is_err(), "{json}");
            assert!(serde_json::from_str::<IgnoredAny>(json).is_err(), "{json}");
        }
    }

    #[test]
    fn a_value_is_taken_as_it_is_written() {
        for json in [
            "0",
            "-0",
            "0.0",
            "-1.50e-07",
            "1E+3",
            "1e999",
            "true",
            "false",
            "null",
            "\"\"",
            r#""\u00e9\ud800 é""#,
            "[]",
            "[ ]",
            "{ }",
            r#"[1 , [] ,{"a" : {"b":[{}]}}]"#,
        ] {
            assert_eq!(skipped(&format!("\t\r\n {json} \n")), Ok(json));
        }
        let deep = "[".repeat(100_000) + &"]".repeat(100_000);
        assert_eq!(skipped(&deep), Ok(&*deep));
    }

    #[test]
    fn members_and_elements_come_in_their_order() {
        let mut reader = Reader::new(r#" { "a" : [ 1 , "x\n" , {} ] , "\u0062":null , "\ud800":[] } "#);
        let mut seen = Vec::new();
        let is_object = reader.object(|name, reader| {
            seen.push(name.name().into_owned());
            let is_array = reader.array(|reader| reader.json().map(|value| seen.push(value.to_owned())))?;
            seen.push(is_array.to_string());
            Ok(())
        });
        assert_eq!(is_object, Ok(true));
        assert_eq!(reader.end(), Ok(()));
        assert_eq!(seen, ["a", "1", r#""x\n""#, "{}", "true", "b", "false", r"\ud800", "true"]);
        assert_eq!(Reader::new("[{}]").object(|_, _| Err(SYNTAX)), Ok(false));
        assert_eq!(Reader::new("{\"a\":[]}").array(|_| Err(SYNTAX)), Ok(false));
    }

    /// JSON, and what is nearly JSON.
    fn pieces() -> impl Strategy<Value = String> {
        let piece = prop_oneof![
            6 => r#"[\[\]{},: ]"#,
            2 => r#""[a-zé]{0,40}""#,
            2 => r#""(\\["\\/bfnrtu]|\\u[0-9a-fA-F]{4}|[ -~é]){0,12}""#,
            2 => r"-?[0-9]{1,3}(\.[0-9]{0,2})?([eE][+-]?[0-9]{0,2})?",
            1 => "true|false|null",
            1 => any::<String>(),
        ];
        prop::collection::vec(piece, 0..8).prop_map(|pieces| pieces.concat())
    }

    fn json() -> impl Strategy<Value = serde_json::Value> {
        let scalar = prop_oneof![
            Just(serde_json::Value::Null),
            any::<bool>().prop_map_into(),
            any::<i64>().prop_map_into(),
            any::<String>().prop_map_into()
        ];
        scalar.prop_recursive(5, 40, 6, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..6).prop_map_into(),
                prop::collection::vec((any::<String>(), inner), 0..6)
                    .prop_map(|pairs| pairs.into_iter().collect::<serde_json::Map<_, _>>().into()),
            ]
        })
    }

    proptest! {
        #[test]
        fn what_serde_takes_is_taken_and_nothing_else(json in pieces()) {
            prop_assert_eq!(skipped(&json).is_ok(), serde_json::from_str::<IgnoredAny>(&json).is_ok());
            prop_assert_eq!(text(&json).ok(), serde_json::from_str::<String>(&json).ok().map(Cow::Owned));
        }

        #[test]
        fn what_is_cut_or_changed_is_taken_where_serde_takes_it(json in json(), at: prop::sample::Index, byte in 0_u8..128, is_pretty: bool) {
            let json = if is_pretty { format!("{json:#}") } else { json.to_string() };
            prop_assert_eq!(skipped(&json), Ok(&*json));
            let mut changed = json.into_bytes();
            let at = at.index(changed.len());
            changed[at] = byte;
            for bytes in [&changed[..], &changed[..at]] {
                if let Ok(json) = std::str::from_utf8(bytes) {
                    prop_assert_eq!(skipped(json).is_ok(), serde_json::from_str::<IgnoredAny>(json).is_ok(), "{}", json);
                }
            }
        }
    }
}
