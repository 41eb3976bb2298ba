//! Texts as JSON, for the manifest that a program carries.

/// A text in quotes.
pub(crate) fn text(text: &str) -> String {
    let mut json = String::from("\"");
    for c in text.chars() {
        match c {
            '"' => json.push_str("\\\""),
            '\\' => json.push_str("\\\\"),
            '\n' => json.push_str("\\n"),
            // RFC 8259, 7: all control characters below space are escaped; nothing else has to be.
            c if c < ' ' => json.push_str(&format!("\\u{:04x}", u32::from(c))),
            c => json.push(c),
        }
    }
    json.push('"');
    json
}

/// A list of texts.
pub(crate) fn texts(list: &[String]) -> String {
    let list: Vec<_> = list.iter().map(|item| text(item)).collect();
    format!("[{}]", list.join(","))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_json_reserves_is_escaped() {
        assert_eq!(text("a\"b\\c\nd\te\u{0}é\u{7f}"), "\"a\\\"b\\\\c\\nd\\u0009e\\u0000é\u{7f}\"");
        assert_eq!(texts(&["a".to_owned(), "\"".to_owned()]), "[\"a\",\"\\\"\"]");
        assert_eq!(texts(&[]), "[]");
    }
}
