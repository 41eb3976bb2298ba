//! Lambda's Runtime API on this machine: what a program of its own asks for invocations and gives its replies to.
//!
//! Source: [Lambda Runtime API](https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html); where that is silent, what
//! AWS's own emulator answers.

mod answer;
mod extensions;
mod rejected;
mod server;
mod state;

use std::{
    net::{Ipv4Addr, SocketAddr},
    path::Path,
    sync::Arc,
    time::Duration,
};

use bytes::Bytes;
use http::{Request, Response};
use tokio::{net::TcpListener, task::JoinHandle, time::timeout};

pub(super) use self::extensions::Told;
use self::state::State;
use super::{Configuration, invoke::Invoke, invoked};
use crate::local::{Delivering, Process, ProcessError};

/// How long a program may take until it asks for an invocation: Lambda's limit of the init phase.
const INIT: Duration = Duration::from_secs(10);

/// The Runtime API of one environment, on a port of this machine.
///
/// Whoever asks it for the next invocation is the runtime; it is not started and not killed from here, as
/// [`Lambda`](super::Lambda) does. What is delivered waits until it is asked for, at most 10 seconds.
///
/// ```
/// use bytes::Bytes;
/// use polyfn_shim::local::{Process, aws::{Configuration, RuntimeApi}, send};
///
/// # tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
/// let api = std::sync::Arc::new(RuntimeApi::start(Configuration::default()).await.unwrap());
/// let invoker = std::sync::Arc::clone(&api);
/// let reply = tokio::spawn(async move { invoker.deliver(http::Request::new(Bytes::from_static(b"1"))).await });
///
/// // What a runtime does.
/// let next = http::Request::get("/2018-06-01/runtime/invocation/next").body(Bytes::new()).unwrap();
/// let next = send(api.address(), next).await.unwrap();
/// let id = next.headers()["lambda-runtime-aws-request-id"].to_str().unwrap();
/// let answer = http::Request::post(format!("/2018-06-01/runtime/invocation/{id}/response")).body(Bytes::from_static(b"2"));
/// assert_eq!(send(api.address(), answer.unwrap()).await.unwrap().status(), 202);
///
/// assert_eq!(reply.await.unwrap().unwrap().body(), "2");
/// # });
/// ```
pub struct RuntimeApi {
    state: Arc<State>,
    address: SocketAddr,
    accepting: JoinHandle<()>,
}

/// What became of an invocation.
pub(super) enum Invoked {
    /// It was answered.
    Answered(Response<Bytes>),
    /// It failed in a way that ends its environment, and this is told to its caller: it took too long, or the program could
    /// not start.
    Over(Response<Bytes>, &'static str),
    /// Nobody asked for it.
    NotAsked,
}

impl RuntimeApi {
    /// Starts one, on a free port of 127.0.0.1.
    ///
    /// # Errors
    /// No port is free.
    ///
    /// # Panics
    /// Outside of a tokio runtime with I/O and time.
    pub async fn start(configuration: Configuration) -> Result<Self, ProcessError> {
        let failed = |error| ProcessError::Broken(format!("no port for Lambda's Runtime API: {error}"));
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.map_err(failed)?;
        let address = listener.local_addr().map_err(failed)?;
        let state = Arc::new(State::new(configuration));
        let accepting = tokio::spawn(server::accept(listener, Arc::clone(&state)));
        Ok(Self { state, address, accepting })
    }

    /// Where it listens: the value of `AWS_LAMBDA_RUNTIME_API`.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// All that Lambda sets in the environment of this program.
    pub fn env(&self, program: &Path) -> Vec<(String, String)> {
        self.state.configuration.env(&self.address.to_string(), program)
    }

    /// Hands an invocation out, and waits for the answer for as long as the function may take.
    pub(super) async fn invoke(&self, invoke: Invoke) -> Invoked {
        let (id, limit) = (invoke.id.clone(), self.state.configuration.timeout);
        let mut ticket = self.state.put(invoke);
        match timeout(INIT, &mut ticket.taken).await {
            Ok(Ok(())) => {}
            // It was answered instead of handed out: the program could not start.
            Ok(Err(_)) => {
                return match ticket.reply.await {
                    Ok(reply) => Invoked::Over(reply, "failure"),
                    Err(_) => Invoked::NotAsked,
                };
            }
            Err(_) => {
                self.state.give_up(&id);
                return Invoked::NotAsked;
            }
        }
        match timeout(limit, ticket.reply).await {
            Ok(Ok(reply)) => Invoked::Answered(reply),
            Ok(Err(_)) => Invoked::Answered(invoked::truncated(&id)),
            Err(_) => {
                self.state.give_up(&id);
                Invoked::Over(invoked::timed_out(&id, limit), "timeout")
            }
        }
    }

    /// Who is to be told of the end.
    pub(super) fn told(&self) -> Told {
        self.state.extensions(|extensions| extensions.told())
    }

    /// Tells the extensions that asked for it of the end, and waits until all know, at most so long. Lambda's reasons are
    /// `spindown`, `timeout` and `failure`.
    pub async fn ends(&self, reason: &str, within: Duration) {
        self.state.extensions(|extensions| extensions.ends(reason, within));
        let _ = timeout(within, self.state.until(|extensions| extensions.know_all().then_some(()))).await;
    }
}

impl Process for RuntimeApi {
    fn deliver(&self, delivery: Request<Bytes>) -> Delivering<'_> {
        Box::pin(async {
            let invoke = match Invoke::read(delivery, &self.state.configuration) {
                Ok(invoke) => invoke,
                Err(refused) => return Ok(*refused),
            };
            match self.invoke(invoke).await {
                Invoked::Answered(reply) | Invoked::Over(reply, _) => Ok(reply),
                Invoked::NotAsked => Err(ProcessError::TimedOut(not_asked("nobody"))),
            }
        })
    }
}

/// What to say if a program does not take part in it.
pub(super) fn not_asked(who: &str) -> String {
    format!("{who} asked for an invocation within {} s; is the program a function for Lambda?", INIT.as_secs())
}

impl Drop for RuntimeApi {
    fn drop(&mut self) {
        self.accepting.abort();
    }
}

impl std::fmt::Debug for RuntimeApi {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("RuntimeApi").field("address", &self.address).finish_non_exhaustive()
    }
}
