//! The files of the deployment, read once at start.

use std::{fs, io::ErrorKind, path::Path};

use serde::Deserialize;

use crate::{
    ServeError,
    azure::{Bindings, Declaration},
    function::Function,
    host::Env,
};

/// The route prefix that host.json sets, if it does.
pub(super) fn route_prefix(root: Option<&Path>) -> Result<Option<String>, ServeError> {
    #[derive(Default, Deserialize)]
    #[serde(default)]
    struct HostJson {
        extensions: Extensions,
    }
    #[derive(Default, Deserialize)]
    #[serde(default)]
    struct Extensions {
        http: Http,
    }
    #[derive(Default, Deserialize)]
    #[serde(default, rename_all = "camelCase")]
    struct Http {
        route_prefix: Option<String>,
    }
    let Some(path) = root.map(|root| root.join("host.json")) else { return Ok(None) };
    let Some(json) = read(&path)? else { return Ok(None) };
    let host: HostJson =
        serde_json::from_slice(&json).map_err(|error| ServeError::because(format!("{}: {error}", path.display()), error))?;
    Ok(host.extensions.http.route_prefix)
}

/// How the function is declared: by its function.json, else by what it says of itself. `None` for one that neither
/// declares.
pub(super) fn declaration(function: &Function, root: Option<&Path>, env: Env<'_>) -> Result<Option<Declaration>, ServeError> {
    let description = function.description();
    let own = || Declaration::of(description, function.is_batch());
    let Some(path) = root.map(|root| root.join(description.name).join("function.json")) else { return Ok(own()) };
    let Some(json) = read(&path)? else { return Ok(own()) };
    let bindings = Bindings::read(&json).map_err(|error| ServeError::because(format!("{}: {error}", path.display()), error))?;
    let kind = description.binding.kind();
    if !Declaration::fits(&bindings, kind) {
        return Err(ServeError::new(format!(
            "{}: declares an {}, but the function `{}` is for {kind} events",
            path.display(),
            bindings.trigger_type(),
            description.name,
        )));
    }
    Ok(Some(Declaration::new(description.name, kind, bindings.with_settings(env))))
}

fn read(path: &Path) -> Result<Option<Vec<u8>>, ServeError> {
    match fs::read(path) {
        Ok(bytes) => Ok(Some(bytes)),
        Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => Ok(None),
        Err(error) => Err(ServeError::because(format!("{}: {error}", path.display()), error)),
    }
}
