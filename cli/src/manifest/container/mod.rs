//! Any cluster with Knative: services, and the triggers that bring them their events.

mod filter;
mod service;
#[cfg(test)]
mod tests;
mod trigger;

use polyfn_shim::manifest::{Entry, Manifest};

use super::{
    File, Unit, Units,
    name::{plain, short},
    takes_requests,
};
use crate::{failure::Failure, target::Target};

/// `service.yaml`, and `triggers.yaml` for a program that takes events.
///
/// # Errors
/// A unit that can have no name there.
pub(crate) fn files(manifest: &Manifest, units: Units) -> Result<Vec<File>, Failure> {
    let places = Place::all(manifest, units)?;
    let notes = super::warnings(Target::Container, manifest, units);
    let mut files = vec![File::new("service.yaml", service::text(manifest, &places, &notes))];
    if !manifest.functions.iter().all(takes_requests) {
        files.push(File::new("triggers.yaml", trigger::text(manifest, &places)));
    }
    Ok(files)
}

/// What Knative does otherwise than the functions ask.
pub(crate) fn warnings(manifest: &Manifest, units: Units) -> Vec<String> {
    let mut warnings = super::mixed(manifest, units);
    warnings.extend(super::crowded(manifest, units));
    for function in &manifest.functions {
        if function.batch.is_some_and(|batch| batch > 1) {
            warnings
                .push(format!("`{}`: a broker of Knative delivers events one by one; `batch` does nothing there", function.name));
        }
        if takes_requests(function) && !function.public {
            warnings.push(format!("`{}`: Knative asks no caller who it is; put a gateway that does in front", function.name));
        }
    }
    warnings
}

/// Where a unit runs.
#[derive(Debug)]
struct Place<'a> {
    unit: Unit<'a>,
    /// The name of the service.
    service: String,
}

impl<'a> Place<'a> {
    fn all(manifest: &'a Manifest, units: Units) -> Result<Vec<Self>, Failure> {
        let mut places: Vec<Self> = Vec::new();
        for unit in units.of(manifest) {
            let wanted =
                unit.selected.map_or_else(|| unit.name.to_owned(), |function| format!("{}-{function}", manifest.program));
            let service = resource(&wanted)?;
            if let Some(other) = places.iter().find(|place| place.service == service) {
                return Err(Failure::new(format!(
                    "`{}` and `{}` would both be the service `{service}` of Knative; rename one",
                    other.unit.name, unit.name
                )));
            }
            places.push(Self { unit, service });
        }
        Ok(places)
    }
}

/// What a resource of this name is called: a label of DNS.
///
/// Source: [Object names](https://kubernetes.io/docs/concepts/overview/working-with-objects/names/#rfc-1035-label-names).
fn resource(wanted: &str) -> Result<String, Failure> {
    let name = short(&plain(wanted), 63);
    if name.starts_with(|first: char| first.is_ascii_lowercase()) {
        return Ok(name);
    }
    Err(Failure::new(format!("`{wanted}` gives Kubernetes no name, which begins with a letter; rename it")))
}

/// What a trigger of a function is called.
fn of_function(manifest: &Manifest, function: &Entry) -> String {
    short(&plain(&format!("{}-{}", manifest.program, function.name)), 63)
}
