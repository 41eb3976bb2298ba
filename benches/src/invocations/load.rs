use std::time::{Duration, Instant};

use bytes::Bytes;
use http::{Request, StatusCode};
use http_body_util::{BodyExt, Empty};
use hyper::client::conn::http1::{self, SendRequest};
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;

use crate::{
    BoxError,
    child::{Process, Run},
    event,
};

/// Connections kept open at once: enough to keep a server busy, few enough that the client's one thread keeps up.
const CONNECTIONS: usize = 16;

/// How long a server may take until it listens.
const START: Duration = Duration::from_secs(10);

type Client = SendRequest<Empty<Bytes>>;

/// Sends `requests` requests to the server on this loopback port.
pub(crate) async fn drive(port: u16, requests: usize, process: Process) -> Result<Run, BoxError> {
    let mut client = connect(port).await?;
    ask(&mut client, port).await?;
    let first = Instant::now();

    let each = requests / CONNECTIONS;
    run(port, each / 10).await?;
    let (from, cpu) = (Instant::now(), process.cpu()?);
    run(port, each).await?;
    Ok(Run {
        first,
        wall: from.elapsed(),
        cpu: process.cpu()?.saturating_sub(cpu),
        measured: each * CONNECTIONS,
        memory: process.peak()?,
    })
}

/// Sends `each` requests on every connection.
async fn run(port: u16, each: usize) -> Result<(), BoxError> {
    let mut tasks = tokio::task::JoinSet::new();
    for _ in 0..CONNECTIONS {
        tasks.spawn(async move {
            let mut client = connect(port).await?;
            for _ in 0..each {
                ask(&mut client, port).await?;
            }
            Ok::<_, BoxError>(())
        });
    }
    while let Some(ended) = tasks.join_next().await {
        ended??;
    }
    Ok(())
}

async fn connect(port: u16) -> Result<Client, BoxError> {
    let started = Instant::now();
    let stream = loop {
        match TcpStream::connect(("127.0.0.1", port)).await {
            Ok(stream) => break stream,
            // It has not started to listen yet. The pause is part of what is measured, so it is short.
            Err(_) if started.elapsed() < START => tokio::time::sleep(Duration::from_micros(200)).await,
            Err(error) => return Err(error.into()),
        }
    };
    stream.set_nodelay(true)?;
    let (client, connection) = http1::handshake(TokioIo::new(stream)).await?;
    tokio::spawn(connection);
    Ok(client)
}

async fn ask(client: &mut Client, port: u16) -> Result<(), BoxError> {
    client.ready().await?;
    let request = Request::get("/hello/Ada").header("host", format!("127.0.0.1:{port}")).header("accept", "*/*");
    let response = client.send_request(request.body(Empty::new())?).await?;
    let status = response.status();
    let body = response.into_body().collect().await?.to_bytes();
    if status == StatusCode::OK && body == event::GREETING {
        Ok(())
    } else {
        Err(format!("wrong answer: {status} {}", String::from_utf8_lossy(&body)).into())
    }
}
