use std::{future::Future, pin::Pin, sync::Arc};

use tokio::net::TcpListener;

use super::App;
use crate::{
    Invocation, Outcome, Provider, ServeError,
    clock::Clock,
    function::{Function, Functions, Table},
    host::{Env, Host},
    server::{self, Delivery, Limits, Stop, new_id},
};

/// What the environment sets.
#[derive(Clone, Debug, Default)]
pub struct Settings {
    /// How many proxies in front are trusted: `POLYFN_TRUSTED_HOPS`, none by default.
    pub hops: usize,
    /// What runs schedule functions: a clock of our own unless `POLYFN_CLOCK` is `off`.
    pub clock: Clock,
    /// What one client may take.
    pub limits: Limits,
}

impl Settings {
    /// Reads them from the environment.
    ///
    /// # Errors
    /// A value that is wrong; the message names the variable.
    pub fn from_env(env: Env<'_>) -> Result<Self, ServeError> {
        let hops = match env("POLYFN_TRUSTED_HOPS").filter(|text| !text.is_empty()) {
            Some(text) => {
                text.parse().map_err(|error| ServeError::because("POLYFN_TRUSTED_HOPS: not a whole number such as 1", error))?
            }
            None => 0,
        };
        Ok(Self { hops, clock: Clock::from_env(env)?, limits: Limits::from_env(env)? })
    }
}

/// Serves these functions on `PORT` (8080 by default) of every address until SIGTERM or SIGINT.
///
/// `GET /healthz`, `/livez` and `/readyz` answer 200 without any function, unless one has that very route. Schedule functions
/// run by a clock of our own.
///
/// # Errors
/// A setting that is wrong, functions that cannot be chosen, an `init` that failed, or a port that cannot be had.
pub async fn serve(functions: Functions, host: &Host, env: Env<'_>) -> Result<(), ServeError> {
    let (settings, port) = (Settings::from_env(env)?, server::port(env)?);
    let stop = Stop::on_signals()?;
    let mut table = Table::for_host(functions, host, true)?;
    table.start().await?;
    serve_on(server::bind(port).await?, Arc::new(table), settings, stop).await
}

/// The same on these listeners, until it is told to stop.
///
/// # Errors
/// If there is nothing to listen on, or if a schedule is no cron expression.
pub async fn serve_on(listeners: Vec<TcpListener>, table: Arc<Table>, settings: Settings, stop: Stop) -> Result<(), ServeError> {
    let ticked = Arc::clone(&table);
    let call = move |function: Function, event| -> Pin<Box<dyn Future<Output = bool> + Send>> {
        let table = Arc::clone(&ticked);
        let invocation = Invocation::new(Provider::Container, new_id());
        Box::pin(async move { matches!(table.call(&function, event, invocation).await, Outcome::Retry(_)) })
    };
    let (stop, ticking) = settings.clock.start(table.functions(), Provider::Container, stop, Arc::new(call))?;
    let app = Arc::new(App::new(Arc::clone(&table), settings.hops));
    let answer = move |delivery: Delivery| {
        let app = Arc::clone(&app);
        async move { app.answer(delivery).await }
    };
    server::serve(listeners, answer, settings.limits, stop).await?;
    if let Some(ticking) = ticking {
        // A panic in a function has been caught before it could reach this task.
        let _ = ticking.await;
    }
    server::close(table).await;
    Ok(())
}
