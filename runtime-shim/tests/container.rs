//! The container host over real sockets.
#![cfg(feature = "container")]
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "clippy.toml exempts test functions only, not what they share"
)]

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use http::Response;
use polyfn_shim::{
    Body, Failure, Outcome, Reply,
    container::{Settings, serve_on},
    function::{Binding, Description, Function, Functions, Hooks, Table},
    server::Stop,
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    sync::oneshot,
};

fn description(name: &'static str, methods: &'static [&'static str], path: Option<&'static str>) -> Description {
    Description::new(name, Binding::Http { methods, path })
}

fn text(text: String) -> Outcome {
    Outcome::Done(Reply::Http(Response::new(Body::from(text))))
}

fn functions(shut: Arc<AtomicUsize>) -> Functions {
    let direct = Description { binding: Binding::Direct, ..description("double", &[], None) };
    Functions::new(vec![
        Function::new(description("hello", &["GET"], Some("/hello/{name}")), |event, _| async move {
            text(format!("hello {}", event.http().unwrap().params[0].1))
        }),
        Function::new(description("fail", &["GET"], Some("/fail")), |_, _| async {
            Outcome::Retry(Failure::new("Secret", "secret"))
        }),
        Function::new(description("panics", &["GET"], Some("/panics")), |_, _| async { panic!("boom") }),
        Function::blocking(description("sleeps", &["GET"], Some("/sleeps")), |_, _| {
            std::thread::sleep(Duration::from_secs(1));
            text("slept".into())
        }),
        Function::new(description("ready", &["GET"], Some("/readyz")), |_, _| async { text("my own".into()) }),
        Function::new(direct, |event, _| async move {
            Outcome::Done(Reply::Direct(event.native::<i64>().map(|n| (n * 2).to_string()).unwrap_or_default().into()))
        }),
    ])
    .with_hooks(Hooks::default().with_shutdown(move |_| async move { _ = shut.fetch_add(1, Ordering::SeqCst) }))
}

struct Host {
    address: std::net::SocketAddr,
    stop: oneshot::Sender<()>,
    end: tokio::task::JoinHandle<()>,
    shut: Arc<AtomicUsize>,
}

async fn start() -> Host {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let shut = Arc::new(AtomicUsize::new(0));
    let table = Arc::new(Table::new(functions(Arc::clone(&shut)), None, true).unwrap());
    let (stop, stopped) = oneshot::channel();
    let stop_at = Stop::when(async move { drop(stopped.await) });
    let end = tokio::spawn(async move { serve_on(vec![listener], table, Settings::default(), stop_at).await.unwrap() });
    Host { address, stop, end, shut }
}

impl Host {
    async fn ask(&self, line: &str, body: &str) -> String {
        ask(self.address, line, body).await
    }
}

async fn ask(address: std::net::SocketAddr, line: &str, body: &str) -> String {
    let mut stream = TcpStream::connect(address).await.unwrap();
    let request = format!("{line} HTTP/1.1\r\nhost: a\r\nconnection: close\r\ncontent-length: {}\r\n\r\n{body}", body.len());
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut bytes = Vec::new();
    stream.read_to_end(&mut bytes).await.unwrap();
    String::from_utf8(bytes).unwrap()
}

#[tokio::test]
async fn requests_reach_their_functions() {
    let host = start().await;
    for (line, body, status, parts) in [
        ("GET /hello/a%20b", "", "200", &["\r\n\r\nhello a b"][..]),
        ("HEAD /hello/ab", "", "200", &["content-length: 8\r\n"]),
        ("OPTIONS /hello/ab", "", "204", &["allow: GET, HEAD, OPTIONS\r\n"]),
        ("POST /hello/ab", "", "405", &["allow: GET, HEAD, OPTIONS\r\n"]),
        ("GET /nothing", "", "404", &["application/problem+json"]),
        ("GET /fail", "", "500", &["Function.Secret"]),
        ("GET /panics", "", "500", &["Function.Panic"]),
        ("POST /double", "21", "200", &["application/json", "\r\n\r\n42"]),
        ("GET /healthz", "", "200", &["\r\n\r\n"]),
        ("HEAD /livez", "", "200", &[]),
        ("GET /readyz", "", "200", &["my own"]),
        ("POST /healthz", "", "404", &[]),
    ] {
        let text = host.ask(line, body).await;
        assert!(text.starts_with(&format!("HTTP/1.1 {status} ")), "{line}: {text}");
        for part in parts {
            assert!(text.contains(part), "{line} lacks {part:?}: {text}");
        }
        assert!(!text.contains("secret") && !text.contains("boom"), "{text}");
        assert!(!line.starts_with("HEAD") || text.ends_with("\r\n\r\n"), "HEAD with a body: {text}");
    }
    host.stop.send(()).unwrap();
    host.end.await.unwrap();
    assert_eq!(host.shut.load(Ordering::SeqCst), 1, "the shutdown hook runs once");
}

#[tokio::test]
async fn ten_blocking_seconds_take_about_one() {
    let host = start().await;
    let began = Instant::now();
    let calls: Vec<_> = (0..10)
        .map(|_| {
            let address = host.address;
            tokio::spawn(async move { ask(address, "GET /sleeps", "").await })
        })
        .collect();
    for call in calls {
        assert!(call.await.unwrap().ends_with("slept"));
    }
    assert!(began.elapsed() < Duration::from_secs(5), "{:?}", began.elapsed());
}

#[test]
fn settings_come_from_the_environment() {
    for (value, hops) in [("", Some(0)), ("2", Some(2)), ("-1", None), ("all", None)] {
        let found = Settings::from_env(&|name| (name == "POLYFN_TRUSTED_HOPS").then(|| value.to_owned()));
        assert_eq!(found.ok().map(|settings| settings.hops), hops, "{value:?}");
    }
}
