/// A decimal number such as `1.5` as a whole number of its `digits`th decimals, so that nothing rounds it; `None` for anything else,
/// and for more decimals than that.
pub(super) fn decimal(text: &str, digits: usize) -> Option<u128> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, "0"));
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if !is_number(whole) || !is_number(fraction) || fraction.len() > digits {
        return None;
    }
    format!("{whole}{fraction:0<digits$}").parse().ok()
}

/// The same the other way, rounded to this many decimals.
pub(super) fn rounded(number: u128, digits: u32, decimals: u32) -> String {
    let cut = 10_u128.pow(digits.saturating_sub(decimals));
    let number = number.saturating_add(cut / 2) / cut;
    let whole = 10_u128.pow(decimals);
    if decimals == 0 {
        return number.to_string();
    }
    format!("{}.{:0width$}", number / whole, number % whole, width = usize::try_from(decimals).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_decimal_keeps_every_digit() {
        assert_eq!(decimal("0.0000133334", 12), Some(13_333_400));
        assert_eq!(decimal("20", 3), Some(20_000));
        assert_eq!(decimal("1.5", 1), Some(15));
        for text in ["", ".", "1.", ".5", "-1", "1e3", "1,5", "1.23", "٣", "1.2.3", "99999999999999999999999999999999999999999"]
        {
            assert_eq!(decimal(text, 1), None, "{text}");
        }
    }

    #[test]
    fn a_number_is_rounded_once() {
        assert_eq!(rounded(201_666_750_000, 12, 4), "0.2017");
        assert_eq!(rounded(7_208_750_000_000, 12, 2), "7.21");
        assert_eq!(rounded(1_999, 3, 0), "2");
        assert_eq!(rounded(5, 3, 3), "0.005");
    }
}
