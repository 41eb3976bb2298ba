//! What the console page and `cargo polyfn` talk to, under `/_polyfn/`: functions, sending, what was delivered, queues.

mod changes;
mod functions;
mod guard;
mod invocations;
mod notes;
mod queues;
mod send;

use std::sync::Arc;

use bytes::Bytes;
use http::{HeaderValue, Method, Response, StatusCode, header::CONTENT_TYPE};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::json;

use self::guard::guarded;
use super::{
    Form,
    shim::{Consumers, Courier},
};
use crate::{Body, Provider, function::problem, server::Delivery};

/// What every path of the interface begins with; no function is asked for such a path.
const PREFIX: &str = "/_polyfn/";

/// The interface of a running program.
pub(super) struct Api {
    courier: Arc<Courier>,
    /// None if no function takes messages.
    consumers: Option<Arc<Consumers>>,
    /// What the program listens on, as `127.0.0.1:9000`.
    address: String,
    is_on: bool,
}

/// An answer that is an error.
type Refused = Box<Response<Body>>;

impl Api {
    /// The interface to these functions and queues; one that is switched off answers nothing.
    pub(super) fn new(courier: Arc<Courier>, consumers: Option<Arc<Consumers>>, address: String, is_on: bool) -> Self {
        Self { courier, consumers, address, is_on }
    }

    /// The answer to a request for the interface; `None` if the request is for a function.
    pub(super) async fn answer(&self, delivery: &Delivery) -> Option<Response<Body>> {
        let path = delivery.parts.uri.path();
        let path = path.strip_prefix(PREFIX).or((path == PREFIX.trim_end_matches('/')).then_some(""))?;
        if !self.is_on {
            return Some(problem(StatusCode::NOT_FOUND, "the console is switched off: POLYFN_CONSOLE=off"));
        }
        if let Some(refused) = guarded(delivery, &self.address) {
            return Some(refused);
        }
        let answered = match path.strip_prefix("api/") {
            Some(path) => self.call(path, delivery).await,
            None => self.page(path, &delivery.parts.method),
        };
        let mut response = answered.unwrap_or_else(|refused| *refused);
        response.headers_mut().insert("cache-control", HeaderValue::from_static("no-store"));
        response.headers_mut().insert("x-content-type-options", HeaderValue::from_static("nosniff"));
        Some(response)
    }

    async fn call(&self, path: &str, delivery: &Delivery) -> Result<Response<Body>, Refused> {
        let parts: Vec<&str> = path.split('/').collect();
        match (&delivery.parts.method, parts.as_slice()) {
            (&Method::GET, ["about"]) => Ok(self.about()),
            (&Method::GET, ["functions"]) => Ok(self.functions()),
            (&Method::GET, ["schedules"]) => Ok(self.schedules()),
            (&Method::POST, ["notes"]) => self.note(read(&delivery.body)?),
            (&Method::POST, ["send"]) => self.send(read(&delivery.body)?).await,
            (&Method::GET, ["invocations"]) => self.invocations(delivery.parts.uri.query()),
            (&Method::GET, ["invocations", id]) => self.invocation(id),
            (&Method::POST, ["invocations", id, "replay"]) => self.replay(id, read(&delivery.body)?).await,
            (&Method::GET, ["changes"]) => Ok(self.changes()),
            (&Method::GET, ["queues"]) => self.queues().await,
            (&Method::GET, ["dead"]) => self.dead(delivery.parts.uri.query()).await,
            (&Method::POST, ["dead", "resend-all"]) => self.resend_all(read(&delivery.body)?).await,
            (&Method::POST, ["dead", id, "resend"]) => self.resend(id).await,
            (&Method::POST, ["dead", id, "discard"]) => self.discard(id).await,
            _ => Err(refused(StatusCode::NOT_FOUND, "the interface has no such path")),
        }
    }

    /// Who keeps messages.
    ///
    /// # Errors
    /// A 404 if no function takes any.
    fn consumers(&self) -> Result<&Arc<Consumers>, Refused> {
        self.consumers
            .as_ref()
            .ok_or_else(|| refused(StatusCode::NOT_FOUND, "no function takes messages of queues, topics or streams"))
    }

    fn about(&self) -> Response<Body> {
        let program = std::env::current_exe().ok().and_then(|path| Some(path.file_stem()?.to_string_lossy().into_owned()));
        let mut providers: Vec<_> = Form::ALL.iter().map(|form| form.provider().as_str()).collect();
        providers.dedup();
        answer(&json!({"version": env!("CARGO_PKG_VERSION"), "program": program, "address": self.address, "providers": providers,
            "note": self.courier.journal().noted().as_deref()}))
    }

    /// The console page, and what it is made of.
    fn page(&self, path: &str, method: &Method) -> Result<Response<Body>, Refused> {
        if !matches!(*method, Method::GET | Method::HEAD) {
            return Err(refused(StatusCode::METHOD_NOT_ALLOWED, ""));
        }
        let Some((content_type, text)) = super::console::page(path) else {
            return Err(refused(StatusCode::NOT_FOUND, "the console has no such page"));
        };
        let mut response = Response::new(Body::from(text));
        response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
        response.headers_mut().insert("content-security-policy", HeaderValue::from_static(POLICY));
        Ok(response)
    }
}

/// The page loads nothing from anywhere else, and runs nothing that a message holds.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; \
                      base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'";

/// An answer in JSON.
fn answer(value: &impl Serialize) -> Response<Body> {
    answer_as(StatusCode::OK, value)
}

fn answer_as(status: StatusCode, value: &impl Serialize) -> Response<Body> {
    match serde_json::to_vec(value) {
        Ok(json) => {
            let mut response = Response::new(Body::from(json));
            *response.status_mut() = status;
            response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
            response
        }
        Err(error) => problem(StatusCode::INTERNAL_SERVER_ERROR, error.to_string()),
    }
}

fn refused(status: StatusCode, detail: impl AsRef<str>) -> Refused {
    Box::new(problem(status, detail))
}

/// What a request asks for, from its body.
fn read<T: DeserializeOwned>(body: &Bytes) -> Result<T, Refused> {
    let mut json = serde_json::Deserializer::from_slice(body);
    serde_path_to_error::deserialize(&mut json).map_err(|error| refused(StatusCode::BAD_REQUEST, error.to_string()))
}

/// The value of a parameter of a query.
fn parameter(query: Option<&str>, name: &str) -> Option<String> {
    let pair = query?.split('&').filter_map(|pair| pair.split_once('=')).find(|(key, _)| *key == name)?;
    let plain = pair.1.replace('+', " ");
    percent_encoding::percent_decode_str(&plain).decode_utf8().ok().map(|text| text.into_owned())
}

/// The form that somebody asks for by a provider's name or a form's: `aws` or `aws/sqs`.
fn form(text: &str) -> Result<super::shim::How, Refused> {
    use super::shim::How;
    if let Some(form) = Form::ALL.iter().find(|form| form.to_string() == text) {
        return Ok(How::Form(*form));
    }
    match text.parse::<Provider>() {
        Ok(provider) => Ok(How::Provider(provider)),
        Err(_) => {
            let all: Vec<_> = Form::ALL.iter().map(ToString::to_string).collect();
            Err(refused(StatusCode::BAD_REQUEST, format!("as: `{text}` is neither a provider nor one of {}", all.join(", "))))
        }
    }
}
