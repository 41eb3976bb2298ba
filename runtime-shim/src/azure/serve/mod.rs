//! The server that the Functions host delivers to.

mod files;

use std::{path::PathBuf, sync::Arc, time::Duration};

use tokio::net::TcpListener;

use super::App;
use crate::{
    ServeError,
    function::{Functions, Table},
    host::{Env, Host},
    server::{self, Delivery, Limits, Stop},
};

/// What the host takes from callers, and so the most that a delivery can hold.
const JSON_LIMIT: usize = 100 * 1024 * 1024;
/// Longer than the host's HTTP client keeps an idle connection (a minute), so that it is the host who closes it: a
/// connection closed here just as the host sends on it would be a failed invocation.
const IDLE: Duration = Duration::from_secs(180);

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
    let limits = Limits::from_env(env)?;
    let root = env("FUNCTIONS_APP_ROOT_PATH").filter(|root| !root.is_empty()).map(PathBuf::from);
    let prefix = match env("AzureFunctionsJobHost__extensions__http__routePrefix") {
        Some(prefix) => prefix,
        None => files::route_prefix(root.as_deref())?.unwrap_or_else(|| "api".to_owned()),
    };
    let table = Table::for_host(functions, host, true)?;
    let declarations = table.functions().iter().map(|function| files::declaration(function, root.as_deref(), env));
    let declarations = declarations.collect::<Result<_, _>>()?;
    let mut app = App::new(Arc::new(table), declarations, &prefix)?;
    // Before the first connection, so that the host takes a failure for one of the start.
    app.init().await.map_err(|failure| ServeError::new(format!("init failed: {failure}")))?;
    // The host connects to the IPv4 loopback address, never to `::1`.
    let listener = TcpListener::bind(("127.0.0.1", port))
        .await
        .map_err(|error| ServeError::because(format!("cannot listen on 127.0.0.1:{port}: {error}"), error))?;
    let app = Arc::new(app);
    let answering = Arc::clone(&app);
    let raw_limit = limits.body;
    let answer = move |delivery: Delivery| {
        let app = Arc::clone(&answering);
        async move { app.answer(delivery.parts, delivery.body, raw_limit).await }
    };
    // A limit that somebody set holds for deliveries too; without one the host's own is what they may need.
    let set = env("POLYFN_BODY_LIMIT").is_some_and(|limit| !limit.is_empty());
    let limits = Limits { body: if set { limits.body } else { JSON_LIMIT }, head_time: IDLE, ..limits };
    server::serve(vec![listener], answer, limits, Stop::on_signals()?).await?;
    match Arc::into_inner(app).and_then(App::into_table) {
        Some(table) => table.shutdown().await,
        None => tracing::warn!("an invocation outlived the grace; the shutdown hook is not run"),
    }
    Ok(())
}
