use std::borrow::Cow;

use crate::{
    scan,
    unescape::{unescape, unquoted},
};

/// The documents of an array whose JSON text is a text inside of a text.
///
/// They are taken one by one from pieces of it: all of it, freed of its escapes, would be in memory beside the documents.
pub(super) struct Documents<'a> {
    /// What has its escapes still.
    escaped: &'a str,
    /// What has none any more, and is not yet taken.
    plain: String,
    /// Where the document begins in that which was taken last, and how far it has been looked through.
    start: usize,
    at: usize,
    is_first: bool,
    is_over: bool,
}

/// There is no array of documents.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct NoArray;

/// How much is freed of its escapes at a time, or a little more.
const PIECE: usize = 32 * 1024;

impl<'a> Documents<'a> {
    /// The documents of this JSON value.
    pub(super) fn read(json: &'a str) -> Result<Self, NoArray> {
        let inner = json.trim_ascii().strip_prefix(r#""\""#).and_then(|json| json.strip_suffix(r#"\"""#));
        let mut documents =
            Self { escaped: inner.unwrap_or_default(), plain: String::new(), start: 0, at: 0, is_first: true, is_over: false };
        if inner.is_none() {
            // Whoever wrote it escapes quotes in another way.
            documents.plain = unescape(json).and_then(|text| unescape(&text).map(Cow::into_owned)).ok_or(NoArray)?;
        }
        documents.pass_over_space()?;
        if documents.byte()? != Some(b'[') {
            return Err(NoArray);
        }
        documents.at += 1;
        Ok(documents)
    }

    /// The next one, without the white space around it. Whether it is JSON is for the reader to find out.
    pub(super) fn next(&mut self) -> Result<Option<&str>, NoArray> {
        if self.is_over {
            return Ok(None);
        }
        self.start = self.at;
        self.is_over = self.pass_over()?;
        let length = self.at - self.start;
        self.at += 1;
        if self.is_over {
            self.pass_over_space()?;
            if self.byte()?.is_some() {
                return Err(NoArray);
            }
        }
        let document = self.plain.get(self.start..self.start + length).ok_or(NoArray)?.trim_ascii();
        let is_alone = std::mem::take(&mut self.is_first) && self.is_over;
        Ok(Some(document).filter(|document| !(is_alone && document.is_empty())))
    }

    fn pass_over_space(&mut self) -> Result<(), NoArray> {
        while let Some(b' ' | b'\n' | b'\r' | b'\t') = self.byte()? {
            self.at += 1;
        }
        Ok(())
    }

    /// Goes to the mark behind a document, and says whether it is the one that ends the array.
    fn pass_over(&mut self) -> Result<bool, NoArray> {
        let mut depth = 0_usize;
        loop {
            match self.byte()?.ok_or(NoArray)? {
                b'"' => self.pass_over_string()?,
                b'{' | b'[' => depth += 1,
                mark @ (b',' | b']') if depth == 0 => return Ok(mark == b']'),
                b'}' | b']' => depth = depth.checked_sub(1).ok_or(NoArray)?,
                _ => {}
            }
            self.at += 1;
        }
    }

    /// Goes to the quote that ends a string.
    fn pass_over_string(&mut self) -> Result<(), NoArray> {
        self.at += 1;
        loop {
            self.at += scan::plain(self.plain.as_bytes().get(self.at..).unwrap_or_default());
            match self.byte()? {
                Some(b'"') => return Ok(()),
                // What is escaped may come with the next piece.
                Some(b'\\') => self.at += 2,
                Some(_) => self.at += 1,
                None => return Err(NoArray),
            }
        }
    }

    /// The byte that was come to; `None` at the end.
    fn byte(&mut self) -> Result<Option<u8>, NoArray> {
        loop {
            if let Some(byte) = self.plain.as_bytes().get(self.at) {
                return Ok(Some(*byte));
            }
            if !self.more()? {
                return Ok(None);
            }
        }
    }

    /// Frees one more piece of its escapes; `false` if there is none.
    fn more(&mut self) -> Result<bool, NoArray> {
        if self.escaped.is_empty() {
            return Ok(false);
        }
        // No escape has a comma in it, so that a piece that ends in one ends in no escape.
        let bytes = self.escaped.as_bytes().get(PIECE..).unwrap_or_default();
        let end = memchr::memchr(b',', bytes).map_or(self.escaped.len(), |at| PIECE + at + 1);
        let (piece, rest) = self.escaped.split_at_checked(end).ok_or(NoArray)?;
        let once = unquoted(piece).ok_or(NoArray)?;
        let plain = unquoted(&once).ok_or(NoArray)?;
        // What is taken makes room.
        self.plain.drain(..self.start.min(self.plain.len()));
        self.at -= self.start;
        self.start = 0;
        self.plain.push_str(&plain);
        self.escaped = rest;
        Ok(true)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::value::RawValue;

    use super::*;

    fn documents(json: &str) -> Result<Vec<String>, NoArray> {
        let (mut documents, mut list) = (Documents::read(json)?, Vec::new());
        while let Some(document) = documents.next()? {
            list.push(document.to_owned());
        }
        Ok(list)
    }

    /// A text with quotes, commas, escapes and brackets, which may be long.
    fn text() -> impl Strategy<Value = String> {
        (r#"[a\[\]{},"\\\nƩ\u{1f42a} ]{0,12}"#, prop_oneof![20 => Just(1_usize), 1 => Just(4_000)])
            .prop_map(|(text, times)| text.repeat(times))
    }

    proptest! {
        #[test]
        fn they_are_those_of_the_array(texts in prop::collection::vec(text(), 0..6), space in "[ \n]{0,2}") {
            let list: Vec<_> = texts.iter().map(|text| serde_json::json!({ "t": text, "l": [[text], {}] }).to_string()).collect();
            let array = format!("{space}[{space}{}{space}]{space}", list.join(&format!("{space},{space}")));
            let once = serde_json::to_string(&array).unwrap();
            let twice = serde_json::to_string(&once).unwrap();
            prop_assert_eq!(documents(&twice), Ok(list.clone()));
            prop_assert_eq!(documents(&twice.replace("\\\"", "\\u0022")), Ok(list));
        }

        #[test]
        fn what_is_no_array_has_no_documents(array in r#"[\[\]{},"\\1 ]{0,10}"#) {
            let twice = serde_json::to_string(&serde_json::to_string(&array).unwrap()).unwrap();
            let want = serde_json::from_str::<Vec<&RawValue>>(&array).ok().map(|list| list.iter().map(|json| json.get().to_owned()).collect());
            let found = documents(&twice).ok().filter(|list: &Vec<String>| list.iter().all(|json| serde_json::from_str::<&RawValue>(json).is_ok()));
            prop_assert_eq!(found, want);
        }
    }
}
