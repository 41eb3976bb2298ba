use std::{
    future::{Future, poll_fn},
    io::ErrorKind,
    net::{Ipv4Addr, SocketAddr},
    pin::pin,
    process::ExitStatus,
    sync::{Arc, Mutex, PoisonError},
    task::Poll,
    time::Duration,
};

use bytes::Bytes;
use http::{Request, Response};
use tokio::{
    net::TcpListener,
    time::{Instant, sleep, sleep_until},
};

use super::{Child, ProcessError, Program, send};

/// A program that serves HTTP on a port of this machine.
#[derive(Debug)]
pub(super) struct Serving {
    child: Child,
    address: SocketAddr,
    last_line: Arc<Mutex<String>>,
}

impl Serving {
    /// Starts it, told by its environment to listen on this port, or on one that is free.
    pub(super) async fn start(
        program: &Program,
        port: Option<u16>,
        env: impl FnOnce(u16) -> Vec<(String, String)>,
    ) -> Result<Self, ProcessError> {
        let address = address(port).await?;
        let last_line = Arc::new(Mutex::new(String::new()));
        let (lines, last) = (Arc::clone(&program.lines), Arc::clone(&last_line));
        let mut program = program.clone();
        program.env.extend(env(address.port()));
        program.lines = Arc::new(move |line| {
            if !line.trim().is_empty() {
                line.trim().clone_into(&mut last.lock().unwrap_or_else(PoisonError::into_inner));
            }
            lines(line);
        });
        Ok(Self { child: Child::start(&program)?, address, last_line })
    }

    /// Asks until somebody listens on its port, each time after `pause`.
    #[cfg(any(feature = "container", feature = "gcp"))]
    pub(super) async fn listens(&self, pause: Duration, limit: Duration) -> Result<(), ProcessError> {
        let end = Instant::now() + limit;
        let asked = async {
            while tokio::net::TcpStream::connect(self.address).await.is_err() {
                sleep(pause).await;
            }
        };
        match either(self.child.ended(), tokio::time::timeout_at(end, asked)).await {
            Either::First(error) => Err(self.told(error)),
            Either::Second(Ok(())) => Ok(()),
            Either::Second(Err(_)) => Err(ProcessError::TimedOut(format!(
                "the program does not listen on {} after {limit:?}; does it read PORT?",
                self.address
            ))),
        }
    }

    /// Sends a request, and waits for the reply until `limit`; `None` if there is none by then.
    pub(super) async fn send(&self, request: Request<Bytes>, limit: Duration) -> Result<Option<Response<Bytes>>, ProcessError> {
        let end = Instant::now() + limit;
        match either(send(self.address, request), either(self.child.ended(), sleep_until(end))).await {
            Either::First(Ok(reply)) => Ok(Some(reply)),
            // The connection of a program that ends breaks off first.
            Either::First(Err(broken)) => match either(self.child.ended(), sleep(AFTERWARDS)).await {
                Either::First(error) => Err(self.told(error)),
                Either::Second(()) => Err(broken),
            },
            Either::Second(Either::First(error)) => Err(self.told(error)),
            Either::Second(Either::Second(())) => Ok(None),
        }
    }

    /// Where it listens.
    #[cfg(feature = "azure")]
    pub(super) fn address(&self) -> SocketAddr {
        self.address
    }

    /// How it ended, if it has.
    pub(super) fn status(&self) -> Option<ExitStatus> {
        self.child.status()
    }

    /// Why it gives no replies any more, once it has ended.
    #[cfg(feature = "azure")]
    pub(super) async fn ended(&self) -> ProcessError {
        self.told(self.child.ended().await)
    }

    /// The end of the program, with the last line that it wrote: most programs say there why.
    fn told(&self, error: ProcessError) -> ProcessError {
        let last = self.last_line.lock().unwrap_or_else(PoisonError::into_inner);
        match error {
            ProcessError::Exited(text) if !last.is_empty() => ProcessError::Exited(format!("{text}; its last line: {last}")),
            error => error,
        }
    }

    /// Kills it.
    pub(super) async fn kill(&self) {
        self.child.kill().await;
    }

    /// Asks it to end by SIGTERM, and kills it if it has not by then.
    #[cfg(any(feature = "container", feature = "gcp"))]
    pub(super) async fn stop(&self, grace: Duration) {
        if let Some(id) = self.child.id() {
            // The standard library sends no signals.
            let told = tokio::process::Command::new("kill").args(["-TERM", &id.to_string()]).status().await;
            if told.is_ok_and(|status| status.success()) {
                let _ = either(self.child.ended(), sleep(grace)).await;
            }
        }
        self.kill().await;
    }
}

/// How long after a broken connection the end of its program is told.
const AFTERWARDS: Duration = Duration::from_millis(200);

/// An address for a program to listen on; between this and its start somebody else may take it.
async fn address(port: Option<u16>) -> Result<SocketAddr, ProcessError> {
    let refused = |error: std::io::Error| {
        ProcessError::Exited(match (error.kind(), port) {
            (ErrorKind::AddrInUse, Some(port)) => {
                format!("port {port} is taken; choose another, or end the program that listens there")
            }
            _ => format!("no port to be had: {error}"),
        })
    };
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port.unwrap_or(0))).await.map_err(refused)?;
    listener.local_addr().map_err(refused)
}

/// Which of two was done first.
pub(super) enum Either<A, B> {
    First(A),
    Second(B),
}

/// Waits for one of two; the other is dropped unfinished.
pub(super) async fn either<A: Future, B: Future>(a: A, b: B) -> Either<A::Output, B::Output> {
    let (mut a, mut b) = (pin!(a), pin!(b));
    poll_fn(|cx| match a.as_mut().poll(cx) {
        Poll::Ready(output) => Poll::Ready(Either::First(output)),
        Poll::Pending => b.as_mut().poll(cx).map(Either::Second),
    })
    .await
}
