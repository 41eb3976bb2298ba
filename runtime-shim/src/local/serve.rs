use std::{
    future::Future,
    io::{IsTerminal, Write},
    net::Ipv4Addr,
    pin::Pin,
    sync::Arc,
};

use tokio::net::TcpListener;

use super::{
    Hosts,
    api::Api,
    listing::Listing,
    shim::{Consumers, Courier, How, Journal, Settings, Written, is_kept, program},
    store::Store,
};
use crate::{
    Provider, ServeError,
    function::{Function, Functions, Table},
    host::{Env, Host},
    server::{self, Delivery, Stop, close},
};

/// The first port that is tried, and how many after it.
const FIRST_PORT: u16 = 9000;
const PORTS: u16 = 100;

/// Serves functions on this machine: prints what there is with a line to paste for each, and answers until Ctrl-C.
///
/// Requests reach functions on the address that is printed. Messages of queues, topics and streams are kept in the folder
/// `.polyfn` until their function has handled them; schedules run by the machine's clock. The environment sets more:
///
/// - `POLYFN_PORT`: the port, in place of the first free one from 9000 on
/// - `POLYFN_HOME`: where messages are kept, in place of `.polyfn`
/// - `POLYFN_AS`: behind which provider's host the functions run, as a program of their own: `aws`, `gcp`, `azure` or `container`
/// - `POLYFN_RECORD`: a folder in which each delivery is recorded
/// - `POLYFN_CONSOLE=off`, `POLYFN_CLOCK=off`: no console page, no ticks
///
/// # Errors
/// No free port, a setting that is wrong, functions that conflict, an `init` that failed, messages that cannot be read.
pub async fn serve(functions: Functions, host: &Host, env: Env<'_>) -> Result<(), ServeError> {
    let settings = Settings::from_env(env)?;
    let stop = Stop::on_signals()?;
    let listener = bind(settings.port).await?;
    let address = listener.local_addr().map_err(|error| ServeError::because("the listener has no address", error))?;
    let mut table = Table::for_host(functions, host, true)?;
    // Behind another host the program that runs there has an `init` of its own.
    if settings.provider == Provider::Local {
        table.start().await?;
    }
    let (table, written) = (Arc::new(table), Written::default());
    let mut hosts = Hosts::new(Arc::clone(&table));
    if let Some(program) = program(settings.provider, &table, &written)? {
        hosts = hosts.with_program(settings.provider, program);
    }
    let courier = Courier::new(hosts, settings.provider, Arc::new(Journal::default()), settings.record, written);
    let courier = Arc::new(courier);
    let consumers = consumers(&table, &settings.home, &courier)?;
    let (stop, ticking) = settings.clock.start(table.functions(), Provider::Local, stop, tick(&courier))?;
    let (stop, own) = stop.shared();
    let journal = Arc::clone(courier.journal());
    // Whoever listens would hold the server up.
    tokio::spawn(async move {
        own.into_parts().0.await;
        journal.close();
    });
    let colours = std::io::stdout().is_terminal() && env("NO_COLOR").is_none_or(|value| value.is_empty());
    let listing = Listing { functions: table.functions(), address, colours, console: settings.console }.to_string();
    // Nobody may be reading; the functions are served all the same.
    let _ = std::io::stdout().write_all(listing.as_bytes());
    let api = Api::new(Arc::clone(&courier), consumers.clone(), address.to_string(), settings.console);
    let (api, answering) = (Arc::new(api), Arc::clone(&courier));
    let answer = move |delivery: Delivery| {
        let (api, courier) = (Arc::clone(&api), Arc::clone(&answering));
        async move {
            match api.answer(&delivery).await {
                Some(response) => response,
                None => courier.answer(delivery).await,
            }
        }
    };
    server::serve(vec![listener], answer, settings.limits, stop).await?;
    if let Some(consumers) = consumers {
        consumers.stop().await;
    }
    if let Some(ticking) = ticking {
        // A panic in a function has been caught before it could reach this task.
        let _ = ticking.await;
    }
    drop(courier);
    close(table).await;
    Ok(())
}

/// Who brings messages to functions, if some function takes any: no other program needs a store.
fn consumers(table: &Table, home: &std::path::Path, courier: &Arc<Courier>) -> Result<Option<Arc<Consumers>>, ServeError> {
    if !table.functions().iter().any(|function| is_kept(&function.description().binding)) {
        return Ok(None);
    }
    let store = Store::open(home).map_err(|error| ServeError::because(error.to_string(), error))?;
    Consumers::start(store, Arc::clone(courier)).map(Some)
}

/// Ticks pass through the courier as all else does.
fn tick(courier: &Arc<Courier>) -> crate::clock::CallTick {
    let courier = Arc::clone(courier);
    Arc::new(move |function: Function, event| -> Pin<Box<dyn Future<Output = bool> + Send>> {
        let courier = Arc::clone(&courier);
        Box::pin(async move {
            match courier.deliver(How::Usual, &event, Some(function.description().name)).await {
                Ok(entry) => !entry.delivered.is_acknowledged(),
                Err(error) => {
                    tracing::error!(function = function.description().name, "no tick: {error}");
                    false
                }
            }
        })
    })
}

/// Listens on this port, or on the first that is free, for this machine alone.
async fn bind(port: Option<u16>) -> Result<TcpListener, ServeError> {
    if let Some(port) = port {
        return TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await.map_err(|error| {
            ServeError::because(
                format!("cannot listen on 127.0.0.1:{port}; stop what does, or set POLYFN_PORT to another"),
                error,
            )
        });
    }
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
