//! The server that the Functions host delivers to.

mod app;
mod files;
mod listen;

use std::{path::PathBuf, sync::Arc};

use tokio::net::TcpListener;

use self::app::App;
use crate::{
    ServeError,
    function::{Functions, Table},
    host::{Env, Host},
};

/// Serves the functions to the Functions host until the process is told to stop.
///
/// It listens on `127.0.0.1` at `FUNCTIONS_CUSTOMHANDLER_PORT`. Which function a request is for, and in which form,
/// follows from its path alone: under the route prefix it is a caller's own request; else `POST /<FunctionName>` is a
/// delivery in JSON. Function names are compared without regard to letter case.
///
/// Bindings and routes are those of `FUNCTIONS_APP_ROOT_PATH/<FunctionName>/function.json` where there is one, else what
/// the function says of itself. The route prefix is
/// `AzureFunctionsJobHost__extensions__http__routePrefix`, else host.json's, else `api`.
///
/// # Errors
/// A port that is missing or taken, an `init` that failed, a function.json that cannot be read or contradicts its
/// function, names that cannot be told from routes. End the process with code 1 then: of an exit with 0 the host takes
/// no notice, and every later invocation fails.
pub async fn serve(functions: Functions, host: &Host, env: Env<'_>) -> Result<(), ServeError> {
    let port = env("FUNCTIONS_CUSTOMHANDLER_PORT")
        .ok_or_else(|| ServeError::new("FUNCTIONS_CUSTOMHANDLER_PORT is not set; the Functions host sets it"))?;
    let port: u16 = port
        .trim()
        .parse()
        .map_err(|error| ServeError::because(format!("FUNCTIONS_CUSTOMHANDLER_PORT: `{port}` is no port"), error))?;
    let root = env("FUNCTIONS_APP_ROOT_PATH").filter(|root| !root.is_empty()).map(PathBuf::from);
    let prefix = match env("AzureFunctionsJobHost__extensions__http__routePrefix") {
        Some(prefix) => prefix,
        None => files::route_prefix(root.as_deref())?.unwrap_or_else(|| "api".to_owned()),
    };
    let selected = host.function(|name| functions.iter().any(|function| function.description().name == name));
    let table = Table::new(functions, selected, true)?;
    let mut app = App::new(table, root.as_deref(), &prefix)?;
    // Before the first connection, so that the host takes a failure for one of the start.
    app.table_mut().init().await.map_err(|failure| ServeError::new(format!("init failed: {failure}")))?;
    // The host connects to the IPv4 loopback address, never to `::1`.
    let listener = TcpListener::bind(("127.0.0.1", port))
        .await
        .map_err(|error| ServeError::because(format!("cannot listen on 127.0.0.1:{port}: {error}"), error))?;
    let app = Arc::new(app);
    listen::listen(listener, Arc::clone(&app)).await;
    app.table().shutdown().await;
    Ok(())
}
