use super::{Difference, matches};

/// Compares two texts: what is between the lines that they begin and end with alike.
pub(super) fn compare(place: &str, expected: &str, came: &str, into: &mut Difference) {
    if matches(expected, came) {
        return;
    }
    // With their ends, so that a missing last one is seen.
    let (expected, came): (Vec<_>, Vec<_>) = (expected.split_inclusive('\n').collect(), came.split_inclusive('\n').collect());
    let alike = |(expected, came): &(&&str, &&str)| matches(expected, came);
    let start = expected.iter().zip(&came).take_while(alike).count();
    let (left, right) = (expected.get(start..).unwrap_or_default(), came.get(start..).unwrap_or_default());
    let end = left.iter().rev().zip(right.iter().rev()).take_while(alike).count();
    let middle =
        |side: &[&str]| side.get(..side.len() - end).map(|lines| lines.iter().map(|line| shown(line)).collect::<Vec<_>>());
    let (left, right) = (middle(left).unwrap_or_default(), middle(right).unwrap_or_default());
    let (left, right): (Vec<_>, Vec<_>) = (left.iter().map(String::as_str).collect(), right.iter().map(String::as_str).collect());
    let place = if start == 0 { place.to_owned() } else { format!("{place}, from line {}", start + 1) };
    into.lines(&place, &left, &right);
}

/// A line without its end, if that is the usual one.
fn shown(line: &str) -> String {
    line.strip_suffix('\n').map_or_else(|| format!("{line} (no line end)"), str::to_owned)
}
