use std::collections::BTreeMap;

use clap::Args;
use serde::Deserialize;
use serde_json::Value;

use super::step::Word;
use crate::failure::Failure;

/// Where something is deployed to, and as what.
#[derive(Args, Clone, Debug, Default, Deserialize)]
#[command(next_help_heading = "Where")]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub(super) struct Settings {
    /// The region, on AWS and Google Cloud
    #[arg(long, value_name = "REGION")]
    pub(super) region: Option<String>,
    /// AWS: the stack [default: the name of what was built]
    #[arg(long, value_name = "NAME")]
    pub(super) stack: Option<String>,
    /// AWS: run it as a container on Fargate, rather than on Lambda
    #[arg(long)]
    pub(super) fargate: bool,
    /// AWS: the bucket through which the program goes [default: one that `sam` makes]
    #[arg(long, value_name = "NAME")]
    pub(super) bucket: Option<String>,
    /// Google Cloud: the project
    #[arg(long, value_name = "ID")]
    pub(super) project: Option<String>,
    /// Google Cloud, Fargate, containers: where the image is pushed to, without a tag; `{unit}` in it is the name of each unit
    #[arg(long, value_name = "REPOSITORY")]
    pub(super) image: Option<String>,
    /// Azure: the resource group
    #[arg(long, value_name = "NAME")]
    pub(super) resource_group: Option<String>,
    /// Azure: the function app, whose name nobody else has
    #[arg(long, value_name = "NAME")]
    pub(super) app: Option<String>,
    /// Containers: the context of `kubectl` [default: the current one]
    #[arg(long, value_name = "NAME")]
    pub(super) context: Option<String>,
    /// A parameter of the template on AWS and Azure, a variable of the script on Google Cloud; without VALUE it is what the
    /// environment variable KEY holds, and is not shown
    #[arg(long = "parameter", value_name = "KEY[=VALUE]")]
    #[serde(skip)]
    pub(super) given: Vec<String>,
    #[arg(skip)]
    pub(super) parameters: BTreeMap<String, String>,
}

impl Settings {
    /// What the package's Cargo.toml says for a provider.
    pub(super) fn read(metadata: Option<&Value>, provider: &str) -> Result<Self, Failure> {
        let said = metadata.and_then(|metadata| metadata.get("polyfn")?.get("deploy")?.get(provider));
        let Some(said) = said else { return Ok(Self::default()) };
        serde_json::from_value(said.clone())
            .map_err(|error| Failure::usage(format!("[package.metadata.polyfn.deploy.{provider}] in Cargo.toml: {error}")))
    }

    /// These, and for what they leave open the others.
    pub(super) fn or(&self, other: Self) -> Self {
        let one = |this: &Option<String>, other: Option<String>| this.clone().or(other);
        Self {
            region: one(&self.region, other.region),
            stack: one(&self.stack, other.stack),
            fargate: self.fargate || other.fargate,
            bucket: one(&self.bucket, other.bucket),
            project: one(&self.project, other.project),
            image: one(&self.image, other.image),
            resource_group: one(&self.resource_group, other.resource_group),
            app: one(&self.app, other.app),
            context: one(&self.context, other.context),
            given: self.given.clone(),
            parameters: other.parameters,
        }
    }

    /// The parameters of a template, each once, as words of a command. What is given on the command line comes first.
    pub(super) fn parameters(&self) -> Result<Vec<Word>, Failure> {
        let mut words = BTreeMap::new();
        for (key, value) in &self.parameters {
            words.insert(key.clone(), Word::from(format!("{key}={value}")));
        }
        for given in &self.given {
            let word = match given.split_once('=') {
                Some((key, _)) => (key.to_owned(), Word::from(given.as_str())),
                None => (given.clone(), Word::of_environment(given)?),
            };
            words.insert(word.0, word.1);
        }
        Ok(words.into_values().collect())
    }
}

/// A setting that there has to be.
pub(super) fn needed<'a>(setting: &'a Option<String>, option: &str, what: &str) -> Result<&'a str, Failure> {
    setting.as_deref().ok_or_else(|| Failure::usage(format!("say with `--{option}` {what}")))
}
