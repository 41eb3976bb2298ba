//! The server over real sockets: what a client sends byte for byte, and what it gets.
#![cfg(feature = "h2c")]
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "clippy.toml exempts test functions only, not what they share"
)]

use std::{
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use bytes::Bytes;
use http::{Response, StatusCode};
use polyfn_shim::{
    Body,
    server::{Delivery, Limits, Stop, serve},
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    sync::oneshot,
    task::JoinHandle,
    time::{sleep, timeout},
};

struct Server {
    address: SocketAddr,
    stop: oneshot::Sender<()>,
    end: JoinHandle<()>,
    answered: Arc<AtomicUsize>,
}

fn short() -> Limits {
    Limits {
        body: 1000,
        head: 4096,
        head_time: Duration::from_millis(300),
        body_time: Duration::from_millis(300),
        write_time: Duration::from_millis(300),
        ..Limits::default()
    }
}

async fn start(limits: Limits) -> Server {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let (stop, stopped) = oneshot::channel();
    let stop_at = Stop::when(async move { drop(stopped.await) }).with_grace(Duration::from_secs(2));
    let answered = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&answered);
    let answer = move |delivery: Delivery| answer(delivery, Arc::clone(&count));
    let end = tokio::spawn(async move { serve(vec![listener], answer, limits, stop_at).await.unwrap() });
    Server { address, stop, end, answered }
}

async fn answer(delivery: Delivery, count: Arc<AtomicUsize>) -> Response<Body> {
    let response = match delivery.parts.uri.path() {
        "/slow" => {
            sleep(Duration::from_millis(400)).await;
            Response::new(Body::from("slow"))
        }
        "/never" => std::future::pending().await,
        "/huge" => Response::new(Body::from(vec![b'x'; 64 * 1024 * 1024])),
        "/panic" => panic!("boom"),
        "/pieces" => Response::new(Body::new(Pieces(3, false))),
        "/broken" => Response::new(Body::new(Pieces(2, true))),
        _ => Response::new(Body::from(Bytes::from([b"got ", &delivery.body[..]].concat()))),
    };
    count.fetch_add(1, Ordering::SeqCst);
    response
}

/// So many pieces `n`, and then the end or a panic.
struct Pieces(u8, bool);

impl http_body::Body for Pieces {
    type Data = Bytes;
    type Error = std::convert::Infallible;

    fn poll_frame(
        mut self: std::pin::Pin<&mut Self>,
        _: &mut std::task::Context<'_>,
    ) -> std::task::Poll<Option<Result<http_body::Frame<Bytes>, Self::Error>>> {
        assert!(self.0 > 0 || !self.1, "boom in a body");
        let left = self.0;
        self.0 = left.saturating_sub(1);
        std::task::Poll::Ready((left > 0).then(|| Ok(http_body::Frame::data(Bytes::from(format!("{left}"))))))
    }
}

impl Server {
    /// Sends bytes on a new connection and reads until the server closes it.
    async fn send(&self, bytes: &[u8]) -> String {
        let mut stream = TcpStream::connect(self.address).await.unwrap();
        // A server that refuses early may close before all is sent.
        let _ = stream.write_all(bytes).await;
        read_to_end(&mut stream).await
    }

    async fn is_alive(&self) {
        let text = self.send(b"POST / HTTP/1.1\r\nhost: a\r\ncontent-length: 2\r\nconnection: close\r\n\r\nhi").await;
        assert!(text.starts_with("HTTP/1.1 200 OK\r\n") && text.ends_with("\r\n\r\ngot hi"), "{text}");
    }

    async fn stop(self) -> Duration {
        let began = Instant::now();
        self.stop.send(()).unwrap();
        timeout(Duration::from_secs(5), self.end).await.expect("stops in time").unwrap();
        began.elapsed()
    }
}

async fn read_to_end(stream: &mut TcpStream) -> String {
    let mut bytes = Vec::new();
    // A reset after the response is the server's right.
    let _ = timeout(Duration::from_secs(5), stream.read_to_end(&mut bytes)).await.expect("closed in time");
    String::from_utf8_lossy(&bytes).into_owned()
}

