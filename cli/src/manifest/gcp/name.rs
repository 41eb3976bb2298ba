//! What things are called on Google Cloud.

use polyfn_shim::manifest::{Entry, Manifest};

use crate::{
    failure::Failure,
    manifest::name::{plain, short},
};

/// The name of a service: `[a-z][a-z0-9-]*`, at most 49 characters, no hyphen at its end.
///
/// # Errors
/// If nothing of the unit's name can be in one.
///
/// Source: [Service names](https://cloud.google.com/run/docs/deploying#service).
pub(super) fn service(unit: &str) -> Result<String, Failure> {
    let name = short(&plain(unit), 49);
    if name.starts_with(|first: char| first.is_ascii_lowercase()) {
        return Ok(name);
    }
    Err(Failure::new(format!("`{unit}` gives Cloud Run no name of a service, which begins with a letter; rename it")))
}

/// The id of a service account that is for this: 6 to 30 characters.
///
/// Source: [Create service accounts](https://cloud.google.com/iam/docs/service-accounts-create).
pub(super) fn account(service: &str, purpose: &str) -> String {
    format!("{}-{purpose}", short(service, 29 - purpose.len()))
}

/// What belongs to one function of a program, however that is divided into units: a subscription or, with what distinguishes
/// several of one function, a trigger. At most 63 characters with what is appended.
///
/// Source: [`triggerId`](https://cloud.google.com/eventarc/docs/reference/rest/v1/projects.locations.triggers/create).
pub(super) fn of_function(manifest: &Manifest, function: &Entry, of: &str) -> String {
    let name = plain(&format!("{}-{}", manifest.program, function.name));
    match of {
        "" => short(&name, 63),
        of => format!("{}-{of}", short(&name, 62 - of.len())),
    }
}

/// The channel of a program's own events.
pub(super) fn channel(manifest: &Manifest) -> String {
    short(&plain(&format!("{}-events", manifest.program)), 63)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_as_google_takes_them() {
        for (unit, want) in [("my_fn", "my-fn"), ("Shop", "shop"), ("a-", "a"), ("fulfil-orders", "fulfil-orders")] {
            assert_eq!(service(unit).unwrap(), want);
        }
        assert!(service("7up").is_err() && service("_").is_err());
        let long = "a".repeat(60);
        let (one, other) = (service(&long).unwrap(), service(&"a".repeat(61)).unwrap());
        assert!(one.len() == 49 && one != other && one.starts_with("aaaa"), "{one} {other}");
    }

    #[test]
    fn what_is_appended_has_room() {
        let long = "a".repeat(49);
        assert_eq!((account("shop", "runtime"), account("shop", "invoker")), ("shop-runtime".into(), "shop-invoker".into()));
        assert_eq!((account(&long, "runtime").len(), account("a", "caller").len()), (30, 8));
    }
}
