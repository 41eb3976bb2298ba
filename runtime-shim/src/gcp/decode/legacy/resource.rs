use std::borrow::Cow;

use super::{event_type::Product, legacy_event::LegacyResource};
use crate::DecodeError;

/// What the subject of a product's event begins with, and how many segments of the resource's name stand before it; `None` if
/// the whole name is the source.
fn subject(product: Product) -> Option<(usize, &'static str)> {
    match product {
        Product::Storage => Some((4, "objects")),
        Product::Firestore => Some((4, "documents")),
        Product::Database => Some((4, "refs")),
        Product::Analytics => Some((2, "events")),
        Product::PubSub | Product::Auth | Product::RemoteConfig => None,
    }
}

/// The name of a resource as the path of a source and a subject; `None` if it is no name of the product's.
pub(super) fn split(product: Product, name: &str) -> Option<(&str, Option<&str>)> {
    let Some((segments, first)) = subject(product) else { return Some((name, None)) };
    let (at, _) = name.match_indices('/').nth(segments.checked_sub(1)?)?;
    let (path, rest) = (name.get(..at)?, name.get(at + 1..)?);
    let rest = Some(rest).filter(|rest| rest.strip_prefix(first).is_some_and(|key| key.is_empty() || key.starts_with('/')))?;
    // What follows the last `#` of an object is the generation, if it is a number; any other `#` is the name's own.
    let key = rest.rsplit_once('#').filter(|(_, digits)| product == Product::Storage && is_number(digits)).map(|(key, _)| key);
    Some((path, Some(key.unwrap_or(rest))))
}

/// The way back: the resource of a CloudEvent from this service. `kind` is what Cloud Storage calls the object.
pub(super) fn join(
    product: Product,
    service: &str,
    path: &str,
    subject: Option<&str>,
    kind: Option<String>,
) -> Result<LegacyResource, DecodeError> {
    let service = Some(service.to_owned());
    let named = |path: &str| match subject {
        Some(subject) => Ok(format!("{path}/{subject}")),
        None => Err(DecodeError::at("subject", "missing, where the rest of the resource's name stands")),
    };
    Ok(match product {
        Product::PubSub => {
            let ty = Some("type.googleapis.com/google.pubsub.v1.PubsubMessage".to_owned());
            LegacyResource::Full { service, name: path.to_owned(), ty }
        }
        Product::Storage => LegacyResource::Full { service, name: named(path)?, ty: kind },
        Product::Auth | Product::RemoteConfig => LegacyResource::Name(path.to_owned()),
        Product::Firestore => LegacyResource::Name(named(path)?),
        Product::Database => LegacyResource::Name(named(&without(path, "/locations/"))?),
        Product::Analytics => LegacyResource::Name(named(&without(path, "/apps/"))?),
    })
}

/// A path without one segment and the collection before it.
fn without<'a>(path: &'a str, collection: &str) -> Cow<'a, str> {
    let Some((before, rest)) = path.split_once(collection) else { return Cow::Borrowed(path) };
    match rest.split_once('/') {
        Some((_, after)) => Cow::Owned(format!("{before}/{after}")),
        None => Cow::Borrowed(before),
    }
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_split_before_what_the_product_calls_its_own() {
        for (product, name, path, subject) in [
            (Product::PubSub, "projects/p/topics/t", "projects/p/topics/t", None),
            (Product::Storage, "projects/_/buckets/b/objects/a/b.txt", "projects/_/buckets/b", Some("objects/a/b.txt")),
            (
                Product::Storage,
                "projects/_/buckets/b/objects/f.txt#1588778055917163",
                "projects/_/buckets/b",
                Some("objects/f.txt"),
            ),
            (Product::Storage, "projects/_/buckets/b/objects/#1.txt", "projects/_/buckets/b", Some("objects/#1.txt")),
            (Product::Storage, "projects/_/buckets/b/objects/n#7#12", "projects/_/buckets/b", Some("objects/n#7")),
            (Product::Storage, "projects/_/buckets/b/objects/n#", "projects/_/buckets/b", Some("objects/n#")),
            (Product::Firestore, "projects/p/databases/d/documents/a/#1", "projects/p/databases/d", Some("documents/a/#1")),
            (Product::Database, "projects/_/instances/i/refs/a/b", "projects/_/instances/i", Some("refs/a/b")),
            (Product::Database, "projects/_/instances/i/refs", "projects/_/instances/i", Some("refs")),
            (Product::Analytics, "projects/p/events/buy", "projects/p", Some("events/buy")),
        ] {
            assert_eq!(split(product, name), Some((path, subject)), "{name}");
        }
        for (product, name) in [
            (Product::Storage, "projects/_/buckets/b"),
            (Product::Storage, "projects/_/buckets/b/objectsx/a"),
            (Product::Firestore, "projects/p/databases/d/collections/a"),
            (Product::Database, "refs/a"),
            (Product::Analytics, ""),
        ] {
            assert_eq!(split(product, name), None, "{name}");
        }
    }

    #[test]
    fn what_only_the_source_has_is_left_out_of_the_name() {
        for (path, collection, want) in [
            ("projects/_/locations/l/instances/i", "/locations/", "projects/_/instances/i"),
            ("projects/p/apps/com.example", "/apps/", "projects/p"),
            ("projects/p", "/apps/", "projects/p"),
        ] {
            assert_eq!(without(path, collection), want);
        }
    }
}
