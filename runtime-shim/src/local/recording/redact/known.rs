use std::{
    borrow::Cow,
    collections::{BTreeSet, HashMap, HashSet},
    ops::Range,
};

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};

use super::REDACTED;

/// How long a secret must be to be taken out wherever it stands: a shorter one would be found in words that have nothing
/// to do with it.
const SHORTEST: usize = 8;

/// The secrets that were found, in each form in which one may stand elsewhere.
#[derive(Default)]
pub(super) struct Known {
    /// By their first bytes, so that looking for all of them costs no more than looking for one.
    by_start: HashMap<[u8; SHORTEST], Forms>,
}

#[derive(Default)]
struct Forms {
    forms: HashSet<Vec<u8>>,
    lengths: BTreeSet<usize>,
}

impl Forms {
    /// How long the longest is that the bytes begin with.
    fn at(&self, bytes: &[u8]) -> Option<usize> {
        self.lengths.iter().rev().copied().find(|length| bytes.get(..*length).is_some_and(|form| self.forms.contains(form)))
    }
}

impl Known {
    /// Remembers a secret.
    pub(super) fn add(&mut self, secret: &str) {
        if secret.len() < SHORTEST || secret.contains(REDACTED) {
            return;
        }
        self.insert(secret.as_bytes());
        // A query may have a plus for a space.
        self.insert(secret.replace(' ', "+").as_bytes());
        self.insert(crate::base64::encode(secret).trim_end_matches('=').as_bytes());
        self.insert(URL_SAFE_NO_PAD.encode(secret).as_bytes());
        // An HTML or JSON text within a text.
        let mut json = String::new();
        crate::event::string(secret, &mut json);
        self.insert(json.trim_matches('"').as_bytes());
    }

    fn insert(&mut self, form: &[u8]) {
        let Some(start) = form.first_chunk() else { return };
        let forms = self.by_start.entry(*start).or_default();
        forms.lengths.insert(form.len());
        forms.forms.insert(form.to_vec());
    }

    /// Where secrets stand in these bytes, the longest that begins at a place.
    pub(super) fn find(&self, bytes: &[u8]) -> Vec<Range<usize>> {
        let mut found = Vec::new();
        let mut at = 0;
        while let Some(rest) = bytes.get(at..).filter(|rest| !rest.is_empty() && !self.by_start.is_empty()) {
            let length = rest.first_chunk().and_then(|start| self.by_start.get(start)?.at(rest)).unwrap_or_default();
            if length > 0 {
                found.push(at..at + length);
            }
            at += length.max(1);
        }
        found
    }

    /// The same in a text, also where it is percent-encoded.
    pub(super) fn find_in_text(&self, text: &str) -> Vec<Range<usize>> {
        if !text.contains('%') {
            return self.find(text.as_bytes());
        }
        let (decoded, places) = decoded(text.as_bytes());
        let mut found: Vec<_> = self
            .find(&decoded)
            .into_iter()
            .filter_map(|range| Some(*places.get(range.start)?..*places.get(range.end)?))
            .collect();
        // A secret may itself have a percent sign that stands there as it is.
        found.extend(self.find(text.as_bytes()));
        found
    }
}

/// The bytes with escapes decoded, and where each stood; the last place is the end.
fn decoded(text: &[u8]) -> (Vec<u8>, Vec<usize>) {
    let (mut bytes, mut places) = (Vec::with_capacity(text.len()), Vec::with_capacity(text.len()));
    let mut at = 0;
    while let Some(byte) = text.get(at) {
        places.push(at);
        let digits = text.get(at + 1..at + 3).filter(|_| *byte == b'%').and_then(|digits| std::str::from_utf8(digits).ok());
        match digits
            .filter(|digits| digits.bytes().all(|digit| digit.is_ascii_hexdigit()))
            .and_then(|hex| u8::from_str_radix(hex, 16).ok())
        {
            Some(escaped) => {
                bytes.push(escaped);
                at += 3;
            }
            None => {
                bytes.push(*byte);
                at += 1;
            }
        }
    }
    places.push(at);
    (bytes, places)
}

/// The text with something else at these places.
pub(super) fn replace<'t>(text: &'t str, mut spans: Vec<(Range<usize>, Cow<'_, str>)>) -> Cow<'t, str> {
    if spans.is_empty() {
        return Cow::Borrowed(text);
    }
    // Of two that overlap the first one counts, of two that begin together the longer one.
    spans.sort_by_key(|(span, _)| (span.start, std::cmp::Reverse(span.end)));
    let (mut out, mut done) = (String::with_capacity(text.len()), 0);
    for (span, new) in spans {
        if let Some(between) = text.get(done..span.start) {
            out.push_str(between);
            out.push_str(&new);
            done = span.end;
        } else if span.end > done {
            // The rest of what overlaps belongs to a secret too.
            done = span.end;
        }
    }
    out.push_str(text.get(done..).unwrap_or_default());
    Cow::Owned(out)
}
