//! The Google Cloud host over real sockets.
#![cfg(feature = "gcp")]
#![expect(clippy::unwrap_used, clippy::panic, reason = "clippy.toml exempts test functions only, not what they share")]

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use http::Response;
use polyfn_shim::{
    Body, Failure, Outcome, Reply, ServeError,
    function::{Binding, Description, Function, Functions, Table},
    gcp::{Settings, serve_on},
    server::{Limits, Stop},
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    sync::oneshot,
    task::JoinHandle,
};

fn functions(called: Arc<AtomicUsize>) -> Functions {
    let any = Binding::Http { methods: &[], path: None };
    let description = Description::new("f", any);
    Functions::new(vec![Function::new(description, move |event, invocation| {
        called.fetch_add(1, Ordering::SeqCst);
        async move {
            let http = event.http().unwrap();
            match http.path.as_str() {
                "/fail" => return Outcome::Retry(Failure::new("Oops", "secret")),
                "/panic" => panic!("boom"),
                "/slow" => tokio::time::sleep(Duration::from_millis(400)).await,
                _ => {}
            }
            let text = format!(
                "{} {} {:?} id={} trace={} deadline={}",
                http.path,
                event.data().map_or(0, |data| data.len()),
                http.client_ip,
                invocation.id(),
                invocation.trace().unwrap_or_default(),
                invocation.deadline().is_some(),
            );
            Outcome::Done(Reply::Http(Response::new(Body::from(text))))
        }
    })])
}

struct Host {
    address: std::net::SocketAddr,
    stop: oneshot::Sender<()>,
    end: JoinHandle<Result<(), ServeError>>,
    called: Arc<AtomicUsize>,
}

async fn start() -> Host {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let called = Arc::new(AtomicUsize::new(0));
    let table = Arc::new(Table::new(functions(Arc::clone(&called)), Some("f"), true).unwrap());
    let (stop, stopped) = oneshot::channel();
    let limits = Limits { body: 100, ..Limits::default() };
    let settings = Settings { timeout: Some(Duration::from_secs(300)), signature: None, limits };
    let stop_at = Stop::when(async move { drop(stopped.await) });
    let end = tokio::spawn(serve_on(vec![listener], table, settings, stop_at));
    Host { address, stop, end, called }
}

async fn send(address: std::net::SocketAddr, request: &str) -> String {
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(request.replace('\n', "\r\n").as_bytes()).await.unwrap();
    let mut bytes = Vec::new();
    stream.read_to_end(&mut bytes).await.unwrap();
    String::from_utf8(bytes).unwrap()
}

#[tokio::test]
async fn what_browsers_ask_unasked_reaches_no_function() {
    let host = start().await;
    for line in ["GET /favicon.ico", "GET /robots.txt?x", "HEAD /favicon.ico", "POST /robots.txt"] {
        let text = send(host.address, &format!("{line} HTTP/1.1\nhost: a\nconnection: close\n\n")).await;
        assert!(text.starts_with("HTTP/1.1 404 "), "{line}: {text}");
    }
    assert_eq!(host.called.load(Ordering::SeqCst), 0);
    let text = send(host.address, "GET /a/favicon.ico HTTP/1.1\nhost: a\nconnection: close\n\n").await;
    assert!(text.contains("\r\n\r\n/a/favicon.ico 0 None id="), "{text}");
}

#[tokio::test]
async fn a_body_without_a_length_is_accepted_and_one_too_long_refused() {
    let host = start().await;
    let chunked = "POST / HTTP/1.1\nhost: a\nconnection: close\ntransfer-encoding: chunked\n\n";
    let fits = send(host.address, &format!("{chunked}3\nabc\n2\nde\n0\n\n")).await;
    assert!(fits.contains("\r\n\r\n/ 5 "), "{fits}");
    let long = send(host.address, &format!("{chunked}65\n{}\n", "x".repeat(101))).await;
    assert!(long.starts_with("HTTP/1.1 413 "), "{long}");
    assert_eq!(host.called.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn the_front_ends_headers_reach_the_function() {
    let host = start().await;
    let text = send(
        host.address,
        "GET //a/../b%2Fc HTTP/1.1\nhost: a\nconnection: close\nx-forwarded-for: 6.6.6.6, 1.1.1.1\nfunction-execution-id: run7\n\
         x-cloud-trace-context: 105445aa7843bc8bf206b12000100000/18446744073709551615;o=1\n\n",
    )
    .await;
    let expected =
        "//a/../b%2Fc 0 Some(1.1.1.1) id=run7 trace=00-105445aa7843bc8bf206b12000100000-ffffffffffffffff-01 deadline=true";
    assert!(text.ends_with(expected), "{text}");
}

#[tokio::test]
async fn failures_are_told_to_the_front_end_and_not_to_the_caller() {
    let host = start().await;
    for (path, status) in [("/fail", "error"), ("/panic", "crash"), ("/fail", "error")] {
        let text = send(host.address, &format!("GET {path} HTTP/1.1\nhost: a\nconnection: close\n\n")).await;
        assert!(text.starts_with("HTTP/1.1 500 "), "{text}");
        assert!(text.contains(&format!("x-google-status: {status}\r\n")), "{text}");
        assert!(!text.contains("secret") && !text.contains("boom"), "{text}");
    }
}

#[tokio::test]
async fn what_is_in_flight_at_sigterm_is_answered() {
    let host = start().await;
    let began = Instant::now();
    let address = host.address;
    let asking = tokio::spawn(async move { send(address, "GET /slow HTTP/1.1\nhost: a\n\n").await });
    tokio::time::sleep(Duration::from_millis(100)).await;
    host.stop.send(()).unwrap();
    host.end.await.unwrap().unwrap();
    assert!(asking.await.unwrap().contains("/slow 0"));
    assert!(began.elapsed() < Duration::from_secs(3));
}

#[test]
fn settings_come_from_the_environment() {
    for (value, timeout) in [("", Some(None)), ("300", Some(Some(300))), ("5m", None)] {
        let found = Settings::from_env(&|name| (name == "CLOUD_RUN_TIMEOUT_SECONDS").then(|| value.to_owned()));
        assert_eq!(found.ok().map(|settings| settings.timeout.map(|timeout| timeout.as_secs())), timeout, "{value:?}");
    }
}
