//! Texts as YAML: as they are where every reader takes them for the same text, else in quotes.

use std::fmt::Write;

/// Writes a text so that readers of YAML 1.1 and 1.2 both take it for this text.
pub(super) fn write(out: &mut String, text: &str) {
    if is_plain(text) {
        out.push_str(text);
    } else if text.chars().all(is_printable) {
        out.push('\'');
        out.push_str(&text.replace('\'', "''"));
        out.push('\'');
    } else {
        out.push('"');
        for c in text.chars() {
            match c {
                '"' => out.push_str("\\\""),
                '\\' => out.push_str("\\\\"),
                '\n' => out.push_str("\\n"),
                '\t' => out.push_str("\\t"),
                c if is_printable(c) => out.push(c),
                // Writing to a text never fails.
                c => drop(write!(out, "\\U{:08X}", u32::from(c))),
            }
        }
        out.push('"');
    }
}

/// Whether a text is safe without quotes, in a list on one line too.
fn is_plain(text: &str) -> bool {
    let allowed = |c: char| {
        c.is_ascii_alphanumeric() || matches!(c, ' ' | '_' | '.' | '/' | ':' | '+' | '*' | '?' | '(' | ')' | '=' | ';' | '-')
    };
    text.starts_with(|c: char| c.is_ascii_alphabetic() || matches!(c, '/' | '_'))
        && text.chars().all(allowed)
        && !text.ends_with([' ', ':'])
        && !text.contains(": ")
        && !is_word(text)
}

/// Whether it is a word for a truth value or nothing, in any version of YAML.
fn is_word(text: &str) -> bool {
    ["y", "n", "yes", "no", "on", "off", "true", "false", "null"].iter().any(|word| text.eq_ignore_ascii_case(word))
}

/// Whether text without quotes may be something else than a text: a number, a date, a truth value, nothing.
pub(super) fn is_no_text(plain: &str) -> bool {
    let begins = |c: char| c.is_ascii_digit() || matches!(c, '+' | '-' | '.');
    let goes_on = |c: char| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.' | ':' | '_');
    matches!(plain, "" | "~") || is_word(plain) || plain.starts_with(begins) && plain.chars().all(goes_on)
}

/// Whether a character may stand for itself within quotes and comments.
pub(super) fn is_printable(c: char) -> bool {
    !c.is_control() && !matches!(c, '\u{2028}' | '\u{2029}' | '\u{feff}' | '\u{fffe}' | '\u{ffff}')
}
