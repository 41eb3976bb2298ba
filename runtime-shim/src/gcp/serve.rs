use std::{sync::Arc, time::Duration};

use tokio::net::TcpListener;

use super::{App, contradiction};
use crate::{
    ServeError,
    function::{Functions, Table},
    host::{Env, Host},
    server::{self, Delivery, Limits, Stop},
};

/// SIGKILL follows SIGTERM after ten seconds; one is left for the shutdown hook and the log.
const GRACE: Duration = Duration::from_secs(9);

/// What the environment sets.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Settings {
    /// How long the front end waits for an answer: `CLOUD_RUN_TIMEOUT_SECONDS`.
    pub timeout: Option<Duration>,
    /// The kind of function that the deployment thinks it has: `FUNCTION_SIGNATURE_TYPE`.
    pub signature: Option<String>,
    /// What one client may take.
    pub limits: Limits,
}

impl Settings {
    /// Reads them from the environment.
    ///
    /// # Errors
    /// A value that is no number; the message names the variable.
    pub fn from_env(env: Env<'_>) -> Result<Self, ServeError> {
        let timeout = match env("CLOUD_RUN_TIMEOUT_SECONDS").filter(|text| !text.is_empty()) {
            Some(text) => Some(Duration::from_secs(text.trim().parse::<u32>().map(u64::from).map_err(|error| {
                ServeError::because("CLOUD_RUN_TIMEOUT_SECONDS: not a whole number of seconds such as 300", error)
            })?)),
            None => None,
        };
        let signature = env("FUNCTION_SIGNATURE_TYPE").filter(|text| !text.is_empty());
        Ok(Self { timeout, signature, limits: Limits::from_env(env)? })
    }
}

/// Serves these functions on `PORT` (8080 by default) of every address until SIGTERM or SIGINT.
///
/// # Errors
/// A setting that is wrong, functions that cannot be chosen, an `init` that failed, or a port that cannot be had.
pub async fn serve(functions: Functions, host: &Host, env: Env<'_>) -> Result<(), ServeError> {
    let (settings, port) = (Settings::from_env(env)?, server::port(env)?);
    let stop = Stop::on_signals()?.with_grace(GRACE);
    let mut table = Table::for_host(functions, host, true)?;
    table.start().await?;
    serve_on(server::bind(port).await?, Arc::new(table), settings, stop).await
}

/// The same on these listeners, until it is told to stop.
///
/// # Errors
/// If there is nothing to listen on.
pub async fn serve_on(listeners: Vec<TcpListener>, table: Arc<Table>, settings: Settings, stop: Stop) -> Result<(), ServeError> {
    let Settings { timeout, signature, limits } = settings;
    if let Some(warning) = signature.and_then(|signature| contradiction(&signature, table.functions())) {
        tracing::warn!("{warning}");
    }
    let app = Arc::new(App::new(Arc::clone(&table), timeout));
    let answer = move |delivery: Delivery| {
        let app = Arc::clone(&app);
        async move { app.answer(delivery).await }
    };
    server::serve(listeners, answer, limits, stop).await?;
    server::close(table).await;
    Ok(())
}
