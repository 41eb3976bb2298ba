use polyfn_shim::{event::Kind, manifest::Entry};

use crate::{
    check::lint::{Lint, ROUTE},
    target::Target,
};

/// The methods that an httpTrigger may declare.
const AZURE: [&str; 8] = ["GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH", "TRACE"];
/// The methods that a route of an HTTP API may have.
const API_GATEWAY: [&str; 7] = ["GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH"];

/// Whether requests of a route reach the function.
pub(super) fn check(function: &Entry, target: Target, found: &mut impl FnMut(Lint, String)) {
    if function.trigger != Kind::Http {
        return;
    }
    let path = function.path.as_deref().unwrap_or_default();
    let first = path.trim_start_matches('/').split('/').next().unwrap_or_default();
    match target {
        // https://learn.microsoft.com/azure/azure-functions/functions-bindings-http-webhook-trigger#customize-the-http-endpoint
        Target::Azure if matches!(first, "admin" | "runtime") => {
            found(ROUTE, format!("Azure keeps routes that begin with `{first}` for itself; begin with another word"));
        }
        // https://cloud.google.com/run/docs/known-issues#reserved-paths
        Target::Gcp if path == "/healthz" => {
            found(ROUTE, "Cloud Run keeps `/healthz` for itself; write another path, such as `/health`".to_owned());
        }
        _ => {}
    }
    let (known, who): (&[&str], _) = match target {
        Target::Azure => (&AZURE, "Azure Functions"),
        Target::Aws => (&API_GATEWAY, "API Gateway"),
        Target::Gcp | Target::Container => return,
    };
    for method in function.methods.iter().filter(|method| !known.contains(&method.as_str())) {
        found(ROUTE, format!("{who} has no route for `{method}`; write `ANY {path}` and look at the method in the function"));
    }
}
