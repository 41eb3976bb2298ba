//! A Runtime API on a socket, which answers as a test tells it to and remembers what it was sent.
//!
//! It writes bytes that no server would, and hangs up in the middle: the local shim's own Runtime API never does either.

use std::{
    cell::RefCell,
    collections::VecDeque,
    future::{Future, poll_fn},
    pin::pin,
    rc::Rc,
    task::Poll,
    time::Duration,
};

use polyfn_shim::{Provider, ServeError, aws, function::Functions, host::Host};
use tokio::{
    io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader},
    net::{TcpListener, TcpStream},
    sync::Notify,
    task::LocalSet,
};

/// One request that came, in the order of arrival.
#[derive(Clone, Debug, Default)]
pub(crate) struct Seen {
    pub(crate) connection: usize,
    pub(crate) line: String,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
    pub(crate) trailers: Vec<(String, String)>,
}

impl Seen {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        find(&self.headers, name)
    }

    pub(crate) fn trailer(&self, name: &str) -> Option<&str> {
        find(&self.trailers, name)
    }

    pub(crate) fn text(&self) -> &str {
        std::str::from_utf8(&self.body).unwrap()
    }
}

fn find<'a>(pairs: &'a [(String, String)], name: &str) -> Option<&'a str> {
    pairs.iter().find(|(have, _)| have.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
}

/// What the API does with one `/next`.
pub(crate) enum Next {
    /// Answers with these bytes.
    Raw(Vec<u8>),
    /// Closes the connection.
    Close,
}

/// A delivery of this id, with these further header lines.
pub(crate) fn delivery(id: &str, headers: &str, body: &str) -> Next {
    raw_delivery(id, headers.as_bytes(), body.as_bytes())
}

pub(crate) fn raw_delivery(id: &str, headers: &[u8], body: &[u8]) -> Next {
    let mut bytes = format!("HTTP/1.1 200 OK\r\nLambda-Runtime-Aws-Request-Id: {id}\r\n").into_bytes();
    bytes.extend_from_slice(headers);
    bytes.extend_from_slice(format!("Content-Length: {}\r\n\r\n", body.len()).as_bytes());
    bytes.extend_from_slice(body);
    Next::Raw(bytes)
}

/// The answer to any other request than `/next`, by its request line.
pub(crate) type Respond = fn(&str) -> &'static str;

pub(crate) const ACCEPTED: &str = "HTTP/1.1 202 Accepted\r\nContent-Length: 15\r\n\r\n{\"status\":\"OK\"}";

pub(crate) struct Api {
    script: RefCell<VecDeque<Next>>,
    respond: Respond,
    seen: RefCell<Vec<Seen>>,
    connections: RefCell<usize>,
    changed: Notify,
    /// Where the API is, under which base path.
    base: &'static str,
}

impl Api {
    pub(crate) fn new(script: Vec<Next>) -> Self {
        Self::responding(script, |_| ACCEPTED)
    }

    pub(crate) fn responding(script: Vec<Next>, respond: Respond) -> Self {
        Self {
            script: RefCell::new(script.into()),
            respond,
            seen: RefCell::default(),
            connections: RefCell::default(),
            changed: Notify::new(),
            base: "",
        }
    }

    pub(crate) fn at(mut self, base: &'static str) -> Self {
        self.base = base;
        self
    }

    /// Serves these functions until `count` requests other than `/next` came, or serving ends.
    pub(crate) fn run(
        self,
        functions: Functions,
        env: &[(&str, &str)],
        count: usize,
    ) -> (Vec<Seen>, Option<Result<(), ServeError>>) {
        let api = Rc::new(self);
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let tasks = LocalSet::new();
        let ended = tasks.block_on(&runtime, async {
            let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
            let address = format!("{}{}", listener.local_addr().unwrap(), api.base);
            tokio::task::spawn_local(Rc::clone(&api).accept(listener));
            let env = |name: &str| match name {
                "AWS_LAMBDA_RUNTIME_API" => Some(address.clone()),
                _ => env.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned()),
            };
            let host = Host::detect(&env, &[Provider::Aws]).unwrap();
            let mut serving = pin!(aws::serve(functions, &host, &env));
            let mut enough = pin!(api.enough(count));
            let race = poll_fn(|cx| match serving.as_mut().poll(cx) {
                Poll::Ready(result) => Poll::Ready(Some(result)),
                Poll::Pending => enough.as_mut().poll(cx).map(|()| None),
            });
            tokio::time::timeout(Duration::from_secs(20), race).await.expect("the loop stopped or hangs")
        });
        drop(tasks);
        (api.seen.take(), ended)
    }

    async fn enough(&self, count: usize) {
        loop {
            let changed = self.changed.notified();
            if self.posts() >= count {
                return;
            }
            changed.await;
        }
    }

    fn posts(&self) -> usize {
        self.seen.borrow().iter().filter(|seen| !seen.line.contains("/next ")).count()
    }

    async fn accept(self: Rc<Self>, listener: TcpListener) {
        loop {
            let (stream, _) = listener.accept().await.unwrap();
            let connection = {
                let mut connections = self.connections.borrow_mut();
                *connections += 1;
                *connections
            };
            tokio::task::spawn_local(Rc::clone(&self).connection(stream, connection));
        }
    }

    async fn connection(self: Rc<Self>, stream: TcpStream, connection: usize) {
        let mut stream = BufReader::new(stream);
        while let Some(mut seen) = request(&mut stream).await {
            seen.connection = connection;
            let line = seen.line.clone();
            let answer = if line.contains("/runtime/invocation/next ") {
                self.script.borrow_mut().pop_front()
            } else if line.contains("/extension/event/next ") {
                None
            } else {
                Some(Next::Raw((self.respond)(&line).as_bytes().to_vec()))
            };
            self.seen.borrow_mut().push(seen);
            self.changed.notify_waiters();
            match answer {
                Some(Next::Raw(bytes)) => stream.write_all(&bytes).await.unwrap(),
                Some(Next::Close) => return,
                // Nothing more to deliver: `/next` waits, as Lambda's does.
                None => std::future::pending().await,
            }
        }
    }
}

async fn request(stream: &mut BufReader<TcpStream>) -> Option<Seen> {
    let mut seen = Seen { line: line(stream).await?, ..Seen::default() };
    seen.headers = fields(stream).await?;
    if seen.header("transfer-encoding") == Some("chunked") {
        loop {
            let size = usize::from_str_radix(line(stream).await?.trim(), 16).unwrap();
            if size == 0 {
                break;
            }
            let mut chunk = vec![0; size + 2];
            stream.read_exact(&mut chunk).await.ok()?;
            seen.body.extend_from_slice(&chunk[..size]);
        }
        seen.trailers = fields(stream).await?;
    } else {
        let length = seen.header("content-length").map_or(0, |length| length.parse().unwrap());
        seen.body = vec![0; length];
        stream.read_exact(&mut seen.body).await.ok()?;
    }
    Some(seen)
}

async fn fields(stream: &mut BufReader<TcpStream>) -> Option<Vec<(String, String)>> {
    let mut fields = Vec::new();
    loop {
        let line = line(stream).await?;
        if line.is_empty() {
            return Some(fields);
        }
        let (name, value) = line.split_once(':').unwrap();
        fields.push((name.to_owned(), value.trim().to_owned()));
    }
}

async fn line(stream: &mut BufReader<TcpStream>) -> Option<String> {
    let mut line = String::new();
    (stream.read_line(&mut line).await.ok()? > 0).then(|| line.trim_end().to_owned())
}
