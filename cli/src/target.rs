use clap::ValueEnum;
use polyfn_shim::Provider;

/// Who is to run the functions: what `--provider` says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Target {
    /// AWS Lambda
    Aws,
    /// Google Cloud: Cloud Run, Eventarc, Pub/Sub
    Gcp,
    /// Azure Functions
    Azure,
    /// Any host that runs containers, such as Knative
    Container,
}

impl Target {
    /// Every target, in the order of the documentation.
    pub(crate) const ALL: [Self; 4] = [Self::Aws, Self::Gcp, Self::Azure, Self::Container];

    /// The same as the common event has it.
    pub(crate) fn provider(self) -> Provider {
        match self {
            Self::Aws => Provider::Aws,
            Self::Gcp => Provider::Gcp,
            Self::Azure => Provider::Azure,
            Self::Container => Provider::Container,
        }
    }

    /// The word for it, as options, features and folders have it.
    pub(crate) fn as_str(self) -> &'static str {
        self.provider().as_str()
    }
}