async fn read_until(stream: &mut TcpStream, end: &str) -> String {
    let mut text = String::new();
    let mut byte = [0];
    while !text.ends_with(end) {
        let length = timeout(Duration::from_secs(5), stream.read(&mut byte)).await.expect("an answer").unwrap();
        assert_eq!(length, 1, "closed after {text:?}");
        text.push(char::from(byte[0]));
    }
    text
}

#[tokio::test]
async fn a_body_over_the_limit_is_refused_both_ways() {
    let server = start(short()).await;
    let at_once = server.send(b"POST / HTTP/1.1\r\nhost: a\r\ncontent-length: 1001\r\n\r\n").await;
    assert!(at_once.starts_with("HTTP/1.1 413 "), "{at_once}");
    assert!(at_once.contains("connection: close\r\n"), "{at_once}");
    assert!(at_once.contains("larger than 1000 bytes"), "{at_once}");
    let piece = format!("1f4\r\n{}\r\n", "x".repeat(500));
    let chunked = format!("POST / HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked\r\n\r\n{piece}{piece}");
    let fits = server.send(format!("{chunked}0\r\n\r\nGET / HTTP/1.0\r\n\r\n").as_bytes()).await;
    assert!(fits.starts_with("HTTP/1.1 200 ") && fits.contains(&"x".repeat(1000)), "{fits}");
    // The body never ends: the answer comes while it is read.
    let refused = server.send(format!("{chunked}1\r\nx\r\n").as_bytes()).await;
    assert!(refused.starts_with("HTTP/1.1 413 "), "{refused}");
    assert_eq!(server.answered.load(Ordering::SeqCst), 2);
    // It is read and thrown away while the client sends, so that the client gets to reading the response.
    let mut stream = TcpStream::connect(server.address).await.unwrap();
    stream.write_all(b"POST / HTTP/1.1\r\nhost: a\r\ncontent-length: 20000000\r\n\r\n").await.unwrap();
    for _ in 0..20 {
        stream.write_all(&vec![b'x'; 1_000_000]).await.expect("not reset");
    }
    let sent_on = read_to_end(&mut stream).await;
    assert!(sent_on.starts_with("HTTP/1.1 413 ") && sent_on.ends_with('}'), "{sent_on}");
    server.is_alive().await;
}

#[tokio::test]
async fn a_head_over_the_limit_is_431() {
    let server = start(short()).await;
    let many = format!("GET / HTTP/1.1\r\nhost: a\r\n{}\r\n", "a: b\r\n".repeat(101));
    let long = format!("GET / HTTP/1.1\r\nhost: a\r\na: {}\r\n\r\n", "b".repeat(5000));
    for request in [many, long] {
        let text = server.send(request.as_bytes()).await;
        assert!(text.starts_with("HTTP/1.1 431 "), "{text}");
    }
    server.is_alive().await;
}

#[tokio::test]
async fn slow_clients_are_sent_away() {
    let server = start(short()).await;
    for (bytes, status) in [
        (&b""[..], ""),
        (b"GET / HT", ""),
        (b"PRI * HTTP/2", ""),
        (b"POST / HTTP/1.1\r\nhost: a\r\ncontent-length: 5\r\n\r\nabc", "HTTP/1.1 408 "),
    ] {
        let began = Instant::now();
        let text = server.send(bytes).await;
        assert!(text.starts_with(status) && (!status.is_empty() || text.is_empty()), "{text}");
        assert!(began.elapsed() >= Duration::from_millis(250), "{bytes:?}");
    }
    // One byte now and then does not make it patient for ever.
    let mut stream = TcpStream::connect(server.address).await.unwrap();
    stream.write_all(b"POST / HTTP/1.1\r\nhost: a\r\ncontent-length: 900\r\n\r\n").await.unwrap();
    let (mut reader, mut writer) = stream.into_split();
    let drip = tokio::spawn(async move {
        while writer.write_all(b"x").await.is_ok() {
            sleep(Duration::from_millis(50)).await
        }
    });
    let mut bytes = [0; 12];
    timeout(Duration::from_secs(2), reader.read_exact(&mut bytes)).await.expect("an answer in time").unwrap();
    assert_eq!(&bytes, b"HTTP/1.1 408");
    drip.abort();
    server.is_alive().await;
}

