use std::{sync::Arc, time::Duration};

use http::{Response, StatusCode};

use super::{decode, encode, trace::trace};
use crate::{
    Body, Invocation, Outcome, Provider, Reply, ServeError,
    event::{Kind, Time},
    function::{Functions, Table, problem},
    host::{Env, Host},
    server::{self, Delivery, Limits, Stop, bind, close, new_id, port},
};

/// What browsers and crawlers ask every server for; the contract keeps it from functions.
const NEVER: [&str; 2] = ["/favicon.ico", "/robots.txt"];

/// Serves functions on `PORT` as Cloud Run wants it, until SIGTERM: then it finishes what is in flight, within nine seconds.
///
/// `FUNCTION_TARGET` selects one function by name, `CLOUD_RUN_TIMEOUT_SECONDS` is the deadline of each request,
/// `POLYFN_BODY_LIMIT` the largest body in bytes.
///
/// # Errors
/// A port that is taken, functions that conflict, an `init` that failed.
pub async fn serve(functions: Functions, host: &Host, env: Env<'_>) -> Result<(), ServeError> {
    // Google sends SIGKILL ten seconds after SIGTERM; one is for the shutdown hook.
    let stop = Stop::on_signals()?.with_grace(Duration::from_secs(9));
    let limits = Limits::from_env(env)?;
    let timeout = env("CLOUD_RUN_TIMEOUT_SECONDS").and_then(|seconds| seconds.parse().ok()).map(Duration::from_secs);
    let mut table = Table::for_host(functions, host, true)?;
    table.start().await?;
    if let Some(signature) = env("FUNCTION_SIGNATURE_TYPE").filter(|signature| !signature.is_empty()) {
        warn_of_contradiction(&table, &signature);
    }
    let table = Arc::new(table);
    let listeners = bind(port(env)?).await?;
    let answering = Arc::clone(&table);
    server::serve(listeners, move |delivery| answer(Arc::clone(&answering), delivery, timeout), limits, stop).await?;
    close(table).await;
    Ok(())
}

async fn answer(table: Arc<Table>, delivery: Delivery, timeout: Option<Duration>) -> Response<Body> {
    let Delivery { parts, body, .. } = delivery;
    if NEVER.contains(&parts.uri.path()) {
        return problem(StatusCode::NOT_FOUND, "");
    }
    let id = parts.headers.get("function-execution-id").and_then(|id| id.to_str().ok());
    let invocation = Invocation::new(Provider::Gcp, id.map_or_else(new_id, str::to_owned))
        .with_trace(trace(&parts.headers).as_deref())
        .with_deadline(timeout.and_then(|timeout| Time::now().after(timeout)));
    match decode(&parts, &body) {
        Ok(events) => match events.into_iter().next() {
            Some(event) => encode(table.invoke(event, invocation).await),
            None => encode(Outcome::Done(Reply::Empty)),
        },
        Err(error) => {
            tracing::error!(invocation = invocation.id(), "{error}");
            problem(StatusCode::BAD_REQUEST, error.to_string())
        }
    }
}

/// The trigger in the code is stronger than the deployment's word; people should know that the two differ.
fn warn_of_contradiction(table: &Table, signature: &str) {
    for function in table.functions() {
        let description = function.description();
        let fits = match description.binding.kind() {
            Kind::Http => signature == "http",
            Kind::Direct => ["http", "typed"].contains(&signature),
            _ => ["cloudevent", "event"].contains(&signature),
        };
        if !fits {
            let kind = description.binding.kind();
            tracing::warn!(
                "FUNCTION_SIGNATURE_TYPE is `{signature}`, but `{}` has the trigger `{kind}`, which counts",
                description.name
            );
        }
    }
}
