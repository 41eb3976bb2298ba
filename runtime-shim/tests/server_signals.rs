//! What SIGTERM does to a process that serves.
#![cfg(all(feature = "server", unix))]
#![expect(clippy::unwrap_used, reason = "clippy.toml exempts test functions only, not what they share")]

mod child;

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::TcpStream,
    process::Child,
    time::Duration,
};

use http::Response;
use polyfn_shim::{
    Body,
    server::{Limits, Stop, serve},
};

#[tokio::test]
#[ignore = "needs the test beside it, which starts it as a process of its own"]
async fn child() {
    if !child::is_here() {
        return;
    }
    let stop = Stop::on_signals().unwrap();
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    println!("serves {}", listener.local_addr().unwrap());
    let answer = |_| async {
        tokio::time::sleep(Duration::from_millis(1500)).await;
        Response::new(Body::from("answered"))
    };
    serve(vec![listener], answer, Limits::default(), stop).await.unwrap();
}

/// A process that has a request in flight.
fn busy() -> (Child, TcpStream) {
    let mut child = child::start();
    let mut out = BufReader::new(child.stdout.take().unwrap());
    let mut line = String::new();
    while !line.contains("serves ") {
        line.clear();
        assert_ne!(out.read_line(&mut line).unwrap(), 0, "it ended before it served");
    }
    // It writes a last line at its end, which fails once nobody holds the other end.
    child.stdout = Some(out.into_inner());
    let mut stream = TcpStream::connect(line.trim().rsplit(' ').next().unwrap()).unwrap();
    stream.write_all(b"GET / HTTP/1.1\r\nhost: a\r\n\r\n").unwrap();
    std::thread::sleep(Duration::from_millis(300));
    (child, stream)
}

fn terminate(child: &Child) {
    child::terminate(child);
    std::thread::sleep(Duration::from_millis(300));
}

#[test]
fn the_first_signal_lets_it_finish() {
    let (mut child, mut stream) = busy();
    terminate(&child);
    let mut text = String::new();
    stream.read_to_string(&mut text).unwrap();
    assert!(text.ends_with("answered"), "{text}");
    assert_eq!(child.wait().unwrap().code(), Some(0));
}

#[test]
fn the_second_signal_ends_it_at_once() {
    let (mut child, mut stream) = busy();
    terminate(&child);
    terminate(&child);
    assert_eq!(child.wait().unwrap().code(), Some(143));
    let mut text = String::new();
    let _ = stream.read_to_string(&mut text);
    assert_eq!(text, "");
}
