//! Words of a shell's command line.

/// The word that this text is: as it stands, or in single quotes, within which a shell reads nothing.
pub(super) fn word(text: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"_@%+=:,./-".contains(&byte);
    if !text.is_empty() && text.bytes().all(plain) {
        return text.to_owned();
    }
    format!("'{}'", text.replace('\'', r"'\''"))
}

/// The text of a comment, which ends with its line.
pub(super) fn comment(text: &str) -> String {
    text.chars().map(|char| if char.is_control() { ' ' } else { char }).collect()
}

/// An option of gcloud's with one pair, which a comma would end unless another separator is named before.
///
/// Source: [gcloud topic escaping](https://cloud.google.com/sdk/gcloud/reference/topic/escaping).
pub(super) fn pair(option: &str, key: &str, value: &str) -> String {
    let text = format!("{key}={value}");
    if !text.contains(',') {
        return word(&format!("{option}={text}"));
    }
    let separator = (1..).map(|length| ";".repeat(length)).find(|separator| !text.contains(separator.as_str()));
    word(&format!("{option}=^{0}^{text}", separator.unwrap_or_default()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_gets_out_of_its_word() {
        for (text, want) in [
            ("orders", "orders"),
            ("a/b:c=d,e", "a/b:c=d,e"),
            ("", "''"),
            ("a b", "'a b'"),
            ("$HOME`id`", "'$HOME`id`'"),
            ("it's", r"'it'\''s'"),
            ("*", "'*'"),
            ("~", "'~'"),
            ("a\nb", "'a\nb'"),
            ("\u{e9}", "'\u{e9}'"),
        ] {
            assert_eq!(word(text), want);
        }
        assert_eq!(comment("a\nrm -rf\r\u{1b}"), "a rm -rf  ");
    }

    #[test]
    fn a_comma_in_a_value_ends_nothing() {
        assert_eq!(pair("--f", "type", "a.b"), "--f=type=a.b");
        assert_eq!(pair("--f", "type", "a,b"), "'--f=^;^type=a,b'");
        assert_eq!(pair("--f", "type", "a,b;c"), "'--f=^;;^type=a,b;c'");
    }
}
