use std::time::Duration;

use super::decimal::rounded;

/// A time as people say it: `850 us`, `3.1 ms`, `1.25 s`.
pub(crate) fn time(time: Duration) -> String {
    let us = time.as_micros();
    match us {
        0..1_000 => format!("{us} us"),
        1_000..100_000 => format!("{} ms", rounded(us, 3, 1)),
        100_000..1_000_000 => format!("{} ms", rounded(us, 3, 0)),
        _ => format!("{} s", rounded(us, 6, 2)),
    }
}

/// A size as people say it: `812 B`, `640 kB`, `1.5 MB`; a kB is 1000 bytes.
pub(crate) fn size(bytes: u64) -> String {
    let number = u128::from(bytes);
    match bytes {
        0..1_000 => format!("{bytes} B"),
        1_000..1_000_000 => format!("{} kB", rounded(number, 3, 0)),
        1_000_000..1_000_000_000 => format!("{} MB", rounded(number, 6, 1)),
        _ => format!("{} GB", rounded(number, 9, 2)),
    }
}

/// A large number with room between its thousands: `35 745 867`.
pub(crate) fn count(number: u128) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(' ');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_have_as_many_digits_as_one_reads() {
        let us = |us| time(Duration::from_micros(us));
        assert_eq!(
            [us(850), us(3_149), us(99_960), us(123_400), us(1_250_000)],
            ["850 us", "3.1 ms", "100.0 ms", "123 ms", "1.25 s"]
        );
        assert_eq!([size(812), size(640_400), size(1_549_999), size(2_500_000_000)], ["812 B", "640 kB", "1.5 MB", "2.50 GB"]);
        assert_eq!(
            [size(0), size(999), size(1_000), size(612_345), size(1_000_000), size(12_345_678)],
            ["0 B", "999 B", "1 kB", "612 kB", "1.0 MB", "12.3 MB"]
        );
        assert_eq!([count(0), count(999), count(1_000), count(35_745_867)], ["0", "999", "1 000", "35 745 867"]);
    }
}
