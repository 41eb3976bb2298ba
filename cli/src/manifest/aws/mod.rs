//! AWS: Lambda by a SAM template, and Fargate by a CloudFormation template.

use polyfn_shim::manifest::Manifest;

use super::{File, Units};
use crate::failure::Failure;

/// `template.yaml`, and `fargate.yaml` for a program that takes requests.
///
/// # Errors
/// If a function cannot be deployed there.
pub(crate) fn files(_: &Manifest, _: Units) -> Result<Vec<File>, Failure> {
    Ok(Vec::new())
}
