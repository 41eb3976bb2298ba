use http::{HeaderValue, Method, Request, Response, Uri, header, response::Parts};
use http_body_util::BodyExt;
use hyper::{
    body::{Bytes, Incoming},
    client::conn::http1::{self, SendRequest},
};
use hyper_util::rt::TokioIo;
use serde::Deserialize;
use tokio::net::TcpStream;

use super::{Answer, encode, stream::Streamed};
use crate::{Body, BoxError, ServeError, aws::Frame};

/// One kept-alive connection to the Runtime API, made again when it is gone.
pub(super) struct Client {
    authority: String,
    host: HeaderValue,
    /// What stands before every path: local emulators have a base path.
    base: String,
    next: Uri,
    connection: Option<SendRequest<Body>>,
}

impl Client {
    /// `api` is `host:port`, with a base path or without.
    pub(super) fn new(api: &str) -> Result<Self, ServeError> {
        let bad = |error| ServeError::because(format!("AWS_LAMBDA_RUNTIME_API: `{api}` is no host and port"), error);
        let plain = api.strip_prefix("http://").unwrap_or(api);
        let (host, path) = plain.split_once('/').unwrap_or((plain, ""));
        let path = path.trim_end_matches('/');
        let base = if path.is_empty() { String::new() } else { format!("/{path}") };
        let next = Uri::try_from(format!("{base}/2018-06-01/runtime/invocation/next")).map_err(|error| bad(error.into()))?;
        let header = HeaderValue::from_str(host).map_err(|error| bad(BoxError::from(error)))?;
        let has_port = host.rsplit_once(':').is_some_and(|(_, port)| port.parse::<u16>().is_ok());
        let authority = if has_port { host.to_owned() } else { format!("{host}:80") };
        Ok(Self { authority, host: header, base, next, connection: None })
    }

    /// Waits for the next delivery, for as long as that takes. `None` if the answer held none.
    pub(super) async fn next(&mut self) -> Result<Option<(Parts, Bytes)>, BoxError> {
        let request = self.request(Method::GET, self.next.clone(), Body::default());
        let (parts, body) = self.send(request).await?;
        match parts.status.as_u16() {
            // Emulators answer so when nothing is there to be done.
            204 => Ok(None),
            200..=299 => Ok(Some((parts, body))),
            _ => Err(Rejected::read(&parts, &body).into()),
        }
    }

    /// Posts the answer to an invocation. Whatever comes of that is logged: no other answer can be given.
    pub(super) async fn answer(&mut self, frame: &Frame, answer: Answer) {
        let id = frame.request_id();
        if let Err(error) = self.try_answer(frame, answer).await {
            tracing::error!(invocation = id, "Lambda did not take the answer: {error}");
        }
    }

    async fn try_answer(&mut self, frame: &Frame, answer: Answer) -> Result<(), BoxError> {
        let what = if matches!(answer, Answer::Error { .. }) { "error" } else { "response" };
        let uri = self.uri(&format!("/2018-06-01/runtime/invocation/{}/{what}", frame.request_id()))?;
        let mut request = match answer {
            Answer::Whole(bytes) => self.request(Method::POST, uri, Body::from(bytes)),
            Answer::Error { name, message } => self.error(uri, &name, &message),
            Answer::Stream(response) => {
                let (parts, body) = response.into_parts();
                let body = Body::new(Streamed::new(encode::prelude(&parts), body));
                let mut request = self.request(Method::POST, uri, body);
                Streamed::describe(request.headers_mut());
                request
            }
        };
        // Lambda refuses an answer that belongs to another invocation by this.
        if let Some(id) = frame.invocation_id() {
            request.headers_mut().insert("lambda-runtime-invocation-id", id.clone());
        }
        let (parts, body) = self.send(request).await?;
        // A reply that is too large, 413, has been reported to the caller by Lambda itself, and an `/error` after it
        // would be refused: so no failure here is followed by another request.
        if parts.status.is_success() { Ok(()) } else { Err(Rejected::read(&parts, &body).into()) }
    }

    /// Tells Lambda that the process could not start.
    pub(super) async fn init_failed(&mut self, name: &str, message: &str) {
        tracing::error!("init failed: {name}: {message}");
        let sent = match self.uri("/2018-06-01/runtime/init/error") {
            Ok(uri) => {
                let request = self.error(uri, name, message);
                self.send(request).await.map(|_| ())
            }
            Err(error) => Err(error),
        };
        if let Err(error) = sent {
            tracing::error!("Lambda was not told of it: {error}");
        }
    }

