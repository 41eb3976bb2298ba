use serde_json::value::RawValue;

/// JSON text without the white space between its tokens, so that it fits on a line; every digit of a number stays.
/// `None` if it is no JSON.
pub(crate) fn compact(json: &str) -> Option<Box<RawValue>> {
    let json = serde_json::from_str::<&RawValue>(json).ok()?.get();
    let mut in_string = false;
    let mut escaped = false;
    let kept = json.chars().filter(|c| {
        if in_string {
            in_string = escaped || *c != '"';
            escaped = !escaped && *c == '\\';
            return true;
        }
        in_string = *c == '"';
        !matches!(c, ' ' | '\t' | '\r' | '\n')
    });
    RawValue::from_string(kept.collect()).ok()
}

/// How long the string is that the text begins with, quotes and all.
#[cfg(any(feature = "aws", feature = "azure", feature = "gcp", feature = "local"))]
pub(crate) fn string_length(text: &str) -> usize {
    let mut escaped = false;
    let end = text.bytes().skip(1).position(|byte| {
        let is_end = byte == b'"' && !escaped;
        escaped = byte == b'\\' && !escaped;
        is_end
    });
    end.map_or(text.len(), |end| end + 2)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn compact_keeps_every_digit_and_every_string() {
        let compacted = |json| compact(json).map(|raw| raw.get().to_owned());
        assert_eq!(
            compacted(" { \"a b\" : [ 1e3 ,\n 12345678901234567890123 ] } ").as_deref(),
            Some("{\"a b\":[1e3,12345678901234567890123]}")
        );
        assert_eq!(compacted(r#"[ "\\" , " \" x" ]"#).as_deref(), Some(r#"["\\"," \" x"]"#));
        assert_eq!(compacted("1 2"), None);
        assert_eq!(compacted("{"), None);
    }
}
