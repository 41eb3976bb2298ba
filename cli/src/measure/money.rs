use std::ops::Add;

use serde::{Deserialize, Deserializer, de::Error};

use super::decimal::{decimal, rounded};

/// An amount of the price file's currency, in millionths of millionths: a price of a request has that many digits.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Money(pub(super) u128);

const DIGITS: u32 = 12;

impl Money {
    /// Rounded to this many decimals.
    pub(super) fn rounded(self, decimals: u32) -> String {
        rounded(self.0, DIGITS, decimals)
    }

    /// So much of it: `units` of what `in_one` are one of.
    pub(super) fn times(self, units: u128, in_one: u128) -> Self {
        Self(self.0.saturating_mul(units) / in_one.max(1))
    }
}

impl Add for Money {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }
}

impl std::iter::Sum for Money {
    fn sum<I: Iterator<Item = Self>>(amounts: I) -> Self {
        amounts.fold(Self::default(), Add::add)
    }
}

/// A decimal number as text: a number of JSON would be rounded on its way here.
impl<'de> Deserialize<'de> for Money {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let amount = decimal(&text, usize::try_from(DIGITS).unwrap_or_default());
        amount.map(Self).ok_or_else(|| D::Error::custom(format!("`{text}` is no decimal number of at most {DIGITS} decimals")))
    }
}
