//! The names that Azure takes for functions and for what they are bound to.

use polyfn_shim::{
    event::Kind,
    manifest::{Entry, Manifest},
};

use super::host::ROUTE_PREFIX;
use crate::failure::Failure;

/// Checks the names of a program's functions and of their resources.
///
/// # Errors
/// A name that Azure refuses, or one that two functions share.
pub(super) fn check(manifest: &Manifest) -> Result<(), Failure> {
    for (at, function) in manifest.functions.iter().enumerate() {
        let name = &function.name;
        let refused = |why: String| Err(Failure::new(format!("`{name}`: {why}")));
        if !is_function(name) {
            return refused(
                "a function's name on Azure is a letter, then up to 127 letters, digits, `_` or `-`, and not `host`".into(),
            );
        }
        if name.eq_ignore_ascii_case(ROUTE_PREFIX) {
            return refused(format!("requests to `/{ROUTE_PREFIX}` are the routes' own on Azure; rename the function"));
        }
        if let Some(other) = manifest.functions.iter().take(at).find(|other| other.name.eq_ignore_ascii_case(name)) {
            return refused(format!("Azure takes it for the same name as `{}`; rename one", other.name));
        }
        resource(function)?;
    }
    Ok(())
}

fn resource(function: &Entry) -> Result<(), Failure> {
    let name = function.resource.as_deref().unwrap_or_default();
    let (what, taken, rule) = match function.trigger {
        Kind::Queue => ("Storage has no queue", is_storage(name), STORAGE),
        Kind::Object => ("Storage has no container", is_storage(name), STORAGE),
        Kind::Topic if function.name.len() > 50 => {
            ("Service Bus has no subscription of the function's name to", false, "write a name of up to 50 characters")
        }
        Kind::Topic => ("Service Bus has no topic", is_entity(name, 260), ENTITY),
        Kind::Stream => ("Event Hubs has no hub", is_entity(name, 256), ENTITY),
        Kind::Change => (
            "Cosmos DB has no container",
            (1..=255).contains(&name.len()) && !name.contains(['/', '\\', '#', '?', '%', '*']),
            "its name is up to 255 characters without `/`, `\\`, `#`, `?` and `%`",
        ),
        Kind::Http | Kind::Direct | Kind::Schedule | Kind::Event => return Ok(()),
    };
    if taken {
        return Ok(());
    }
    Err(Failure::new(format!("`{}`: {what} `{name}`; {rule}", function.name)))
}

const STORAGE: &str = "its name is 3 to 63 lower-case letters, digits and single hyphens, with a letter or digit at both ends";
const ENTITY: &str = "its name is letters, digits, `.`, `-` and `_`, with a letter or digit at both ends";

/// Source: the host's own rule for names of functions.
fn is_function(name: &str) -> bool {
    (1..=128).contains(&name.len())
        && !name.eq_ignore_ascii_case("host")
        && name.starts_with(|first: char| first.is_ascii_alphabetic())
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_-".contains(&byte))
}

/// Source: [Naming queues](https://learn.microsoft.com/rest/api/storageservices/naming-queues-and-metadata), and containers.
fn is_storage(name: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    (3..=63).contains(&name.len())
        && name.bytes().all(plain)
        && !name.starts_with('-')
        && !name.ends_with('-')
        && !name.contains("--")
}

/// Source: [Naming rules](https://learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules).
fn is_entity(name: &str, most: usize) -> bool {
    let end = |char: char| char.is_ascii_alphanumeric();
    (1..=most).contains(&name.len())
        && name.starts_with(end)
        && name.ends_with(end)
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"._-".contains(&byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_those_of_the_documents() {
        let entity = |name: &str| is_entity(name, 260);
        type Rule<'a> = (&'a dyn Fn(&str) -> bool, &'a [&'a str], &'a [&'a str]);
        let rules: [Rule<'_>; 3] = [
            (&is_function, &["a", "A-1_b"], &["", "1a", "Host", "a b", "a.b"]),
            (&is_storage, &["orders", "a-1"], &["ab", "Orders", "-ab", "ab-", "a--b", "orders*", "a$b"]),
            (&entity, &["orders", "a.b-c_d"], &["", "-a", "a/", "a b", "a`b"]),
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