    /// Says that all is ready for a snapshot, and waits until one is restored.
    pub(super) async fn restore(&mut self) -> Result<(), BoxError> {
        let uri = self.uri("/2018-06-01/runtime/restore/next")?;
        let request = self.request(Method::GET, uri, Body::default());
        let (parts, body) = self.send(request).await?;
        // A connection from before the snapshot leads nowhere after it.
        self.connection = None;
        if parts.status.is_success() { Ok(()) } else { Err(Rejected::read(&parts, &body).into()) }
    }

    /// Sends a request to the Extensions API, and gives the answer's head.
    pub(super) async fn extension(
        &mut self,
        method: Method,
        path: &str,
        header: (&'static str, HeaderValue),
        body: &'static str,
    ) -> Result<Parts, BoxError> {
        let uri = self.uri(&format!("/2020-01-01/extension/{path}"))?;
        let mut request = self.request(method, uri, Body::from(body));
        request.headers_mut().insert(header.0, header.1);
        let (parts, body) = self.send(request).await?;
        if parts.status.is_success() { Ok(parts) } else { Err(Rejected::read(&parts, &body).into()) }
    }

    fn uri(&self, path: &str) -> Result<Uri, BoxError> {
        Ok(Uri::try_from(format!("{}{path}", self.base))?)
    }

    fn request(&self, method: Method, uri: Uri, body: Body) -> Request<Body> {
        let mut request = Request::new(body);
        *request.method_mut() = method;
        *request.uri_mut() = uri;
        request.headers_mut().insert(header::HOST, self.host.clone());
        let agent = HeaderValue::from_static(concat!("polyfn/", env!("CARGO_PKG_VERSION")));
        request.headers_mut().insert(header::USER_AGENT, agent);
        request
    }

    fn error(&self, uri: Uri, name: &str, message: &str) -> Request<Body> {
        let mut request = self.request(Method::POST, uri, Body::from(encode::error(name, message)));
        let json = HeaderValue::from_static("application/json");
        request.headers_mut().insert(header::CONTENT_TYPE, json);
        if let Ok(name) = HeaderValue::from_str(name) {
            request.headers_mut().insert("lambda-runtime-function-error-type", name);
        }
        request
    }

    /// Sends a request and reads the whole answer, over the open connection if it still leads anywhere.
    async fn send(&mut self, mut request: Request<Body>) -> Result<(Parts, Bytes), BoxError> {
        // Taken out for the time being: a connection with half an answer in it must not be used again.
        if let Some(mut connection) = self.connection.take()
            && connection.ready().await.is_ok()
        {
            match connection.try_send_request(request).await {
                Ok(response) => return self.read(response, connection).await,
                // Lambda closed it meanwhile. What comes back was never sent, so it can be sent again.
                Err(mut error) => match error.take_message() {
                    Some(unsent) => request = unsent,
                    None => return Err(error.into_error().into()),
                },
            }
        }
        let stream = TcpStream::connect(&self.authority).await?;
        stream.set_nodelay(true)?;
        let (mut connection, driver) = http1::handshake(TokioIo::new(stream)).await?;
        // What goes wrong in the driver comes out of the request as well.
        tokio::spawn(async move { driver.await.ok() });
        let response = connection.send_request(request).await?;
        self.read(response, connection).await
    }

    async fn read(&mut self, response: Response<Incoming>, connection: SendRequest<Body>) -> Result<(Parts, Bytes), BoxError> {
        let (parts, body) = response.into_parts();
        let body = body.collect().await?.to_bytes();
        self.connection = Some(connection);
        Ok((parts, body))
    }
}

/// What the Runtime API says when it does not accept a request.
#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Rejected {
    error_type: Option<String>,
    error_message: Option<String>,
}

impl Rejected {
    fn read(parts: &Parts, body: &Bytes) -> String {
        let this: Self = serde_json::from_slice(body).unwrap_or_default();
        let (ty, message) = (this.error_type.unwrap_or_default(), this.error_message.unwrap_or_default());
        format!("status {} {ty} {message}", parts.status.as_u16()).trim_end().to_owned()
    }
}
