use std::{future::Future, pin::Pin, sync::Arc};

use http::{Method, Response};
use tokio::net::TcpListener;

use super::{
    decode::{decode, invocation, request},
    encode,
};
use crate::{
    Body, Invocation, Provider, ServeError,
    clock::Clock,
    function::{Functions, Table},
    host::{Env, Host},
    server::{self, Delivery, Limits, Stop, answer_events},
};

/// The paths that a host asks whether the process is up; a function that has one of them as its route answers it itself.
const READY: [&str; 3] = ["/healthz", "/livez", "/readyz"];

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
    let (stop, ticking) = settings.clock.start(&table, Provider::Container, stop)?;
    let (shared, sources, hops) = (Arc::clone(&table), table.sources(), settings.hops);
    let answer = move |delivery: Delivery| {
        let table = Arc::clone(&shared);
        async move {
            let (method, path) = (&delivery.parts.method, delivery.parts.uri.path());
            let asks = READY.contains(&path) && matches!(*method, Method::GET | Method::HEAD);
            if asks && !table.has_route(method, path) {
                return Response::default();
            }
            let invocation = invocation(&delivery);
            let answered = match sources {
                Some(sources) => (sources.container)(&table, &delivery, &invocation).await,
                None => None,
            };
            match answered {
                Some(response) => response,
                None => encode(table.invoke(request(delivery, hops), invocation).await),
            }
        }
    };
    server::serve(listeners, answer, settings.limits, stop).await?;
    if let Some(ticking) = ticking {
        // A panic in a function has been caught before it could reach this task.
        let _ = ticking.await;
    }
    server::close(table).await;
    Ok(())
}

/// Answers a request that may hold events.
pub(crate) fn events<'a>(
    table: &'a Arc<Table>,
    delivery: &'a Delivery,
    invocation: &'a Invocation,
) -> Pin<Box<dyn Future<Output = Option<Response<Body>>> + Send + 'a>> {
    Box::pin(answer_events(table, delivery, invocation, decode, encode))
}
