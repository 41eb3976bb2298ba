use std::sync::Arc;

use http::{Method, Response, StatusCode};

use super::{Trust, decode_from, encode};
use crate::{
    Body, Invocation, Provider, ServeError,
    function::{Functions, Table, problem},
    host::{Env, Host},
    server::{self, Delivery, Limits, Stop, bind, close, new_id, port},
};

/// Where an orchestrator asks whether the process is ready; a function that declares such a route answers itself.
const READY: [&str; 3] = ["/healthz", "/livez", "/readyz"];

/// Serves functions over plain HTTP on `PORT` until SIGTERM: then it finishes what is in flight, within ten seconds.
///
/// `POLYFN_BODY_LIMIT` is the largest body in bytes, `POLYFN_TRUSTED_HOPS` the number of proxies in front.
///
/// # Errors
/// A port that is taken, functions that conflict, an `init` that failed.
pub async fn serve(functions: Functions, host: &Host, env: Env<'_>) -> Result<(), ServeError> {
    let stop = Stop::on_signals()?;
    let limits = Limits::from_env(env)?;
    let hops = match env("POLYFN_TRUSTED_HOPS").map(|hops| hops.parse()) {
        None => 0,
        Some(Ok(hops)) => hops,
        Some(Err(_)) => return Err(ServeError::new("POLYFN_TRUSTED_HOPS is no number of proxies")),
    };
    let mut table = Table::for_host(functions, host, true)?;
    table.start().await?;
    let table = Arc::new(table);
    let listeners = bind(port(env)?).await?;
    let answering = Arc::clone(&table);
    server::serve(listeners, move |delivery| answer(Arc::clone(&answering), delivery, Trust { hops }), limits, stop).await?;
    close(table).await;
    Ok(())
}

async fn answer(table: Arc<Table>, delivery: Delivery, trust: Trust) -> Response<Body> {
    let (method, path) = (&delivery.parts.method, delivery.parts.uri.path());
    if *method == Method::GET && READY.contains(&path) && !table.has_route(method, path) {
        return Response::new(Body::default());
    }
    let invocation = Invocation::new(Provider::Container, new_id()).with_trace(delivery.header("traceparent"));
    match decode_from(&delivery.parts, &delivery.body, delivery.peer_ip(), trust) {
        Ok(events) => match events.into_iter().next() {
            Some(event) => encode(table.invoke(event, invocation).await),
            None => encode(crate::Outcome::Done(crate::Reply::Empty)),
        },
        Err(error) => {
            tracing::error!(invocation = invocation.id(), "{error}");
            problem(StatusCode::BAD_REQUEST, error.to_string())
        }
    }
}
