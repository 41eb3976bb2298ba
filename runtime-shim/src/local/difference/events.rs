use super::{Difference, Ignore, json, replies};
use crate::Event;

pub(super) fn compare(expected: &Event, came: &Event, ignore: Ignore) -> Difference {
    let mut difference = Difference::default();
    // An event's names are texts and its values are JSON, so that there is nothing to fail.
    let form = |event: &Event| serde_json::to_string(event).unwrap_or_default();
    let both = expected.http().zip(came.http());
    let skip = |path: &str| ignore.member(path) || (both.is_some() && path == "http.headers");
    json::compare("", &form(expected), &form(came), &skip, &mut difference);
    if let Some((expected, came)) = both {
        replies::headers("http.headers", &expected.headers, &came.headers, ignore, &mut difference);
    }
    difference
}
