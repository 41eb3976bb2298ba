use serde_json::Number;

use crate::event::Time;

/// A decimal number by its digits, none of which a float has seen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Decimal {
    negative: bool,
    /// Without zeros at either end; empty for zero.
    digits: String,
    /// How many places the point stands behind the last digit; negative if it stands before it.
    exponent: i64,
}

/// The largest exponent that is looked at, so that none can make us write a million zeros.
const LIMIT: i64 = 1_000;

impl Decimal {
    /// Reads `-12.50`, `1E+3`; `None` if it is no number.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let (negative, rest) = match text.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, text.strip_prefix('+').unwrap_or(text)),
        };
        let (mantissa, exponent) = match rest.split_once(['e', 'E']) {
            Some((mantissa, exponent)) => (mantissa, exponent.parse::<i64>().ok().filter(|e| (-LIMIT..=LIMIT).contains(e))?),
            None => (rest, 0),
        };
        let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        if (whole.is_empty() && fraction.is_empty()) || !whole.bytes().chain(fraction.bytes()).all(|b| b.is_ascii_digit()) {
            return None;
        }
        let all = format!("{whole}{fraction}");
        let digits = all.trim_end_matches('0');
        let cut = i64::try_from(all.len() - digits.len()).ok()?;
        let exponent = exponent - i64::try_from(fraction.len()).ok()? + cut;
        let digits = digits.trim_start_matches('0').to_owned();
        let exponent = if digits.is_empty() { 0 } else { exponent };
        Some(Self { negative: negative && !digits.is_empty(), digits, exponent })
    }

    /// The JSON number that says the same and that an `i64`, a `u64` or the shortest form of an `f64` gives back.
    pub(super) fn json(text: &str) -> Option<String> {
        let decimal = Self::parse(text)?;
        if let Some(whole) = decimal.whole() {
            return Some(whole);
        }
        let float = text.parse::<f64>().ok().filter(|float| float.is_finite())?;
        let written = Number::from_f64(float)?.to_string();
        if Self::parse(&written)? != decimal {
            return None;
        }
        // Of two shortest forms that are equally near, the standard library takes another one than JSON's writers do.
        let shortest = format!("{float:e}");
        if Self::parse(&shortest)? != decimal {
            return Some(written);
        }
        // Readable where that is short.
        Some(if (1e-7..1e21).contains(&float.abs()) { float.to_string() } else { shortest })
    }

    /// The whole number that an `i64` or `u64` holds.
    fn whole(&self) -> Option<String> {
        let zeros = usize::try_from(self.exponent).ok().filter(|zeros| *zeros <= 20)?;
        if self.digits.is_empty() {
            return Some("0".to_owned());
        }
        let sign = if self.negative { "-" } else { "" };
        let text = format!("{sign}{}{}", self.digits, "0".repeat(zeros));
        (text.parse::<i64>().is_ok() || text.parse::<u64>().is_ok()).then_some(text)
    }
}

/// The moment so many seconds after 1970, with the digits as they are written, filled up to 3, 6 or 9.
pub(super) fn seconds(text: &str) -> Option<Time> {
    if let Some(time) = millis(text.as_bytes()) {
        return Some(time);
    }
    let (mantissa, exponent) = match text.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, exponent.parse::<i64>().ok().filter(|e| (-20..=20).contains(e))?),
        None => (text, 0),
    };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    if whole.is_empty() || !whole.bytes().chain(fraction.bytes()).all(|b| b.is_ascii_digit()) {
        return None;
    }
    if exponent == 0 {
        return moment(whole, fraction);
    }
    // The point moves to where the exponent says.
    let point = i64::try_from(whole.len()).ok()? + exponent;
    let mut digits = format!("{whole}{fraction}");
    let point = match usize::try_from(point) {
        Ok(point) => point,
        Err(_) => {
            digits.insert_str(0, &"0".repeat(usize::try_from(point.unsigned_abs()).ok()?));
            0
        }
    };
    while digits.len() < point {
        digits.push('0');
    }
    let (whole, fraction) = digits.split_at_checked(point)?;
    moment(if whole.is_empty() { "0" } else { whole }, fraction)
}

