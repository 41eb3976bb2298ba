//! `cargo polyfn manifest`: what a provider is told of a program, as files.

pub(crate) mod aws;
pub(crate) mod azure;
mod file;
mod folder;
mod make;
pub(crate) mod overlay;
mod units;

use polyfn_shim::manifest::Manifest;

pub(crate) use self::{
    file::File,
    folder::{Folder, folder_of},
    make::Make,
    overlay::Overlay,
    units::{Unit, Units, unit_name},
};
use crate::{failure::Failure, target::Target};

/// All that is generated for a provider, in a stable order, before the user's own edits.
///
/// # Errors
/// If a function cannot be deployed there.
pub(crate) fn files(target: Target, manifest: &Manifest, units: Units) -> Result<Vec<File>, Failure> {
    if manifest.functions.is_empty() {
        return Err(Failure::new(format!("`{}` has no functions; list them in `polyfn::main!`", manifest.program)));
    }
    match target {
        Target::Aws => aws::files(manifest, units),
        Target::Azure => azure::package(manifest),
        Target::Gcp | Target::Container => Err(Failure::new(format!("there are no manifests for {} yet", target.as_str()))),
    }
}

/// What the provider cannot do of what the functions ask, each with the function's name.
pub(crate) fn warnings(target: Target, manifest: &Manifest, _: Units) -> Vec<String> {
    let of = |function: &polyfn_shim::manifest::Entry| {
        let name = &function.name;
        let said = function.description();
        said.unsupported(target.provider()).map(|why| format!("`{name}`: {why}")).collect::<Vec<_>>()
    };
    manifest.functions.iter().flat_map(of).collect()
}
