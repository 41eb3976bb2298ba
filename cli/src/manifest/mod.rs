//! `cargo polyfn manifest`: what a provider is told of a program, as files.

pub(crate) mod aws;
pub(crate) mod azure;
pub(crate) mod container;
mod file;
mod folder;
pub(crate) mod gcp;
mod make;
mod merge;
mod name;
mod needs;
mod overlay;
#[cfg(test)]
mod sample;
mod units;
pub(crate) mod yaml;

use std::path::{Component, Path, PathBuf};

use polyfn_shim::manifest::{Entry, Manifest};

pub(crate) use self::{
    file::File,
    folder::{Folder, folder_of},
    make::Make,
    needs::{Needs, crowded, is_public, mixed, seconds, takes_requests},
    overlay::Overlay,
    units::{Unit, Units},
};
use crate::{failure::Failure, program::Workspace, target::Target};

/// All that is generated for a provider, in a stable order, before the user's own edits. `artefacts` is the folder of the provider's
/// artefacts as seen from that of its manifests.
///
/// # Errors
/// If a function cannot be deployed there.
pub(crate) fn files(target: Target, manifest: &Manifest, units: Units, artefacts: &str) -> Result<Vec<File>, Failure> {
    if manifest.functions.is_empty() {
        return Err(Failure::new(format!("`{}` has no functions; list them in `polyfn::main!`", manifest.program)));
    }
    match target {
        Target::Aws => aws::files(manifest, units, artefacts),
        Target::Gcp => gcp::files(manifest, units),
        Target::Azure => azure::files(manifest, units),
        Target::Container => container::files(manifest, units),
    }
}

/// What the provider cannot do of what the functions ask, each with the function's name.
pub(crate) fn warnings(target: Target, manifest: &Manifest, units: Units) -> Vec<String> {
    let of = |function: &Entry| {
        let (name, said) = (&function.name, function.description());
        said.unsupported(target.provider()).map(|why| format!("`{name}`: {why}")).collect::<Vec<_>>()
    };
    let mut warnings: Vec<_> = manifest.functions.iter().flat_map(of).collect();
    warnings.extend(match target {
        Target::Aws => aws::warnings(manifest, units),
        Target::Gcp => gcp::warnings(manifest, units),
        Target::Azure => azure::warnings(manifest, units),
        Target::Container => container::warnings(manifest, units),
    });
    warnings
}

/// The folder of a provider's artefacts, as seen from that of its manifests. The same on every machine: where Cargo builds into a
/// folder outside of the workspace, it is still the one that it would build into.
pub(crate) fn artefacts(workspace: &Workspace, manifests: &Path, target: Target) -> String {
    let own = workspace.root().join("target");
    let built = if workspace.target().starts_with(workspace.root()) { workspace.target() } else { &own };
    between(manifests, &built.join("polyfn").join(target.as_str()))
}

/// The way from one folder to another, both absolute, with `/` between its parts.
fn between(from: &Path, to: &Path) -> String {
    let shared = from.components().zip(to.components()).take_while(|(one, other)| one == other).count();
    let up = from.components().skip(shared).map(|_| Component::ParentDir);
    let way: PathBuf = up.chain(to.components().skip(shared)).collect();
    let parts: Vec<_> = way.components().map(|part| part.as_os_str().to_string_lossy()).collect();
    parts.join("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn artefacts_are_found_from_the_manifests() {
        for (from, to, want) in [
            ("/w/polyfn/aws", "/w/target/polyfn/aws", "../../target/polyfn/aws"),
            ("/w/examples/shop/polyfn/aws", "/w/target/polyfn/aws", "../../../../target/polyfn/aws"),
            ("/out/aws", "/w/target", "../../w/target"),
        ] {
            assert_eq!(between(Path::new(from), Path::new(to)), want);
        }
    }
}