/// The same of at most three digits behind the point, as nearly all are written: in one walk over them.
fn millis(text: &[u8]) -> Option<Time> {
    let point = text.iter().rposition(|byte| *byte == b'.').filter(|point| (1..=12).contains(point))?;
    let (whole, fraction) = text.split_at_checked(point)?;
    let digits = |text: &[u8]| {
        let digit = |number: i64, byte: &u8| byte.is_ascii_digit().then(|| number * 10 + i64::from(byte - b'0'));
        text.iter().try_fold(0, digit)
    };
    let fraction = fraction.get(1..)?;
    let unit = match fraction.len() {
        1 => 100,
        2 => 10,
        3 => 1,
        _ => return None,
    };
    Time::from_millis(digits(whole)? * 1_000 + digits(fraction)? * unit)
}

fn moment(whole: &str, fraction: &str) -> Option<Time> {
    let seconds = whole.parse::<i64>().ok()?;
    // Zeros past the ninth digit say nothing that a nanosecond does not.
    let fraction = if fraction.len() > 9 { fraction.trim_end_matches('0') } else { fraction };
    // The seconds and the fraction as one whole number of so many places.
    let places = |places: u32| {
        let missing = places.checked_sub(u32::try_from(fraction.len()).ok()?)?;
        let fraction = fraction.parse::<i64>().ok()?.checked_mul(10_i64.checked_pow(missing)?)?;
        seconds.checked_mul(10_i64.checked_pow(places)?)?.checked_add(fraction)
    };
    match fraction.len() {
        0 => Time::from_seconds(seconds),
        1..=3 => Time::from_millis(places(3)?),
        4..=6 => Time::from_micros(places(6)?),
        7..=9 => {
            let moment = Time::from_seconds(seconds)?.to_string();
            Time::parse(&format!("{}.{fraction:0<9}Z", moment.trim_end_matches('Z')))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_stays_one_if_its_digits_come_back() {
        for (text, want) in [
            ("1E+3", Some("1000")),
            ("123.45", Some("123.45")),
            ("9007199254740993", Some("9007199254740993")),
            ("18446744073709551615", Some("18446744073709551615")),
            ("-9223372036854775808", Some("-9223372036854775808")),
            ("0.12345678901234567890", None),
            ("12345678901234567890123456789012345678", None),
            ("-0", Some("0")),
            ("0.10", Some("0.1")),
            ("1e300", Some("1e300")),
            ("1e400", None),
            ("", None),
            (".", None),
            ("x", None),
            ("1e99999999999", None),
            ("1e-9223372036854775808", None),
            ("1e9223372036854775807", None),
            ("1197762629627471.2", Some("1197762629627471.2")),
            ("1197762629627471.3", None),
        ] {
            assert_eq!(Decimal::json(text).as_deref(), want, "{text}");
        }
    }

    #[test]
    fn seconds_keep_their_digits() {
        for (text, want) in [
            ("1480641523.5", Some("2016-12-02T01:18:43.500Z")),
            ("1480641523.05", Some("2016-12-02T01:18:43.050Z")),
            ("1480641523.477", Some("2016-12-02T01:18:43.477Z")),
            ("1480641523", Some("2016-12-02T01:18:43Z")),
            ("1.480641523477E9", Some("2016-12-02T01:18:43.477Z")),
            ("1.480641523E9", Some("2016-12-02T01:18:43Z")),
            ("1480641523.1234", Some("2016-12-02T01:18:43.123400Z")),
            ("1480641523.1234567", Some("2016-12-02T01:18:43.123456700Z")),
            ("5e-1", Some("1970-01-01T00:00:00.500Z")),
            ("1480641523.12345678901", None),
            ("-1", None),
            ("1e400", None),
            ("1e-9223372036854775808", None),
            ("99999999999999999999", None),
            ("", None),
            ("é", None),
        ] {
            assert_eq!(seconds(text).map(|time| time.to_string()).as_deref(), want, "{text}");
        }
    }
}
