use serde::de::IgnoredAny;

use super::reader::{Malformed, Reader, Result};
use crate::DecodeError;

/// What a JSON value is read as.
pub(super) trait Value<'a>: Sized {
    /// Takes the value that comes next, whatever it is.
    fn read(reader: &mut Reader<'a>) -> Result<Self>;
}

/// The value that a text is; bytes after it are refused.
pub(super) fn whole<'a, T: Value<'a>>(text: &'a str) -> Result<T> {
    let mut reader = Reader::new(text);
    let value = T::read(&mut reader)?;
    reader.end()?;
    Ok(value)
}

/// Why a text could not be read, with the line and the column: only then is it looked through again.
pub(super) fn error(text: &str, Malformed(reason): Malformed) -> DecodeError {
    match serde_json::from_str::<IgnoredAny>(text) {
        Ok(IgnoredAny) => DecodeError::at("", reason),
        Err(error) => DecodeError::json(error),
    }
}

/// `null` is none.
impl<'a, T: Value<'a>> Value<'a> for Option<T> {
    fn read(reader: &mut Reader<'a>) -> Result<Self> {
        if reader.peek()? == b'n' {
            reader.word()?;
            return Ok(None);
        }
        T::read(reader).map(Some)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::aws::decode::leaf::Leaf;

    #[test]
    fn the_place_of_what_is_no_json_is_told() {
        for (text, want) in [
            ("{\"a\":\n1 2}", "expected `,` or `}` at line 2 column 3"),
            ("[1", "EOF while parsing a list at line 1 column 2"),
            (r#""\ud800""#, "half of a surrogate pair"),
            ("1e999", "number out of range"),
        ] {
            let malformed = whole::<Leaf<'_>>(text).unwrap_err();
            assert_eq!(error(text, malformed).to_string(), want, "{text}");
        }
    }
}
