use std::collections::BTreeMap;

use polyfn_shim::{event::Kind, manifest::Manifest};

use crate::failure::Failure;

/// A name as CloudFormation has them for parameters and resources: letters and digits alone, each word with a capital.
///
/// Source: [Resources](https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/resources-section-structure.html).
pub(super) fn logical(name: &str) -> String {
    let mut id = String::new();
    for word in name.split(|c: char| !c.is_ascii_alphanumeric()) {
        let mut chars = word.chars();
        id.extend(chars.next().map(|c| c.to_ascii_uppercase()));
        id.push_str(chars.as_str());
    }
    id
}

/// Refuses names that are different for Rust and none or the same for CloudFormation.
pub(super) fn check(manifest: &Manifest) -> Result<(), Failure> {
    let (mut known, mut queues) = (BTreeMap::new(), BTreeMap::new());
    for function in &manifest.functions {
        let name = function.name.as_str();
        let id = logical(name);
        if id.is_empty() {
            return Err(Failure::new(format!("`{name}`: CloudFormation wants letters a to z and digits; write `name = \"..\"`")));
        }
        if let Some(other) = known.insert(id.clone(), name) {
            return Err(Failure::new(format!(
                "`{other}` and `{name}` are both {id} for CloudFormation, which takes letters and digits alone; rename one"
            )));
        }
        // Of a topic each gets its own copy.
        if let (Kind::Queue, Some(queue)) = (function.trigger, &function.resource)
            && let Some(other) = queues.insert(queue, name)
        {
            return Err(Failure::new(format!(
                "`{other}` and `{name}` both take the queue `{queue}`, and a message of it comes to one alone; give each its own"
            )));
        }
    }
    Ok(())
}

/// The name of a variable in words, such as `StripeKey` of `STRIPE_KEY`.
pub(super) fn of_variable(name: &str) -> String {
    if name.contains(|c: char| c.is_ascii_lowercase()) { logical(name) } else { logical(&name.to_ascii_lowercase()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_letters_and_digits() {
        for (name, id) in
            [("fulfil", "Fulfil"), ("fulfil-orders_2", "FulfilOrders2"), ("a.b", "AB"), ("é", ""), ("uploads*", "Uploads")]
        {
            assert_eq!(logical(name), id);
        }
        assert_eq!((of_variable("STRIPE_KEY"), of_variable("apiUrl")), ("StripeKey".to_owned(), "ApiUrl".to_owned()));
    }
}
