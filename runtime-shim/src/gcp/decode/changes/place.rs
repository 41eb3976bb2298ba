use super::Product;
use crate::event::string;

/// Where a document stands.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) collection: Option<String>,
    /// As JSON.
    pub(super) key: Option<String>,
}

impl Place {
    /// Of a path: its last segment is the key, what stands before it the collection.
    pub(super) fn of(path: &str) -> Self {
        let (collection, key) = path.rsplit_once('/').unwrap_or(("", path));
        Self::new(collection, key)
    }

    /// Of a document's full name, which has its database in front; `None` if it has none.
    pub(super) fn of_name(name: &str) -> Option<Self> {
        // Counted from the front, since a database may be called `documents`.
        let segments: Vec<_> = name.splitn(6, '/').collect();
        match segments[..] {
            ["projects", _, "databases", _, "documents", path] => Some(Self::of(path)),
            _ => None,
        }
    }

    pub(super) fn new(collection: &str, key: &str) -> Self {
        let json = |key: &str| {
            let mut json = String::with_capacity(key.len() + 2);
            string(key, &mut json);
            json
        };
        let some = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
        Self { collection: some(collection), key: Some(key).filter(|key| !key.is_empty()).map(json) }
    }

    /// Of the path that a CloudEvent's subject or one of its extensions has, where the document itself does not say it.
    pub(super) fn named(path: &str, product: Product) -> Self {
        match product {
            Product::Firestore => Self::of(path),
            // A number in a key is written `__id7__` there.
            Product::Datastore => Self::of(&path.split('/').map(numeric).collect::<Vec<_>>().join("/")),
        }
    }
}

/// `__id7__` as `7`, anything else as it is.
fn numeric(segment: &str) -> &str {
    let number = segment.strip_prefix("__id").and_then(|rest| rest.strip_suffix("__"));
    number.filter(|number| number.parse::<i64>().is_ok()).unwrap_or(segment)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(collection: Option<&str>, key: Option<&str>) -> Place {
        Place { collection: collection.map(str::to_owned), key: key.map(str::to_owned) }
    }

    #[test]
    fn the_last_segment_is_the_key() {
        for (path, collection, key) in [
            ("a/b", Some("a"), Some("\"b\"")),
            ("a/b/c/d", Some("a/b/c"), Some("\"d\"")),
            ("a/b ", Some("a"), Some("\"b \"")),
            ("a/\"é\"", Some("a"), Some("\"\\\"é\\\"\"")),
            ("a/__id7__", Some("a"), Some("\"__id7__\"")),
            ("a", None, Some("\"a\"")),
            ("", None, None),
        ] {
            assert_eq!(Place::named(path, Product::Firestore), place(collection, key), "{path}");
        }
    }

    #[test]
    fn a_full_name_has_its_database_in_front() {
        for (name, expected) in [
            ("projects/p/databases/(default)/documents/a/b", Some(Place::of("a/b"))),
            ("projects/p/databases/documents/documents/documents/b/c/d", Some(Place::of("documents/b/c/d"))),
            ("projects/p/databases/d/documents", None),
            ("", None),
        ] {
            assert_eq!(Place::of_name(name), expected, "{name}");
        }
    }

    #[test]
    fn a_numeric_id_is_its_digits() {
        for (path, collection, key) in [
            ("Task/__id56__", Some("Task"), Some("\"56\"")),
            ("List/__id-1__/Task/__id2__", Some("List/-1/Task"), Some("\"2\"")),
            ("Task/__idx__", Some("Task"), Some("\"__idx__\"")),
            ("Task/__id__", Some("Task"), Some("\"__id__\"")),
        ] {
            assert_eq!(Place::named(path, Product::Datastore), place(collection, key), "{path}");
        }
    }
}
