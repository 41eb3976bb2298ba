use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

/// Who runs the function: a cloud, a plain container, or this machine.
///
/// ```
/// use polyfn_shim::Provider;
///
/// assert_eq!("aws".parse(), Ok(Provider::Aws));
/// assert_eq!(Provider::Gcp.to_string(), "gcp");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Provider {
    /// AWS Lambda.
    Aws,
    /// Google Cloud: Cloud Run, Eventarc, Pub/Sub.
    Gcp,
    /// Azure Functions, as a custom handler.
    Azure,
    /// Any host that runs a container and speaks plain HTTP.
    Container,
    /// The shim on the developer's own machine.
    Local,
}

impl Provider {
    /// Every provider, in the order of the documentation.
    pub const ALL: [Self; 5] = [Self::Aws, Self::Gcp, Self::Azure, Self::Container, Self::Local];

    /// The name in lower case, as features, environment and events spell it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Aws => "aws",
            Self::Gcp => "gcp",
            Self::Azure => "azure",
            Self::Container => "container",
            Self::Local => "local",
        }
    }
}

impl fmt::Display for Provider {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// The text is no provider's name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownProvider(String);

impl fmt::Display for UnknownProvider {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "unknown provider `{}`; it is one of aws, gcp, azure, container, local", self.0)
    }
}

impl std::error::Error for UnknownProvider {}

impl FromStr for Provider {
    type Err = UnknownProvider;

    fn from_str(name: &str) -> Result<Self, UnknownProvider> {
        Self::ALL.into_iter().find(|p| p.as_str() == name).ok_or_else(|| UnknownProvider(name.to_owned()))
    }
}
