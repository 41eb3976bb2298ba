//! JSON whose numbers every reader gives back.

use serde_json::Number;

use super::json::string_length;

/// The same JSON text, in which a number that no i64, u64 or f64 gives back is a string of its digits.
pub(crate) fn plain(json: &str) -> String {
    let mut out = String::with_capacity(json.len());
    write_plain(json, &mut out);
    out
}

/// Writes the same behind another text.
pub(crate) fn write_plain(json: &str, out: &mut String) {
    let mut rest = json;
    while let Some(at) = rest.bytes().position(|byte| matches!(byte, b'"' | b'-' | b'0'..=b'9')) {
        let (before, from) = rest.split_at_checked(at).unwrap_or((rest, ""));
        out.push_str(before);
        let is_string = from.starts_with('"');
        let length = if is_string { string_length(from) } else { from.bytes().take_while(is_of_number).count() };
        let (token, after) = from.split_at_checked(length).unwrap_or((from, ""));
        if is_string || fits(token) {
            out.push_str(token);
        } else {
            out.extend(["\"", token, "\""]);
        }
        rest = after;
    }
    out.push_str(rest);
}

fn is_of_number(byte: &u8) -> bool {
    matches!(byte, b'0'..=b'9' | b'-' | b'+' | b'.' | b'e' | b'E')
}

fn fits(number: &str) -> bool {
    // A float holds any fifteen digits.
    let is_short = number.len() <= 15 && !number.contains(['e', 'E']);
    if is_short || number.parse::<i64>().is_ok() || number.parse::<u64>().is_ok() {
        return true;
    }
    // Digits that have neither point nor exponent are read as an integer, and by a float only where that is exact.
    // Of two shortest forms that are equally near, the standard library takes another one than JSON's writers do.
    let shortest = number.parse().ok().and_then(Number::from_f64);
    shortest.is_some_and(|shortest| parts(number) == parts(&shortest.to_string()))
}

/// The digits without zeros at either end, and the power of ten of the last one.
fn parts(number: &str) -> (String, i64) {
    let number = number.trim_start_matches(['-', '+']);
    let (digits, exponent) = number.split_once(['e', 'E']).unwrap_or((number, "0"));
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let all = format!("{whole}{fraction}");
    let kept = all.trim_end_matches('0');
    let digits = kept.trim_start_matches('0');
    if digits.is_empty() {
        return (String::new(), 0);
    }
    let dropped = i64::try_from(all.len() - kept.len()).unwrap_or(i64::MAX);
    let fraction = i64::try_from(fraction.len()).unwrap_or(i64::MAX);
    let exponent = exponent.parse::<i64>().unwrap_or(i64::MAX);
    (digits.to_owned(), exponent.saturating_sub(fraction).saturating_add(dropped))
}

#[cfg(test)]
mod tests {
    use super::plain;

    #[test]
    fn only_numbers_that_would_change_become_strings() {
        for same in [
            "18446744073709551615",
            "-9223372036854775808",
            "9007199254740993",
            "[1.5,1.50,1E+20,-0.0,0.1,1e-7]",
            // Halfway between two neighbours of as many digits: the even one is what JSON's writers write.
            "1197762629627471.2",
            r#"{"a":"18446744073709551616 \" 0.12345678901234567890","b":[true,null]}"#,
        ] {
            assert_eq!(plain(same), same);
        }
        for (json, want) in [
            ("18446744073709551616123", r#""18446744073709551616123""#),
            ("1197762629627471.3", r#""1197762629627471.3""#),
            (r#"{"e":1e400,"n":-0.12345678901234567890}"#, r#"{"e":"1e400","n":"-0.12345678901234567890"}"#),
        ] {
            assert_eq!(plain(json), want);
        }
    }
}
