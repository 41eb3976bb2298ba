use serde::{
    Deserialize,
    de::{Deserializer, Error},
};
use serde_json::value::RawValue;

/// A whole number of 64 bits.
pub(super) struct Integer(pub(super) i64);

/// A double that is read exactly: the parser's own floats may be one step off.
#[derive(Default)]
pub(super) struct Double(pub(super) f64);

impl<'de> Deserialize<'de> for Integer {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        integer(<&RawValue>::deserialize(deserializer)?.get()).map(Self)
    }
}

impl<'de> Deserialize<'de> for Double {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        double(<&RawValue>::deserialize(deserializer)?.get()).map(Self)
    }
}

/// A number, or a number in quotes; a point only with zeros behind it.
fn integer<E: Error>(json: &str) -> Result<i64, E> {
    let number = unquoted(json);
    let whole = match number.split_once('.') {
        Some((whole, zeros)) if !zeros.is_empty() && zeros.bytes().all(|digit| digit == b'0') => whole,
        _ => number,
    };
    whole.parse().map_err(|_| E::custom("expected a whole number of 64 bits"))
}

/// A number, a number in quotes, or one of the words for what is none.
///
/// The digits may be more than are needed, as some writers have them: which double they mean is certain.
fn double<E: Error>(json: &str) -> Result<f64, E> {
    let number = match unquoted(json) {
        "NaN" => return Ok(f64::NAN),
        "Infinity" => return Ok(f64::INFINITY),
        "-Infinity" => return Ok(f64::NEG_INFINITY),
        number => number,
    };
    let is_number = number.starts_with(|first: char| first == '-' || first.is_ascii_digit());
    let double = number.parse::<f64>().ok().filter(|double| is_number && double.is_finite());
    double.ok_or_else(|| E::custom("expected a double"))
}

/// What stands between the quotes, if there are any.
fn unquoted(json: &str) -> &str {
    json.strip_prefix('"').and_then(|json| json.strip_suffix('"')).unwrap_or(json)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_whole_number_keeps_every_digit() {
        for (json, want) in [
            ("4", Some(4)),
            (r#""4""#, Some(4)),
            ("-9223372036854775808", Some(i64::MIN)),
            (r#""9223372036854775807""#, Some(i64::MAX)),
            (r#""9007199254740993""#, Some(9_007_199_254_740_993)),
            ("1.0", Some(1)),
            ("-0", Some(0)),
            ("1.00", Some(1)),
            ("1.5", None),
            ("1.05", None),
            (r#""1.""#, None),
            ("1e3", None),
            ("9223372036854775808", None),
            (r#""""#, None),
            (r#""four""#, None),
            ("true", None),
            ("null", None),
            ("[4]", None),
        ] {
            assert_eq!(integer::<serde_json::Error>(json).ok(), want, "{json}");
        }
    }

    #[test]
    fn a_double_is_the_nearest_or_a_word() {
        for (json, want) in [
            ("5.5", Some(5.5)),
            ("3", Some(3.0)),
            (r#""5.5""#, Some(5.5)),
            ("-0.0", Some(-0.0)),
            ("4.9406564584124654e-324", Some(5e-324)),
            ("0.10000000000000001", Some(0.1)),
            // Where readers that are fast and not exact are one step off.
            ("2.2250738585072011e-308", Some(2.225_073_858_507_201e-308)),
            (r#""Infinity""#, Some(f64::INFINITY)),
            (r#""-Infinity""#, Some(f64::NEG_INFINITY)),
            ("1e400", None),
            (r#""inf""#, None),
            (r#""nan""#, None),
            (r#""""#, None),
            ("{}", None),
        ] {
            assert_eq!(double::<serde_json::Error>(json).ok().map(f64::to_bits), want.map(f64::to_bits), "{json}");
        }
        assert!(double::<serde_json::Error>(r#""NaN""#).unwrap().is_nan());
    }
}
