/// What one field of a cron expression may hold.
pub(super) struct Field {
    least: i8,
    most: i8,
    names: &'static [&'static str],
}

pub(super) const MINUTE: Field = Field { least: 0, most: 59, names: &[] };
pub(super) const HOUR: Field = Field { least: 0, most: 23, names: &[] };
pub(super) const DAY: Field = Field { least: 1, most: 31, names: &[] };
pub(super) const MONTH: Field =
    Field { least: 1, most: 12, names: &["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"] };
pub(super) const WEEKDAY: Field = Field { least: 0, most: 7, names: &["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"] };

/// The lowest value of a set, from this one on.
pub(super) fn lowest(set: u64, from: i8) -> Option<i8> {
    let rest = u64::MAX.checked_shl(u32::try_from(from).ok()?)? & set;
    if rest == 0 { None } else { i8::try_from(rest.trailing_zeros()).ok() }
}

impl Field {
    /// The values that a list names, each as the bit of its number; 7 is Sunday, which is 0.
    pub(super) fn read(&self, list: &str) -> Option<u64> {
        let set = list.split(',').try_fold(0, |set, item| Some(set | self.item(item)?))?;
        Some(if self.most == 7 { (set | set >> 7) & 0x7f } else { set })
    }

    /// `*`, `5`, `MON`, `1-5`, and `*/10` or `1-31/2`.
    fn item(&self, item: &str) -> Option<u64> {
        let (range, step) = match item.split_once('/') {
            Some((range, step)) => (range, Some(number(step).filter(|step| (1..=self.most).contains(step))?)),
            None => (item, None),
        };
        let (from, to) = match range.split_once('-') {
            _ if range == "*" => (self.least, self.most),
            Some((from, to)) => (self.value(from)?, self.value(to)?),
            None if step.is_some() => return None,
            None => (self.value(range)?, self.value(range)?),
        };
        if from > to {
            return None;
        }
        let values = (from..=to).step_by(usize::try_from(step.unwrap_or(1)).ok()?);
        values.map(|value| 1_u64.checked_shl(u32::try_from(value).ok()?)).try_fold(0, |set, bit| Some(set | bit?))
    }

    fn value(&self, text: &str) -> Option<i8> {
        let named = || {
            let index = self.names.iter().position(|name| name.eq_ignore_ascii_case(text))?;
            i8::try_from(index).ok()?.checked_add(self.least)
        };
        number(text).or_else(named).filter(|value| (self.least..=self.most).contains(value))
    }
}

/// Digits alone: `+5` parses as a number, but no provider takes it.
fn number(text: &str) -> Option<i8> {
    if text.bytes().all(|byte| byte.is_ascii_digit()) { text.parse().ok() } else { None }
}
