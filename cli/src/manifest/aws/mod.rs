//! AWS: Lambda by a SAM template, and Fargate by a CloudFormation template.

mod cron;
mod environment;
#[cfg(test)]
mod example;
mod fargate;
mod http;
mod name;
mod parts;
mod policy;
mod template;
#[cfg(test)]
mod tests;
mod trigger;
mod unit;
mod warnings;

use polyfn_shim::manifest::Manifest;

pub(crate) use self::warnings::warnings;
use super::{File, Units};
use crate::{failure::Failure, target::Target};

/// `template.yaml`, and `fargate.yaml` for a program that takes requests. `artefacts` is the folder with a folder for each unit,
/// as seen from the template's.
///
/// # Errors
/// If a function cannot be deployed there.
pub(crate) fn files(manifest: &Manifest, units: Units, artefacts: &str) -> Result<Vec<File>, Failure> {
    let warnings = super::warnings(Target::Aws, manifest, units);
    let template = template::template(manifest, units, artefacts, &warnings)?;
    Ok([Some(template), fargate::fargate(manifest, &[])?].into_iter().flatten().collect())
}
