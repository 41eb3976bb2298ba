//! The names that Google Cloud takes for what a function is bound to.

use polyfn_shim::{event::Kind, manifest::Entry};

use crate::failure::Failure;

/// Google's own kind of events that need more than a type: which service, which method.
pub(super) const AUDIT_LOG: &str = "google.cloud.audit.log.v1.written";

/// Checks that a trigger can be made for this function.
///
/// # Errors
/// A name that Google refuses, or that stands for several where a trigger is bound to one.
pub(super) fn check(function: &Entry) -> Result<(), Failure> {
    let name = function.resource.as_deref().unwrap_or_default();
    let refused = |why: &str| Err(Failure::new(format!("`{}`: {why}", function.name)));
    if !is_function(&function.name) {
        return refused("a function's name is a letter, then letters, digits, `_` or `-`");
    }
    let one = |what: &str| refused(&format!("a trigger on Google Cloud is for one {what}, and `{name}` stands for several"));
    match function.trigger {
        Kind::Http | Kind::Direct | Kind::Schedule => Ok(()),
        Kind::Queue | Kind::Topic | Kind::Stream | Kind::Object if name.contains('*') => one(function.trigger.as_str()),
        Kind::Event if name.contains('*') => one("type of event"),
        Kind::Queue if !function.ordered && !is_queue(name) => {
            refused(&format!("Cloud Tasks has no queue `{name}`; a queue's name is up to 100 letters, digits and hyphens"))
        }
        Kind::Queue | Kind::Topic | Kind::Stream if function.trigger != Kind::Queue || function.ordered => {
            if is_topic(name) {
                return Ok(());
            }
            refused(&format!(
                "Pub/Sub has no topic `{name}`; a topic's name is a letter, then 2 to 254 letters, digits or `-._~+%`, and does not begin with `goog`"
            ))
        }
        Kind::Object if !is_bucket(name) => refused(&format!(
            "Cloud Storage has no bucket `{name}`; a bucket's name is 3 to 222 lower-case letters, digits or `-_.`, with a letter or digit at both ends"
        )),
        Kind::Change if !is_collection(name) => refused(&format!(
            "Firestore has no collection `{name}`; write its path, such as `orders` or `users/*/orders`, where `*` is a whole segment"
        )),
        _ => Ok(()),
    }
}

/// Source: the names that [Functions Framework](https://github.com/GoogleCloudPlatform/functions-framework) and Scheduler take.
fn is_function(name: &str) -> bool {
    name.starts_with(|first: char| first.is_ascii_alphabetic())
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_-".contains(&byte))
}

/// Source: [`name` of a queue](https://cloud.google.com/tasks/docs/reference/rest/v2/projects.locations.queues).
fn is_queue(name: &str) -> bool {
    (1..=100).contains(&name.len())
        && !name.starts_with('-')
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
}

/// Source: [Resource names](https://cloud.google.com/pubsub/docs/pubsub-basics#resource_names).
fn is_topic(name: &str) -> bool {
    (3..=255).contains(&name.len())
        && !name.starts_with("goog")
        && name.starts_with(|first: char| first.is_ascii_alphabetic())
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._~+%".contains(&byte))
}

/// Source: [Bucket names](https://cloud.google.com/storage/docs/buckets#naming).
fn is_bucket(name: &str) -> bool {
    let letter = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
    let end = |byte: Option<&u8>| byte.is_some_and(|byte| letter(*byte));
    let bytes = name.as_bytes();
    (3..=222).contains(&bytes.len())
        && end(bytes.first())
        && end(bytes.last())
        && bytes.iter().all(|byte| letter(*byte) || b"-_.".contains(byte))
}

/// A collection is every other segment of a path, so the last of an odd number; braces are a pattern's.
///
/// Source: [Path patterns](https://cloud.google.com/eventarc/docs/path-patterns).
fn is_collection(path: &str) -> bool {
    let segment = |segment: &str| segment == "*" || !segment.is_empty() && !segment.contains(['*', '{', '}']);
    path.split('/').count() % 2 == 1 && path.split('/').all(segment)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_those_of_the_documents() {
        type Rule<'a> = (fn(&str) -> bool, &'a [&'a str], &'a [&'a str]);
        let rules: [Rule<'_>; 4] = [
            (is_queue, &["orders", "A-1"], &["", "-a", "orders.fifo", "a b", "a_b"]),
            (is_topic, &["orders", "a.b~c+d%e_f"], &["ab", "1abc", "google", "a b", "a$b"]),
            (is_bucket, &["uploads", "a.b-c_d", "0a0"], &["ab", "Uploads", "-ab", "ab-", "a`b"]),
            (is_collection, &["orders", "users/*/orders", "it's $HOME"], &["", "a/b", "a//b", "or*", "a/{b}/c"]),
        ];
        for (is, good, bad) in rules {
            for name in good {
                assert!(is(name), "{name}");
            }
            for name in bad {
                assert!(!is(name), "{name}");
            }
        }
    }
}
