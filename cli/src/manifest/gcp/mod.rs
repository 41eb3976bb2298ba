//! Google Cloud: Cloud Run services as Knative describes them, and a script that makes them, what triggers them and the accounts
//! in between.

mod calls;
mod deploy;
mod name;
mod place;
mod service;
mod shell;
mod taken;
#[cfg(test)]
mod tests;

use polyfn_shim::manifest::Manifest;

use self::place::Place;
use super::{File, Units};
use crate::{failure::Failure, target::Target};

/// `service.yaml` for each unit, in a folder of the unit's name where there are several, and `deploy.sh`.
///
/// # Errors
/// A name that Google refuses, or a trigger that cannot be made there.
pub(crate) fn files(manifest: &Manifest, units: Units) -> Result<Vec<File>, Failure> {
    manifest.functions.iter().try_for_each(taken::check)?;
    let places = Place::all(manifest, units)?;
    let notes = super::warnings(Target::Gcp, manifest, units);
    let mut files = Vec::new();
    for place in &places {
        files.push(File::new(&place.file, service::text(manifest, place)?));
    }
    files.push(File { executable: true, ..File::new("deploy.sh", deploy::script(manifest, &places, &notes)) });
    Ok(files)
}

/// What Google Cloud does otherwise than the functions ask, beyond what is a provider's limit.
pub(crate) fn warnings(manifest: &Manifest, units: Units) -> Vec<String> {
    let mut warnings = super::mixed(manifest, units);
    warnings.extend(super::crowded(manifest, units));
    warnings.extend(calls::warnings(manifest));
    warnings
}
