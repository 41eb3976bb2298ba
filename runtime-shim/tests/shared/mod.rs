//! What the tests of hosts that are delivered to over HTTP share: functions that do as they are told, and a host to ask.

use std::{net::SocketAddr, sync::Arc};

use polyfn_shim::{
    Failure, Outcome, Provider, Reply, ServeError, container,
    event::Kind,
    function::{Binding, Description, Filter, Function, Functions, Table},
    gcp,
    server::Stop,
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    sync::Notify,
    task::JoinHandle,
};

/// A function that does what stands in its event's data.
pub(crate) fn obedient(name: &'static str, kind: Kind, resource: &'static str) -> Function {
    let binding = Binding::Resource { kind, name: resource, filter: Filter::default() };
    Function::new(Description::new(name, binding), |event, _| async move {
        let data = String::from_utf8_lossy(event.data().map_or(b"", |data| data)).into_owned();
        let told = |word| data.contains(word);
        match () {
            () if told("fail") => Outcome::Retry(Failure::new("Error", "secret")),
            () if told("drop") => Outcome::Drop(Failure::new("Error", "as told")),
            () if told("panic") => Outcome::from_panic(&"as told"),
            () if told("fine") => Outcome::Retry(Failure::new("Error", "no").with_status(http::StatusCode::OK)),
            () => Outcome::Done(Reply::Empty),
        }
    })
}

/// A host with a port of its own.
pub(crate) struct Host {
    address: SocketAddr,
    stop: Arc<Notify>,
    served: JoinHandle<Result<(), ServeError>>,
}

impl Host {
    /// Serves these functions as that provider does.
    pub(crate) async fn start(provider: Provider, functions: Vec<Function>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let table = Arc::new(Table::new(Functions::new(functions), None, true).unwrap());
        let stop = Arc::new(Notify::new());
        let stopped = Arc::clone(&stop);
        let when = Stop::when(async move { stopped.notified().await });
        let served = tokio::spawn(async move {
            if provider == Provider::Gcp {
                gcp::serve_on(vec![listener], table, gcp::Settings::default(), when).await
            } else {
                container::serve_on(vec![listener], table, container::Settings::default(), when).await
            }
        });
        Self { address, stop, served }
    }

    /// Sends a raw request on a connection of its own; the whole answer comes back.
    pub(crate) fn send(&self, request: String) -> JoinHandle<String> {
        let address = self.address;
        tokio::spawn(async move {
            let mut stream = TcpStream::connect(address).await.unwrap();
            stream.write_all(request.as_bytes()).await.unwrap();
            let mut answer = String::new();
            stream.read_to_string(&mut answer).await.unwrap();
            answer
        })
    }

    /// Tells it to stop; it ends when all that has begun is answered.
    pub(crate) fn stop(self) -> JoinHandle<Result<(), ServeError>> {
        self.stop.notify_one();
        self.served
    }
}

/// The status of the answer to a raw request, and the whole answer in lower case.
pub(crate) async fn ask(provider: Provider, functions: Vec<Function>, request: &str) -> (u16, String) {
    let host = Host::start(provider, functions).await;
    let answer = host.send(request.to_owned()).await.unwrap();
    host.stop().await.unwrap().unwrap();
    (answer.split(' ').nth(1).unwrap().parse().unwrap(), answer.to_lowercase())
}

/// A request as it goes over the wire, on a connection of its own.
pub(crate) fn request(line: &str, headers: &[(&str, &str)], body: &str) -> String {
    let headers: String = headers.iter().map(|(name, value)| format!("{name}: {value}\r\n")).collect();
    format!("{line} HTTP/1.1\r\nhost: h\r\nconnection: close\r\n{headers}content-length: {}\r\n\r\n{body}", body.len())
}
