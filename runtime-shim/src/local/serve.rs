use std::{
    io::{IsTerminal, Write},
    net::Ipv4Addr,
    sync::Arc,
};

use http::Response;
use tokio::net::TcpListener;

use super::listing::Listing;
use crate::{
    Body, Invocation, Provider, ServeError,
    function::{Functions, Table, response},
    host::{Env, Host},
    server::{self, Delivery, Front, Limits, Stop, close, new_id},
};

/// The first port that is tried, and how many after it.
const FIRST_PORT: u16 = 9000;
const PORTS: u16 = 100;

/// Serves functions on this machine: prints what there is with a line to paste for each, and answers until Ctrl-C.
///
/// # Errors
/// No free port, functions that conflict, an `init` that failed.
pub async fn serve(functions: Functions, host: &Host, env: Env<'_>) -> Result<(), ServeError> {
    let stop = Stop::on_signals()?;
    let limits = Limits::from_env(env)?;
    let mut table = Table::for_host(functions, host, true)?;
    table.start().await?;
    let listener = bind().await?;
    let address = listener.local_addr().map_err(|error| ServeError::because("the listener has no address", error))?;
    let colours = std::io::stdout().is_terminal() && env("NO_COLOR").is_none_or(|value| value.is_empty());
    let listing = Listing { functions: table.functions(), address, colours }.to_string();
    // Nobody may be reading; the functions are served all the same.
    let _ = std::io::stdout().write_all(listing.as_bytes());
    let table = Arc::new(table);
    let answering = Arc::clone(&table);
    server::serve(vec![listener], move |delivery| answer(Arc::clone(&answering), delivery), limits, stop).await?;
    close(table).await;
    Ok(())
}

/// Listens on the first port that is free, for this machine alone.
async fn bind() -> Result<TcpListener, ServeError> {
    let ports = FIRST_PORT..FIRST_PORT.saturating_add(PORTS);
    let mut last = None;
    for port in ports.clone() {
        match TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await {
            Ok(listener) => return Ok(listener),
            Err(error) => last = Some(error),
        }
    }
    let message = format!("none of the ports {} to {} is free", ports.start, ports.end);
    Err(match last {
        Some(error) => ServeError::because(message, error),
        None => ServeError::new(message),
    })
}

async fn answer(table: Arc<Table>, delivery: Delivery) -> Response<Body> {
    let front = Front { scheme: Some("http".to_owned()), client_ip: delivery.peer_ip(), host: None };
    let id = new_id();
    let invocation = Invocation::new(Provider::Local, id.as_str()).with_trace(delivery.header("traceparent"));
    response(table.invoke(delivery.into_event(Provider::Local, Some(&id), front), invocation).await)
}
