//! The loop over Lambda's Runtime API: the only place with I/O.
//!
//! Source: [Lambda Runtime API](https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html).

mod client;
mod shutdown;
mod stream;
mod worker;

use std::{
    future::{Future, poll_fn},
    pin::pin,
    rc::Rc,
    sync::Arc,
    task::Poll,
};

use self::{client::Client, shutdown::Shutdown, worker::Worker};
use super::{Answer, App, Taken, encode};
use crate::{
    Failure, Outcome, ServeError,
    function::{Functions, Table, unwind},
    host::{Env, Host},
};

/// Serves these functions to Lambda until the environment is shut down.
///
/// It returns when Lambda ends the environment and the program has a shutdown hook; without one Lambda kills the process.
/// What a delivery holds never ends it.
///
/// # Errors
/// If the functions cannot be served or the program's `init` failed, which is also reported to Lambda; the process is to
/// exit with an error then.
///
/// # Panics
/// Outside of a tokio runtime with I/O and time.
pub async fn serve(functions: Functions, host: &Host, env: Env<'_>) -> Result<(), ServeError> {
    let settings = Settings::read(env)?;
    let mut client = Client::new(&settings.api)?;
    let mut table = match Table::for_host(functions, host, settings.concurrency > 1) {
        Ok(table) => table,
        Err(error) => {
            client.init_failed("Runtime.InitError", &error.to_string()).await;
            return Err(error);
        }
    };
    if let Err(failure) = init(&mut table).await {
        client.init_failed(failure.name(), failure.message()).await;
        return Err(ServeError::new(format!("init failed: {failure}")));
    }
    // Lambda sends no signal to a process without an extension, and an extension costs start-up time.
    let shutdown = if table.has_shutdown() { Some(Shutdown::register(Client::new(&settings.api)?).await?) } else { None };
    if settings.snap_start
        && let Err(error) = client.restore().await
    {
        client.init_failed("Runtime.InitError", &error.to_string()).await;
        return Err(ServeError::because("the snapshot was not restored", error));
    }
    let worker = Rc::new(Worker::new(App::new(Arc::new(table), settings.taken)));
    let clients = std::iter::once(Ok(client)).chain((1..settings.concurrency).map(|_| Client::new(&settings.api)));
    work(&worker, clients.collect::<Result<_, _>>()?, shutdown).await;
    // The loops are gone, so nobody else holds it.
    if let Some(worker) = Rc::into_inner(worker) {
        worker.into_app().into_table().shutdown().await;
    }
    Ok(())
}

/// Runs one loop per client until Lambda shuts the environment down.
async fn work(worker: &Rc<Worker>, clients: Vec<Client>, shutdown: Option<Shutdown>) {
    let loops = tokio::task::LocalSet::new();
    for client in clients {
        let worker = Rc::clone(worker);
        loops.spawn_local(async move { worker.run(client).await });
    }
    let mut signal = pin!(async {
        match shutdown {
            Some(shutdown) => shutdown.signal().await,
            None => std::future::pending().await,
        }
    });
    let mut loops = pin!(loops);
    // Lambda shuts an environment down between invocations or after one that timed out, so a loop that is dropped here
    // holds nothing that anybody waits for.
    poll_fn(|cx| match signal.as_mut().poll(cx) {
        Poll::Ready(()) => Poll::Ready(()),
        Poll::Pending => loops.as_mut().poll(cx),
    })
    .await;
}

/// Runs the program's `init`; a panic in it is a failure like any other.
async fn init(table: &mut Table) -> Result<(), Failure> {
    match unwind::caught(table.init()).await {
        Ok(result) => result,
        Err(panic) => match Outcome::from_panic(&*panic) {
            Outcome::Retry(failure) | Outcome::Drop(failure) => Err(failure),
            Outcome::Done(_) => Ok(()),
        },
    }
}

/// What the environment says of how to serve.
struct Settings {
    api: String,
    concurrency: usize,
    snap_start: bool,
    taken: Taken,
}

impl Settings {
    fn read(env: Env<'_>) -> Result<Self, ServeError> {
        let api = env("AWS_LAMBDA_RUNTIME_API").filter(|api| !api.is_empty());
        let api = api.ok_or_else(|| ServeError::new("AWS_LAMBDA_RUNTIME_API is not set: this is no Lambda environment"))?;
        let is_on = |name| env(name).is_some_and(|value| value == "true");
        Ok(Self {
            api,
            concurrency: env("AWS_LAMBDA_MAX_CONCURRENCY").and_then(|n| n.parse().ok()).unwrap_or(1).max(1),
            snap_start: env("AWS_LAMBDA_INITIALIZATION_TYPE").is_some_and(|kind| kind == "snap-start"),
            taken: Taken { streams: is_on("POLYFN_RESPONSE_STREAM"), kafka_partial: is_on("POLYFN_KAFKA_PARTIAL") },
        })
    }
}
