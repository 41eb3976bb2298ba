use polyfn_shim::manifest::Manifest;

use crate::{
    check::{finding::Finding, lint::SAME_NAME},
    target::Target,
};

/// Functions that a provider cannot tell apart.
pub(super) fn check(manifest: &Manifest, target: Target, findings: &mut Vec<Finding>) {
    let mut seen: Vec<(String, &str)> = Vec::new();
    for function in &manifest.functions {
        let name = by_the_rules(&function.name, target);
        match seen.iter().find(|(other, _)| *other == name) {
            Some((_, other)) => {
                let message = if *other == function.name {
                    format!("two functions have the name `{other}`; add `name = \"..\"` to one")
                } else {
                    format!("`{other}` and `{}` are both `{name}` here; add `name = \"..\"` to one", function.name)
                };
                findings.push(Finding::of(SAME_NAME, target, function, message));
            }
            None => seen.push((name, &function.name)),
        }
    }
}

/// A function's name as the provider has it.
fn by_the_rules(name: &str, target: Target) -> String {
    match target {
        // Logical ids of CloudFormation are alphanumeric, so what stands between words is left out.
        Target::Aws => name.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_ascii_lowercase(),
        // Case does not count: https://learn.microsoft.com/azure/azure-functions/functions-custom-handlers
        Target::Azure => name.to_ascii_lowercase(),
        // Services are named as in DNS.
        Target::Gcp | Target::Container => name.to_ascii_lowercase().replace('_', "-"),
    }
}
