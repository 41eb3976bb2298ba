//! Which host started this process, and which function it wants: told by the environment alone.

use std::fmt;

use crate::{Provider, ServeError};

/// Reads one environment variable; the real environment in a process, a table in a test.
pub type Env<'a> = &'a dyn Fn(&str) -> Option<String>;

/// What the environment says of the host.
///
/// ```
/// use polyfn_shim::{Provider, host::Host};
///
/// let env = |name: &str| (name == "PORT").then(|| "8080".to_owned());
/// let host = Host::detect(&env, &[Provider::Container]).unwrap();
/// assert_eq!(host.provider(), Provider::Container);
/// assert_eq!(host.function(|_| true), None);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Host {
    provider: Provider,
    function: Option<String>,
    handler: Option<String>,
}

/// The variables that tell a host apart, each with its provider.
const SIGNS: [(&str, Provider); 5] = [
    ("AWS_LAMBDA_RUNTIME_API", Provider::Aws),
    ("FUNCTIONS_CUSTOMHANDLER_PORT", Provider::Azure),
    ("K_SERVICE", Provider::Gcp),
    ("FUNCTION_TARGET", Provider::Gcp),
    ("FUNCTION_SIGNATURE_TYPE", Provider::Gcp),
];

impl Host {
    /// Finds the host. `built` lists the providers that this binary was built with.
    ///
    /// `POLYFN_PROVIDER` overrides; `PORT` alone means a container; nothing at all means this machine.
    ///
    /// # Errors
    /// Signs of two hosts at once, a provider that this binary lacks, or an unknown `POLYFN_PROVIDER`; the message lists
    /// what was seen.
    pub fn detect(env: Env<'_>, built: &[Provider]) -> Result<Self, ServeError> {
        let env = |name: &str| env(name).filter(|value| !value.is_empty());
        let seen: Vec<_> = SIGNS.into_iter().filter(|(name, _)| env(name).is_some()).collect();
        let (provider, why) = match env("POLYFN_PROVIDER") {
            Some(name) => {
                (name.parse().map_err(|error| ServeError::new(format!("POLYFN_PROVIDER: {error}")))?, "POLYFN_PROVIDER")
            }
            None => match seen.as_slice() {
                [(_, first), rest @ ..] if rest.iter().any(|(_, provider)| provider != first) => {
                    return Err(ServeError::new(format!(
                        "several hosts at once: the environment has {}; set POLYFN_PROVIDER to the right one",
                        Seen(&seen)
                    )));
                }
                [(name, provider), ..] => (*provider, *name),
                [] if env("PORT").is_some() => (Provider::Container, "PORT"),
                [] => (Provider::Local, "no host's variable"),
            },
        };
        if !built.contains(&provider) {
            let built = built.iter().map(|provider| provider.as_str()).collect::<Vec<_>>().join(", ");
            let built = if built.is_empty() { "no provider" } else { &built };
            return Err(ServeError::new(format!(
                "this is provider `{provider}` ({why} says so), but the binary was built with {built}; build it with the feature `{provider}`"
            )));
        }
        let function = env("POLYFN_FUNCTION").or_else(|| env("FUNCTION_TARGET").filter(|_| provider == Provider::Gcp));
        let handler = env("_HANDLER").filter(|_| provider == Provider::Aws);
        Ok(Self { provider, function, handler })
    }

    /// Who delivers to this process.
    pub fn provider(&self) -> Provider {
        self.provider
    }

    /// The function that the environment selects by name, if it does.
    ///
    /// Lambda always sets `_HANDLER`, to a text of the deployment's own making such as `bootstrap`; it selects only if
    /// `exists` knows a function of that name.
    pub fn function(&self, exists: impl Fn(&str) -> bool) -> Option<&str> {
        self.function.as_deref().or_else(|| self.handler.as_deref().filter(|name| exists(name)))
    }
}

struct Seen<'a>(&'a [(&'a str, Provider)]);

impl fmt::Display for Seen<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, (name, provider)) in self.0.iter().enumerate() {
            let comma = if index == 0 { "" } else { ", " };
            write!(f, "{comma}{name} ({provider})")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn detect(env: &[(&str, &str)], built: &[Provider]) -> Result<Host, String> {
        let env = |name: &str| env.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned());
        Host::detect(&env, built).map_err(|error| error.to_string())
    }

    #[test]
    fn each_host_is_told_by_its_variable() {
        for (env, provider, function) in [
            (&[("AWS_LAMBDA_RUNTIME_API", "h:1")][..], Provider::Aws, None),
            (&[("FUNCTIONS_CUSTOMHANDLER_PORT", "1")], Provider::Azure, None),
            (&[("K_SERVICE", "s")], Provider::Gcp, None),
            (&[("FUNCTION_TARGET", "f")], Provider::Gcp, Some("f")),
            (&[("FUNCTION_SIGNATURE_TYPE", "http")], Provider::Gcp, None),
            (&[("K_SERVICE", "s"), ("FUNCTION_TARGET", "f"), ("PORT", "1")], Provider::Gcp, Some("f")),
            (&[("PORT", "1")], Provider::Container, None),
            (&[("PORT", "1"), ("AWS_LAMBDA_RUNTIME_API", "h:1")], Provider::Aws, None),
            (&[], Provider::Local, None),
            (&[("K_SERVICE", "")], Provider::Local, None),
            (&[("POLYFN_PROVIDER", "container"), ("K_SERVICE", "s"), ("AWS_LAMBDA_RUNTIME_API", "h")], Provider::Container, None),
            (&[("POLYFN_FUNCTION", "a"), ("FUNCTION_TARGET", "f")], Provider::Gcp, Some("a")),
            (&[("AWS_LAMBDA_RUNTIME_API", "h:1"), ("_HANDLER", "known")], Provider::Aws, Some("known")),
            (&[("AWS_LAMBDA_RUNTIME_API", "h:1"), ("_HANDLER", "bootstrap")], Provider::Aws, None),
            (&[("PORT", "1"), ("_HANDLER", "known")], Provider::Container, None),
        ] {
            let host = detect(env, &Provider::ALL).unwrap();
            assert_eq!((host.provider(), host.function(|name| name == "known")), (provider, function), "{env:?}");
        }
    }

    #[test]
    fn what_cannot_be_is_an_error_that_lists_what_was_seen() {
        for (env, built, parts) in [
            (
                &[("AWS_LAMBDA_RUNTIME_API", "h"), ("K_SERVICE", "s")][..],
                &Provider::ALL[..],
                &["AWS_LAMBDA_RUNTIME_API (aws), K_SERVICE (gcp)", "POLYFN_PROVIDER"][..],
            ),
            (&[("K_SERVICE", "s")], &[Provider::Aws], &["`gcp`", "K_SERVICE", "built with aws", "feature `gcp`"]),
            (&[], &[], &["`local`", "no provider"]),
            (
                &[("POLYFN_PROVIDER", "heroku")],
                &Provider::ALL,
                &["POLYFN_PROVIDER", "`heroku`", "aws, gcp, azure, container, local"],
            ),
        ] {
            let message = detect(env, built).unwrap_err();
            for part in parts {
                assert!(message.contains(part), "{message:?} lacks {part:?}");
            }
        }
    }
}
