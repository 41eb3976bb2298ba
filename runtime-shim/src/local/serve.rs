use std::{
    io::{IsTerminal, Write},
    net::SocketAddr,
    sync::Arc,
};

use http::{Response, StatusCode};

use super::listing::Listing;
use crate::{
    Body, Invocation, Provider, ServeError,
    function::{Functions, Table, problem, response},
    host::{Env, Host},
    server::{Front, Limits, Request, Server, Stop, event, invocation_id, trace},
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
    let server = bind(limits).await?;
    let address = server.address().ok_or_else(|| ServeError::new("the server has no address"))?;
    let colours = std::io::stdout().is_terminal() && env("NO_COLOR").is_none_or(|value| value.is_empty());
    let listing = Listing { functions: table.functions(), address, colours }.to_string();
    // Nobody may be reading; the functions are served all the same.
    let _ = std::io::stdout().write_all(listing.as_bytes());
    let table = Arc::new(table);
    let answering = Arc::clone(&table);
    server.serve(move |request| answer(Arc::clone(&answering), request), stop).await;
    table.shutdown().await;
    Ok(())
}

/// Listens on the first port that is free, for this machine alone.
async fn bind(limits: Limits) -> Result<Server, ServeError> {
    let ports = FIRST_PORT..FIRST_PORT.saturating_add(PORTS);
    let mut last = ServeError::new("no port was tried");
    for port in ports.clone() {
        match Server::bind(&[SocketAddr::from(([127, 0, 0, 1], port))], limits).await {
            Ok(server) => return Ok(server),
            Err(error) => last = error,
        }
    }
    Err(ServeError::because(format!("none of the ports {} to {} is free", ports.start, ports.end), last))
}

async fn answer(table: Arc<Table>, request: Request) -> Response<Body> {
    let Request { parts, body, peer } = request;
    if parts.method == http::Method::CONNECT {
        return problem(StatusCode::METHOD_NOT_ALLOWED, "");
    }
    let front = Front { scheme: Some("http".to_owned()), client_ip: Some(peer.ip()) };
    let id = invocation_id();
    let event = event(Provider::Local, &parts, &body, front).with_id(id.clone());
    let invocation = Invocation::new(Provider::Local, id).with_trace(trace(&parts.headers));
    response(table.invoke(event, invocation).await)
}
