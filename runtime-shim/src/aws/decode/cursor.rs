/// A walk over JSON that serde has found to be well-formed: strings and numbers are taken as they are written.
///
/// `None` is the answer to a token that is not there; on text that is no JSON it may come late, but there is no panic.
pub(super) struct Cursor<'a>(&'a str);

impl<'a> Cursor<'a> {
    pub(super) fn new(json: &'a str) -> Self {
        Self(json)
    }

    /// Takes this punctuation, if it is next.
    pub(super) fn eat(&mut self, mark: char) -> Option<()> {
        self.0 = self.0.trim_ascii_start().strip_prefix(mark)?;
        Some(())
    }

    /// Takes a string, its quotes and escapes included.
    pub(super) fn string(&mut self) -> Option<&'a str> {
        let text = self.0.trim_ascii_start();
        let bytes = text.strip_prefix('"').map(|_| text.as_bytes())?;
        let mut at = 1;
        loop {
            at += memchr::memchr2(b'"', b'\\', bytes.get(at..)?)?;
            match bytes.get(at) {
                Some(b'"') => return self.take(text, at + 1),
                // Whatever is escaped is not the end.
                _ => at += 2,
            }
        }
    }

    /// Takes a number, `true`, `false` or `null`.
    pub(super) fn scalar(&mut self) -> Option<&'a str> {
        let text = self.0.trim_ascii_start();
        let end = text.bytes().position(|byte| !byte.is_ascii_alphanumeric() && !matches!(byte, b'-' | b'+' | b'.'));
        self.take(text, end.unwrap_or(text.len())).filter(|scalar| !scalar.is_empty())
    }

    fn take(&mut self, text: &'a str, end: usize) -> Option<&'a str> {
        let (taken, rest) = text.split_at_checked(end)?;
        self.0 = rest;
        Some(taken)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_are_taken_as_they_are_written() {
        let mut cursor = Cursor::new(r#" { "a\"\\" :	[ -1.5e+3,true ] }"#);
        assert_eq!(cursor.eat('['), None);
        assert_eq!(cursor.eat('{'), Some(()));
        assert_eq!(cursor.scalar(), None);
        assert_eq!(cursor.string(), Some(r#""a\"\\""#));
        assert_eq!((cursor.eat(':'), cursor.eat('[')), (Some(()), Some(())));
        assert_eq!(cursor.string(), None);
        assert_eq!(cursor.scalar(), Some("-1.5e+3"));
        assert_eq!(cursor.eat(','), Some(()));
        assert_eq!(cursor.scalar(), Some("true"));
        assert_eq!((cursor.eat(']'), cursor.eat('}'), cursor.eat('}')), (Some(()), Some(()), None));
    }

    #[test]
    fn what_ends_early_is_no_token() {
        for json in ["", "\"", "\"a", "\"a\\", "\"a\\\"", "\"\\é", "a\"\""] {
            assert_eq!(Cursor::new(json).string(), None, "{json}");
        }
    }
}
