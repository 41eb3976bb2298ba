use std::{future::Future, io, net::SocketAddr, pin::pin, sync::Arc, time::Duration};

use bytes::Bytes;
use http::{Response, request::Parts};
use tokio::{
    net::{TcpListener, TcpStream},
    sync::Semaphore,
    time::{sleep, timeout},
};

use super::{Limits, Stop, connection};
use crate::{Body, ServeError, host::Env};

/// A request with its whole body.
#[derive(Debug)]
pub struct Request {
    /// The head.
    pub parts: Parts,
    /// The body; empty if there is none.
    pub body: Bytes,
    /// Who is at the other end of the connection.
    pub peer: SocketAddr,
}

/// A server that listens.
#[derive(Debug)]
pub struct Server {
    listeners: Vec<TcpListener>,
    limits: Limits,
}

impl Server {
    /// Listens on these addresses.
    ///
    /// # Errors
    /// If one is taken or forbidden; the message names it.
    pub async fn bind(addresses: &[SocketAddr], limits: Limits) -> Result<Self, ServeError> {
        let mut listeners = Vec::with_capacity(addresses.len());
        for address in addresses {
            let listener = TcpListener::bind(address).await;
            listeners.push(listener.map_err(|error| ServeError::because(format!("cannot listen on {address}"), error))?);
        }
        Ok(Self { listeners, limits })
    }

    /// Listens on `0.0.0.0` and, where the machine has it, on `[::]`.
    ///
    /// # Errors
    /// If the port is taken or forbidden; the message names it.
    pub async fn everywhere(port: u16, limits: Limits) -> Result<Self, ServeError> {
        let mut server = Self::bind(&[([0, 0, 0, 0], port).into()], limits).await?;
        // The same port again, for IPv6 alone; a machine without IPv6, or with one socket for both, has refused it.
        if let Ok(listener) = TcpListener::bind(SocketAddr::from(([0_u16; 8], port))).await {
            server.listeners.push(listener);
        }
        Ok(server)
    }

    /// The address it listens on; the first if there are several.
    pub fn address(&self) -> Option<SocketAddr> {
        self.listeners.first().and_then(|listener| listener.local_addr().ok())
    }

    /// Serves until it is stopped; then it accepts no more, finishes what is in flight within the grace, and returns.
    pub async fn serve<F, R>(self, answer: F, mut stop: Stop)
    where
        F: Fn(Request) -> R + Clone + Send + Sync + 'static,
        R: Future<Output = Response<Body>> + Send + 'static,
    {
        let limits = self.limits;
        let connections = Arc::new(Semaphore::new(limits.connections));
        let work = connection::Work::new();
        for listener in self.listeners {
            let (answer, stop, work, connections) = (answer.clone(), stop.clone(), work.clone(), Arc::clone(&connections));
            tokio::spawn(async move {
                let accepting = pin!(accept(&listener, limits, &connections, &work, &answer, &stop));
                // Nothing is lost when it is dropped: a connection that was not handed on was not yet accepted.
                stop.clone().or(accepting).await;
            });
        }
        stop.wait().await;
        if timeout(limits.grace, work.finished()).await.is_err() {
            tracing::warn!("requests were still in flight after {:?}; they are cut off", limits.grace);
        }
    }
}

/// The port that `PORT` says, else 8080.
///
/// # Errors
/// If it is no port.
pub fn port(env: Env<'_>) -> Result<u16, ServeError> {
    match env("PORT").filter(|port| !port.is_empty()) {
        None => Ok(8080),
        Some(port) => port.parse().map_err(|_| ServeError::new(format!("PORT: `{port}` is no port"))),
    }
}

async fn accept<F, R>(
    listener: &TcpListener,
    limits: Limits,
    slots: &Arc<Semaphore>,
    work: &connection::Work,
    answer: &F,
    stop: &Stop,
) where
    F: Fn(Request) -> R + Clone + Send + Sync + 'static,
    R: Future<Output = Response<Body>> + Send + 'static,
{
    loop {
        let Ok(slot) = Arc::clone(slots).acquire_owned().await else { return };
        let (stream, peer) = next(listener).await;
        let (answer, stop, work) = (answer.clone(), stop.clone(), work.clone());
        tokio::spawn(async move {
            connection::serve(stream, peer, limits, work, answer, stop).await;
            drop(slot);
        });
    }
}

/// The next connection; an error of one is not an error of the server.
async fn next(listener: &TcpListener) -> (TcpStream, SocketAddr) {
    loop {
        match listener.accept().await {
            Ok((stream, peer)) => {
                // Replies are small and complete; waiting to join them with others only costs time.
                let _ = stream.set_nodelay(true);
                return (stream, peer);
            }
            Err(error) if matches!(error.kind(), io::ErrorKind::ConnectionAborted | io::ErrorKind::ConnectionReset) => {}
            Err(error) => {
                // Out of file descriptors or memory: there will be some again.
                tracing::warn!("cannot accept a connection: {error}");
                sleep(Duration::from_millis(100)).await;
            }
        }
    }
}
