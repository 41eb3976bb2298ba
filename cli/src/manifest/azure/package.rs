use polyfn_shim::{azure::function_json, event::Kind, manifest::Manifest};
use serde_json::json;

use crate::{failure::Failure, manifest::File};

/// The program within the package. The host's own tools mark only the file of exactly this name as a program.
pub(crate) const HANDLER: &str = "handler";

/// What stands beside the program in the package of a function app: `host.json`, and a `function.json` for each function.
///
/// Source: [host.json](https://learn.microsoft.com/azure/azure-functions/functions-host-json).
///
/// # Errors
/// If a function cannot be declared on Azure.
pub(crate) fn package(manifest: &Manifest) -> Result<Vec<File>, Failure> {
    let mut files = vec![File::new("host.json", host(manifest))];
    for function in &manifest.functions {
        let text = function_json(&function.description(), function.batches).map_err(|error| Failure::new(error.to_string()))?;
        files.push(File::new(format!("{}/function.json", function.name), text));
    }
    Ok(files)
}

fn host(manifest: &Manifest) -> String {
    let mut host = json!({
        "version": "2.0",
        "customHandler": {
            "description": {"defaultExecutablePath": HANDLER},
            "enableForwardingHttpRequest": true,
            "enableProxyingHttpRequest": true,
        },
        "extensions": {"http": {"routePrefix": "api"}},
    });
    // HTTP and timers are built into the host.
    let built_in = |kind| matches!(kind, Kind::Http | Kind::Direct | Kind::Schedule);
    if !manifest.functions.iter().all(|function| built_in(function.trigger)) {
        host["extensionBundle"] = json!({"id": "Microsoft.Azure.Functions.ExtensionBundle", "version": "[4.*, 5.0.0)"});
    }
    format!("{host:#}\n")
}