#[tokio::test]
async fn a_large_body_that_stalls_is_not_waited_for_longer() {
    let server = start(Limits { body: 4_000_000, ..short() }).await;
    let mut stream = TcpStream::connect(server.address).await.unwrap();
    stream.write_all(b"POST / HTTP/1.1\r\nhost: a\r\ncontent-length: 3000000\r\n\r\n").await.unwrap();
    stream.write_all(&vec![b'x'; 2_000_000]).await.unwrap();
    let mut bytes = [0; 12];
    timeout(Duration::from_secs(3), stream.read_exact(&mut bytes)).await.expect("an answer in time").unwrap();
    assert_eq!(&bytes, b"HTTP/1.1 408");
}

#[tokio::test]
async fn a_client_that_does_not_read_is_left() {
    let server = start(short()).await;
    let mut stream = TcpStream::connect(server.address).await.unwrap();
    stream.write_all(b"GET /huge HTTP/1.1\r\nhost: a\r\n\r\n").await.unwrap();
    sleep(Duration::from_secs(1)).await;
    assert!(server.stop().await < Duration::from_millis(500), "the connection was still held");
}

#[tokio::test]
async fn any_bytes_at_all_leave_the_server_alive() {
    let server = start(short()).await;
    for bytes in [
        &b"\0\0\0\0"[..],
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
        b"GET\r\n\r\n",
        b"GET / HTTP/9.9\r\n\r\n",
        b"GET / HTTP/1.1\r\nhost: a\r\nbad name: x\r\n\r\n",
        b"GET / HTTP/1.1\r\nhost: a\r\ncontent-length: x\r\n\r\n",
        b"GET / HTTP/1.1\r\nhost: a\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\n",
        b"POST / HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n",
        b"GET /\xff\xfe HTTP/1.1\r\nhost: a\r\n\r\n",
        b"GET no-slash HTTP/1.1\r\nhost: a\r\n\r\n",
        b"GET * HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n",
    ] {
        let text = server.send(bytes).await;
        let shown = String::from_utf8_lossy(bytes);
        assert!(text.starts_with("HTTP/1.1 400 "), "{shown:?}: {text}");
        server.is_alive().await;
    }
    for bytes in [
        &b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"[..],
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff",
        b"POST / HTTP/1.1\r\nhost: a\r\ncontent-length: 5\r\n\r\n",
    ] {
        let mut stream = TcpStream::connect(server.address).await.unwrap();
        stream.write_all(bytes).await.unwrap();
        drop(stream);
        server.is_alive().await;
    }
}

