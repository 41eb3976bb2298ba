use super::{Difference, Ignore, json, lines, matches};
use crate::{event::Headers, local::recording::Reply};

pub(super) fn compare(expected: &Reply, came: &Reply, ignore: Ignore) -> Difference {
    let mut difference = Difference::default();
    if expected.status != came.status {
        difference.value("status", Some(expected.status.as_str()), Some(came.status.as_str()));
    }
    headers("headers", &expected.headers, &came.headers, ignore, &mut difference);
    body(&expected.body, &came.body, &mut difference);
    difference
}

/// Compares the values of each name, and then the order of the names.
pub(super) fn headers(place: &str, expected: &Headers, came: &Headers, ignore: Ignore, into: &mut Difference) {
    let of = |headers: &Headers| -> Vec<(String, String)> {
        let kept = headers.iter().filter(|(name, _)| !ignore.header(name.as_str()));
        kept.map(|(name, value)| (name.to_string(), String::from_utf8_lossy(value.as_bytes()).into_owned())).collect()
    };
    let (expected, came) = (of(expected), of(came));
    let is_same = |expected: &[&str], came: &[&str]| {
        expected.len() == came.len() && expected.iter().zip(came).all(|(expected, came)| matches(expected, came))
    };
    let before = into.len();
    let mut seen: Vec<&str> = Vec::new();
    for (name, _) in expected.iter().chain(&came) {
        if seen.contains(&name.as_str()) {
            continue;
        }
        seen.push(name);
        let values = |headers: &'_ [(String, String)]| -> Vec<String> {
            headers.iter().filter(|(have, _)| have == name).map(|(_, value)| value.clone()).collect()
        };
        let (left, right) = (values(&expected), values(&came));
        let (left, right): (Vec<_>, Vec<_>) =
            (left.iter().map(String::as_str).collect(), right.iter().map(String::as_str).collect());
        if !is_same(&left, &right) {
            into.lines(&format!("{place}.{name}"), &left, &right);
        }
    }
    let order = |headers: &[(String, String)]| headers.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>().join(", ");
    let (left, right) = (order(&expected), order(&came));
    // The order says nothing new where the names are not the same.
    if into.len() == before && left != right {
        into.value(&format!("{place}, in this order"), Some(&left), Some(&right));
    }
}

fn body(expected: &[u8], came: &[u8], into: &mut Difference) {
    if expected == came {
        return;
    }
    match (std::str::from_utf8(expected), std::str::from_utf8(came)) {
        (Ok(expected), Ok(came)) => match (json::on_one_line(expected), json::on_one_line(came)) {
            (Some(expected), Some(came)) => json::compare("body", expected.get(), came.get(), &|_| false, into),
            _ => lines::compare("body", expected, came, into),
        },
        _ => {
            let at = expected.iter().zip(came).take_while(|(expected, came)| expected == came).count();
            let shown = |side: &[u8]| match side.get(at) {
                Some(byte) => format!("{} bytes, of which number {at} is 0x{byte:02x}", side.len()),
                None => format!("{} bytes", side.len()),
            };
            into.value("body", Some(&shown(expected)), Some(&shown(came)));
        }
    }
}
