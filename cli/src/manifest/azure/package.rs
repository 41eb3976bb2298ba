use polyfn_shim::{azure::function_json, manifest::Manifest};

use super::{host, taken};
use crate::{failure::Failure, manifest::File};

/// The program within the package. The host's own tools mark only the file of exactly this name as a program.
pub(crate) const HANDLER: &str = "handler";

/// What stands beside the program in the package of a function app: `host.json`, and a `function.json` for each function.
///
/// # Errors
/// If a function cannot be declared on Azure.
pub(crate) fn package(manifest: &Manifest) -> Result<Vec<File>, Failure> {
    taken::check(manifest)?;
    let mut files = vec![File::new("host.json", host::text(manifest)?)];
    for function in &manifest.functions {
        let text = function_json(&function.description(), function.batches).map_err(|error| Failure::new(error.to_string()))?;
        files.push(File::new(format!("{}/function.json", function.name), text));
    }
    Ok(files)
}