#[tokio::test]
async fn targets_that_are_no_path() {
    let server = start(short()).await;
    let options = server.send(b"OPTIONS * HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n").await;
    assert!(options.starts_with("HTTP/1.1 204 ") && options.contains("allow: GET, "), "{options}");
    let connect = server.send(b"CONNECT a:80 HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n").await;
    assert!(connect.starts_with("HTTP/1.1 405 "), "{connect}");
    let absolute = server.send(b"GET http://b/x HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n").await;
    assert!(absolute.starts_with("HTTP/1.1 200 "), "{absolute}");
    assert_eq!(server.answered.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn keep_alive_and_pipelining() {
    let server = start(Limits::default()).await;
    let mut stream = TcpStream::connect(server.address).await.unwrap();
    for _ in 0..2 {
        stream.write_all(b"POST / HTTP/1.1\r\nhost: a\r\ncontent-length: 1\r\n\r\na").await.unwrap();
        read_until(&mut stream, "got a").await;
    }
    let one = b"POST / HTTP/1.1\r\nhost: a\r\ncontent-length: 1\r\n\r\nb";
    stream.write_all(&[&one[..], one, one].concat()).await.unwrap();
    for _ in 0..3 {
        read_until(&mut stream, "got b").await;
    }
    assert!(server.stop().await < Duration::from_millis(500), "an idle connection held the server up");
}

#[tokio::test]
async fn what_has_begun_is_answered_before_the_end() {
    let server = start(Limits::default()).await;
    let address = server.address;
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(b"GET /slow HTTP/1.1\r\nhost: a\r\n\r\n").await.unwrap();
    sleep(Duration::from_millis(100)).await;
    let (took, text) = tokio::join!(server.stop(), read_to_end(&mut stream));
    assert!(text.ends_with("slow"), "{text}");
    assert!(took >= Duration::from_millis(200) && took < Duration::from_millis(1500), "{took:?}");
    assert!(TcpStream::connect(address).await.is_err(), "still accepting");
}

#[tokio::test]
async fn the_grace_has_an_end() {
    let server = start(Limits::default()).await;
    let mut stream = TcpStream::connect(server.address).await.unwrap();
    stream.write_all(b"GET /never HTTP/1.1\r\nhost: a\r\n\r\n").await.unwrap();
    sleep(Duration::from_millis(100)).await;
    let took = server.stop().await;
    assert!(took >= Duration::from_secs(2) && took < Duration::from_secs(4), "{took:?}");
}

#[tokio::test]
async fn a_client_that_goes_away_cancels_nothing() {
    let server = start(Limits::default()).await;
    let mut stream = TcpStream::connect(server.address).await.unwrap();
    stream.write_all(b"GET /slow HTTP/1.1\r\nhost: a\r\n\r\n").await.unwrap();
    sleep(Duration::from_millis(100)).await;
    drop(stream);
    let mut h2 = h2(server.address).await;
    let request = http::Request::get("http://a/slow").body(http_body_util::Empty::<Bytes>::new()).unwrap();
    // Dropping the response's future resets the stream.
    assert!(timeout(Duration::from_millis(100), h2.send_request(request)).await.is_err());
    drop(h2);
    let answered = Arc::clone(&server.answered);
    server.stop().await;
    assert_eq!(answered.load(Ordering::SeqCst), 2, "the server must have waited for both");
}

#[tokio::test]
async fn a_panic_leaves_the_server_alive() {
    let server = start(short()).await;
    let text = server.send(b"GET /panic HTTP/1.1\r\nhost: a\r\n\r\n").await;
    assert!(text.is_empty() || text.starts_with("HTTP/1.1 500 "), "{text}");
    let text = server.send(b"GET /broken HTTP/1.1\r\nhost: a\r\n\r\n").await;
    assert!(!text.ends_with("0\r\n\r\n"), "a body that panicked must not look whole: {text}");
    server.is_alive().await;
    server.stop().await;
}

#[tokio::test]
async fn a_body_in_pieces_is_streamed() {
    let server = start(short()).await;
    let text = server.send(b"GET /pieces HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n").await;
    assert!(text.ends_with("1\r\n3\r\n1\r\n2\r\n1\r\n1\r\n0\r\n\r\n"), "{text}");
}

async fn h2(address: SocketAddr) -> hyper::client::conn::http2::SendRequest<http_body_util::Empty<Bytes>> {
    let io = hyper_util::rt::TokioIo::new(TcpStream::connect(address).await.unwrap());
    let (sender, connection) = hyper::client::conn::http2::handshake(hyper_util::rt::TokioExecutor::new(), io).await.unwrap();
    tokio::spawn(connection);
    sender
}

#[tokio::test]
async fn h2c_and_http1_share_a_port() {
    let server = start(short()).await;
    let mut h2 = h2(server.address).await;
    for _ in 0..2 {
        let request = http::Request::get("http://a/x").body(http_body_util::Empty::new()).unwrap();
        let response = h2.send_request(request).await.unwrap();
        assert_eq!((response.status(), response.version()), (StatusCode::OK, http::Version::HTTP_2));
        let body = http_body_util::BodyExt::collect(response.into_body()).await.unwrap().to_bytes();
        assert_eq!(body, "got ");
    }
    server.is_alive().await;
    assert!(server.stop().await < Duration::from_millis(1000), "an idle HTTP/2 connection held the server up");
}
