//! JSON whose numbers every reader gives back.

/// The same JSON text, in which a number that no i64, u64 or f64 gives back is a string of its digits.
pub(super) fn plain(json: &str) -> String {
    let mut out = String::with_capacity(json.len());
    let (mut in_string, mut escaped) = (false, false);
    let mut number = String::new();
    for c in json.chars() {
        if in_string {
            in_string = escaped || c != '"';
            escaped = !escaped && c == '\\';
            out.push(c);
        } else if matches!(c, '0'..='9' | '-' | '+' | '.') || (matches!(c, 'e' | 'E') && !number.is_empty()) {
            number.push(c);
        } else {
            flush(&mut number, &mut out);
            in_string = c == '"';
            out.push(c);
        }
    }
    flush(&mut number, &mut out);
    out
}

fn flush(number: &mut String, out: &mut String) {
    if number.is_empty() || fits(number) {
        out.push_str(number);
    } else {
        out.push('"');
        out.push_str(number);
        out.push('"');
    }
    number.clear();
}

fn fits(number: &str) -> bool {
    if number.parse::<i64>().is_ok() || number.parse::<u64>().is_ok() {
        return true;
    }
    // Digits that have neither point nor exponent are read as an integer, and by a float only where that is exact.
    number.parse::<f64>().is_ok_and(|float| float.is_finite() && parts(number) == parts(&format!("{float:e}")))
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
            r#"{"a":"18446744073709551616 \" 0.12345678901234567890","b":[true,null]}"#,
        ] {
            assert_eq!(plain(same), same);
        }
        for (json, want) in [
            ("18446744073709551616123", r#""18446744073709551616123""#),
            (r#"{"e":1e400,"n":-0.12345678901234567890}"#, r#"{"e":"1e400","n":"-0.12345678901234567890"}"#),
        ] {
            assert_eq!(plain(json), want);
        }
    }
}
