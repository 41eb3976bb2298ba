//! Azure Functions: custom handlers, and an ARM template for the plan Flex Consumption.

mod host;
mod ordered;
mod package;
mod settings;
mod taken;
mod template;
#[cfg(test)]
mod tests;

use std::path::Path;

use polyfn_shim::manifest::Manifest;

pub(crate) use self::{
    package::{HANDLER, package},
    template::suffix,
};
use super::{File, Units};
use crate::failure::Failure;

/// `host.json`, `NAME/function.json` for each function and `local.settings.json`, in a folder of the unit's name where there are
/// several units; and `azuredeploy.json` for all.
///
/// # Errors
/// If a function cannot be declared on Azure.
pub(crate) fn files(manifest: &Manifest, units: Units) -> Result<Vec<File>, Failure> {
    let mut files = Vec::new();
    for unit in units.of(manifest) {
        let own = Manifest { functions: unit.functions.to_vec(), ..manifest.clone() };
        let folder = if unit.selected.is_some() { Path::new(unit.name) } else { Path::new("") };
        let local = File::new("local.settings.json", settings::local(&own, unit.selected)?);
        for file in package(&own)?.into_iter().chain([local]) {
            files.push(File { path: folder.join(&file.path), ..file });
        }
    }
    files.push(File::new("azuredeploy.json", template::text(manifest, units)?));
    Ok(files)
}

/// What Azure does otherwise than the functions ask.
pub(crate) fn warnings(manifest: &Manifest, units: Units) -> Vec<String> {
    let mut warnings = host::warnings(manifest, units);
    warnings.extend(template::warnings(manifest, units));
    warnings
}
