use std::net::SocketAddr;

use bytes::Bytes;
use http::{HeaderValue, Request, Response, header::HOST};
use http_body_util::{BodyExt, Full};
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;

use super::ProcessError;

/// Sends a request to a program on this machine, over a connection of its own, and reads the whole reply.
///
/// # Errors
/// Nobody listens there, or the connection broke off.
pub async fn send(address: SocketAddr, request: Request<Bytes>) -> Result<Response<Bytes>, ProcessError> {
    let broken = |error: &dyn std::fmt::Display| ProcessError::Broken(format!("no reply from {address}: {error}"));
    let stream = TcpStream::connect(address).await.map_err(|error| broken(&error))?;
    stream.set_nodelay(true).map_err(|error| broken(&error))?;
    let (mut connection, driver) = http1::handshake(TokioIo::new(stream)).await.map_err(|error| broken(&error))?;
    // What goes wrong in the driver comes out of the request as well.
    tokio::spawn(async move { driver.await.ok() });
    let (mut parts, body) = request.into_parts();
    if !parts.headers.contains_key(HOST)
        && let Ok(host) = HeaderValue::try_from(address.to_string())
    {
        parts.headers.insert(HOST, host);
    }
    let response = connection.send_request(Request::from_parts(parts, Full::new(body))).await.map_err(|error| broken(&error))?;
    let (parts, body) = response.into_parts();
    let body = body.collect().await.map_err(|error| broken(&error))?.to_bytes();
    Ok(Response::from_parts(parts, body))
}
