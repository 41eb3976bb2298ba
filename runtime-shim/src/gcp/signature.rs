use crate::{event::Kind, function::Function};

/// What is wrong if `FUNCTION_SIGNATURE_TYPE` fits none of the functions; the code is stronger, so this is a warning.
///
/// `http` fits HTTP and direct functions, `typed` direct ones, `cloudevent`, `event` and `legacyevent` all others.
pub fn contradiction(signature: &str, functions: &[Function]) -> Option<String> {
    let kinds = || functions.iter().map(|function| function.description().binding.kind());
    let fits = |kind| match signature {
        "http" => matches!(kind, Kind::Http | Kind::Direct),
        "typed" => kind == Kind::Direct,
        // Google's conformance client starts a function of background events with `legacyevent`.
        "cloudevent" | "event" | "legacyevent" => !matches!(kind, Kind::Http | Kind::Direct),
        _ => false,
    };
    if functions.is_empty() || kinds().any(fits) {
        return None;
    }
    let described = functions
        .iter()
        .zip(kinds())
        .map(|(function, kind)| format!("`{}` has the trigger `{kind}`", function.description().name))
        .collect::<Vec<_>>()
        .join(", ");
    Some(format!("FUNCTION_SIGNATURE_TYPE is `{signature}`, but {described}; the trigger counts"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        Outcome, Reply,
        function::{Binding, Description, Filter},
    };

    fn function(name: &'static str, binding: Binding) -> Function {
        let description = Description::new(name, binding);
        Function::blocking(description, |_, _| Outcome::Done(Reply::Empty))
    }

    #[test]
    fn a_signature_that_fits_nothing_is_named_with_the_trigger() {
        let http = || Binding::Http { methods: &[], path: None };
        let queue = || Binding::Resource { kind: Kind::Queue, name: "orders", filter: Filter::default() };
        for (signature, binding, trigger) in [
            ("http", http(), ""),
            ("http", Binding::Direct, ""),
            ("typed", Binding::Direct, ""),
            ("cloudevent", queue(), ""),
            ("event", queue(), ""),
            ("legacyevent", queue(), ""),
            ("legacyevent", http(), "http"),
            ("cloudevent", http(), "http"),
            ("typed", http(), "http"),
            ("http", queue(), "queue"),
            ("cloudevents", queue(), "queue"),
        ] {
            let found = contradiction(signature, &[function("f", binding)]);
            assert_eq!(found.is_some(), !trigger.is_empty(), "{signature} {trigger}");
            if let Some(found) = found {
                assert!(
                    found.contains(&format!("`{signature}`")) && found.contains(&format!("`f` has the trigger `{trigger}`")),
                    "{found}"
                );
            }
        }
    }
}
