use std::collections::{BTreeMap, BTreeSet};

use polyfn_shim::Provider;

use crate::{failure::Failure, target::Target};

/// The features of a package, as its manifest has them.
pub(crate) type Declared = BTreeMap<String, Vec<String>>;

/// The features to switch on, with the default ones off, so that the program holds one provider only: the provider's, what the
/// package has on by default besides providers, and what the user asks for.
pub(super) fn chosen(package: &str, declared: &Declared, target: Target, asked: &[String]) -> Result<Vec<String>, Failure> {
    let provider = target.as_str();
    if !declared.contains_key(provider) {
        return Err(Failure::new(format!(
            "`{package}` has no feature `{provider}`, so it cannot be built for {provider} alone; add `default-features = false` \
             to `polyfn` in its Cargo.toml and, under `[features]`, `{features}`",
            features = format_args!(
                "default = [\"local\", \"{provider}\"], local = [\"polyfn/local\"], {provider} = [\"polyfn/{provider}\"]"
            ),
        )));
    }
    let mut features = BTreeSet::from([provider.to_owned()]);
    kept("default", declared, &mut BTreeSet::new(), &mut features);
    for feature in asked.iter().flat_map(|list| list.split([',', ' '])).filter(|feature| !feature.is_empty()) {
        if provider_of(feature).is_some_and(|other| other != provider)
            || brings_a_provider(feature, declared, &mut BTreeSet::new(), provider)
        {
            return Err(Failure::usage(format!(
                "the feature `{feature}` is another provider's; a build is for one, here {provider}"
            )));
        }
        features.insert(feature.to_owned());
    }
    Ok(features.into_iter().collect())
}

/// The providers that `polyfn` was given besides the one that is built for.
pub(super) fn others(features: &str, target: Target) -> Vec<&str> {
    features.split(',').filter(|feature| provider_of(feature).is_some_and(|provider| provider != target.as_str())).collect()
}

/// What the feature switches on besides providers, as far down as providers are among it.
fn kept(feature: &str, declared: &Declared, seen: &mut BTreeSet<String>, into: &mut BTreeSet<String>) {
    for part in declared.get(feature).into_iter().flatten() {
        if provider_of(part).is_some() || !seen.insert(part.clone()) {
            continue;
        }
        if brings_a_provider(part, declared, &mut BTreeSet::new(), "") {
            kept(part, declared, seen, into);
        } else if !part.starts_with("dep:") {
            into.insert(part.clone());
        }
    }
}

/// Whether the feature switches on a provider other than this one.
fn brings_a_provider(feature: &str, declared: &Declared, seen: &mut BTreeSet<String>, but: &str) -> bool {
    declared.get(feature).into_iter().flatten().any(|part| {
        provider_of(part).is_some_and(|provider| provider != but)
            || seen.insert(part.clone()) && brings_a_provider(part, declared, seen, but)
    })
}

/// The provider that `aws` or `polyfn/aws` is.
fn provider_of(feature: &str) -> Option<&str> {
    let name = feature.strip_prefix("polyfn/").or_else(|| feature.strip_prefix("polyfn?/")).unwrap_or(feature);
    name.parse::<Provider>().is_ok().then_some(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn declared(features: &[(&str, &[&str])]) -> Declared {
        let owned = |parts: &[&str]| parts.iter().map(|part| (*part).to_owned()).collect();
        features.iter().map(|(name, parts)| ((*name).to_owned(), owned(parts))).collect()
    }

    #[test]
    fn the_other_providers_are_left_out_and_what_else_is_on_by_default_stays() {
        let shop = declared(&[
            ("default", &["clouds", "local", "postgres", "polyfn/cloudevents-sdk"]),
            ("clouds", &["aws", "gcp", "tracing"]),
            ("aws", &["polyfn/aws"]),
            ("gcp", &["polyfn/gcp"]),
            ("local", &["polyfn/local"]),
            ("postgres", &["dep:sqlx"]),
            ("tracing", &[]),
            ("mail", &[]),
        ]);
        let chosen = |asked: &str| chosen("shop", &shop, Target::Aws, &[asked.to_owned()]);
        assert_eq!(chosen("").unwrap(), ["aws", "polyfn/cloudevents-sdk", "postgres", "tracing"]);
        assert_eq!(chosen("mail,aws").unwrap(), ["aws", "mail", "polyfn/cloudevents-sdk", "postgres", "tracing"]);
        for asked in ["gcp", "local", "polyfn/local", "clouds"] {
            let failure = chosen(asked).unwrap_err();
            assert_eq!((failure.code(), failure.to_string().contains("is another provider's")), (2, true), "{failure}");
        }
    }

    #[test]
    fn a_package_without_the_feature_is_told_what_to_write() {
        let failure = chosen("shop", &declared(&[("aws", &["polyfn/aws"])]), Target::Azure, &[]).unwrap_err();
        let text = failure.to_string();
        assert!(text.starts_with("`shop` has no feature `azure`"), "{text}");
        assert!(text.contains("azure = [\"polyfn/azure\"]") && text.contains("default-features = false"), "{text}");
    }

    #[test]
    fn features_that_turn_in_a_circle_end() {
        let shop = declared(&[("default", &["a"]), ("a", &["b", "aws"]), ("b", &["a"]), ("aws", &[])]);
        assert_eq!(chosen("shop", &shop, Target::Aws, &[]).unwrap(), ["aws"]);
    }

    #[test]
    fn a_second_provider_is_seen() {
        assert_eq!(others("aws,default,local", Target::Aws), ["local"]);
        assert_eq!(others("aws,cloudevents-sdk", Target::Aws), [""; 0]);
    }
}
