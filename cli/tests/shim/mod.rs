//! A stand-in for the local shim of a running program, and the command that talks to it.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "what a test needs and does not find fails the test")]
#![allow(dead_code, reason = "each test file uses a part")]

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::{TcpListener, TcpStream},
    process::{Command, Output, Stdio},
    sync::{Arc, Mutex},
    thread,
};

use serde_json::Value;

/// Runs `cargo polyfn` with these arguments, against the shim at this address.
pub(crate) fn polyfn(address: &str, args: &[&str]) -> Ran {
    polyfn_with(address, args, b"")
}

/// The same with something on standard input.
pub(crate) fn polyfn_with(address: &str, args: &[&str], input: &[u8]) -> Ran {
    let mut child = Command::new(env!("CARGO_BIN_EXE_cargo-polyfn"))
        .arg("polyfn")
        .args(args)
        .env("POLYFN_ADDRESS", address)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // A command that refuses its arguments does not read.
    let _ = child.stdin.take().unwrap().write_all(input);
    Ran::from(&child.wait_with_output().unwrap())
}

/// What a command wrote, and how it ended.
#[derive(Debug)]
pub(crate) struct Ran {
    pub(crate) code: Option<i32>,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl From<&Output> for Ran {
    fn from(output: &Output) -> Self {
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        Self { code: output.status.code(), out: text(&output.stdout), err: text(&output.stderr) }
    }
}

/// One request as it came.
#[derive(Clone, Debug)]
pub(crate) struct Request {
    /// `POST /_polyfn/api/send`
    pub(crate) line: String,
    pub(crate) headers: Vec<String>,
    pub(crate) body: Value,
    /// The body as it came.
    pub(crate) text: String,
}

/// What answers in the shim's place: as the test says.
pub(crate) struct StandIn {
    pub(crate) address: String,
    requests: Arc<Mutex<Vec<Request>>>,
}

impl StandIn {
    /// Answers each request with a status and JSON; text is sent as it is.
    pub(crate) fn start(answer: impl Fn(&str, &Value) -> (u16, Value) + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let requests = Arc::new(Mutex::new(Vec::new()));
        let seen = Arc::clone(&requests);
        thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                // Who only looks whether somebody listens asks nothing.
                let Some(request) = read(&stream) else { continue };
                let (status, body) = answer(&request.line, &request.body);
                seen.lock().unwrap().push(request);
                let body = body.as_str().map_or_else(|| body.to_string(), str::to_owned);
                let kind = if status < 400 { "application/json" } else { "application/problem+json" };
                let head = format!("HTTP/1.1 {status} X\r\ncontent-type: {kind}\r\ncontent-length: {}\r\n\r\n", body.len());
                let _ = (&stream).write_all(format!("{head}{body}").as_bytes());
            }
        });
        Self { address, requests }
    }

    /// All that has come so far, in order.
    pub(crate) fn requests(&self) -> Vec<Request> {
        self.requests.lock().unwrap().clone()
    }

    /// The one request that has come.
    pub(crate) fn request(&self) -> Request {
        let requests = self.requests();
        assert_eq!(requests.len(), 1, "{requests:?}");
        requests[0].clone()
    }
}

fn read(stream: &TcpStream) -> Option<Request> {
    let mut stream = BufReader::new(stream);
    let mut lines = Vec::new();
    loop {
        let mut line = String::new();
        if stream.read_line(&mut line).ok()? == 0 {
            return None;
        }
        let line = line.trim_end().to_owned();
        if line.is_empty() {
            break;
        }
        lines.push(line);
    }
    let line = lines.remove(0).trim_end_matches(" HTTP/1.1").to_owned();
    let headers: Vec<_> = lines.into_iter().map(|line| line.to_lowercase()).collect();
    let length = headers.iter().find_map(|line| line.strip_prefix("content-length:")?.trim().parse().ok()).unwrap_or(0);
    let mut body = vec![0; length];
    stream.read_exact(&mut body).ok()?;
    let text = String::from_utf8_lossy(&body).into_owned();
    Some(Request { line, headers, body: serde_json::from_str(&text).unwrap_or_default(), text })
}
