//! The hello function on bare hyper: what an HTTP host costs at the least.

use std::{convert::Infallible, env, error::Error};

use bytes::Bytes;
use http::{Request, Response, StatusCode, header::CONTENT_TYPE};
use http_body_util::Full;
use hyper::{body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::TcpListener;

#[derive(serde::Serialize)]
struct Greeting {
    message: String,
}

async fn hello(request: Request<Incoming>) -> Result<Response<Full<Bytes>>, Infallible> {
    let body = request.uri().path().strip_prefix("/hello/").map(|name| Greeting { message: format!("Hello, {name}!") });
    let mut response = Response::default();
    match body.map(|greeting| serde_json::to_vec(&greeting)) {
        Some(Ok(body)) => {
            response.headers_mut().insert(CONTENT_TYPE, http::HeaderValue::from_static("application/json"));
            *response.body_mut() = body.into();
        }
        Some(Err(_)) => *response.status_mut() = StatusCode::INTERNAL_SERVER_ERROR,
        None => *response.status_mut() = StatusCode::NOT_FOUND,
    }
    Ok(response)
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let port: u16 = env::var("PORT")?.parse()?;
    let listener = TcpListener::bind(("127.0.0.1", port)).await?;
    loop {
        let (stream, _) = listener.accept().await?;
        stream.set_nodelay(true)?;
        tokio::spawn(async move {
            let served = http1::Builder::new().timer(TokioTimer::new()).serve_connection(TokioIo::new(stream), service_fn(hello));
            if let Err(error) = served.await {
                eprintln!("connection: {error}");
            }
        });
    }
}
