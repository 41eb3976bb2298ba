use std::fmt::Write as _;

/// Writes a text as a JSON string.
pub(crate) fn string(text: &str, to: &mut String) {
    to.reserve(text.len() + 2);
    to.push('"');
    let mut rest = text;
    // Most texts have nothing to escape, which is seen fastest without a stop on the way.
    let has_any = text.bytes().fold(false, |any, byte| any | is_escaped(byte));
    while let Some(at) = rest.bytes().position(is_escaped).filter(|_| has_any) {
        // What is escaped is one byte long, so that both sides of it are text.
        let (before, from) = rest.split_at_checked(at).unwrap_or((rest, ""));
        let mut chars = from.chars();
        to.push_str(before);
        match chars.next().unwrap_or_default() {
            '"' => to.push_str("\\\""),
            '\\' => to.push_str("\\\\"),
            '\n' => to.push_str("\\n"),
            '\r' => to.push_str("\\r"),
            '\t' => to.push_str("\\t"),
            '\u{8}' => to.push_str("\\b"),
            '\u{c}' => to.push_str("\\f"),
            control => {
                // Writing to a String cannot fail.
                let _written = write!(to, "\\u{:04x}", u32::from(control));
            }
        }
        rest = chars.as_str();
    }
    to.push_str(rest);
    to.push('"');
}

fn is_escaped(byte: u8) -> bool {
    byte < 0x20 || matches!(byte, b'"' | b'\\')
}

#[cfg(test)]
mod tests {
    use super::string;

    #[test]
    fn every_text_comes_back() {
        for (text, want) in [
            ("", r#""""#),
            ("é\"€\\𝄞", r#""é\"€\\𝄞""#),
            ("\n\r\t\u{8}\u{c}/", r#""\n\r\t\b\f/""#),
            ("\u{0}\u{b}\u{1f}\u{7f}", "\"\\u0000\\u000b\\u001f\u{7f}\""),
            ("a\"", r#""a\"""#),
        ] {
            let mut json = String::new();
            string(text, &mut json);
            assert_eq!(json, want);
            assert_eq!(serde_json::from_str::<String>(&json).unwrap(), text);
            assert_eq!(serde_json::to_string(text).unwrap(), json);
        }
    }
}
