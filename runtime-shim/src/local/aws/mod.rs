//! What each of Lambda's front ends would send for a request, and what it would answer its caller for a reply.

mod alb;
mod body;
mod changes;
mod configuration;
mod environment;
mod events;
mod first;
mod gateway;
mod here;
mod http_api;
mod invoke;
mod invoked;
mod lambda;
mod lattice;
mod messages;
mod pairs;
mod reply;
mod rest;
mod runtime_api;
mod settled;
mod source;
mod streams;
mod websocket;

use bytes::Bytes;
use serde_json::{Map, Value};

pub use self::{
    configuration::Configuration,
    events::events,
    gateway::Gateway,
    here::Here,
    lambda::Lambda,
    messages::notification,
    reply::response,
    runtime_api::RuntimeApi,
    settled::{identifiers, settled},
    source::{Asynchronous, Shards, Sqs},
};
use crate::{aws::Shape, event::Http};

/// Where the front ends of this machine claim to be.
const ACCOUNT: &str = "123456789012";
const REGION: &str = "us-east-1";

/// The header of an `Invoke`'s answer that says that the invocation failed; the body says how.
pub const FUNCTION_ERROR: &str = "x-amz-function-error";
/// The header of an `Invoke`'s answer that has the request id.
pub const REQUEST_ID: &str = "x-amzn-requestid";

/// The delivery that this front end would make of a request.
///
/// Each loses what the real one loses: a load balancer without multi-value headers keeps the last value of a name, an
/// HTTP API decodes the path. `http.path` is sent as received, and nothing in it is a stage.
///
/// ```
/// use bytes::Bytes;
/// use http::Method;
/// use polyfn_shim::{aws, event::Http, local};
///
/// let request = Http::new(Method::GET, "/hello/x", Some("a=1"));
/// let delivery = local::aws::delivery(aws::Shape::Rest, &request, &Bytes::new(), "r-1");
/// let decoded = aws::decode(&delivery, &aws::Frame::default()).unwrap();
/// assert_eq!(decoded.events()[0].http().unwrap().path_and_query(), "/hello/x?a=1");
/// ```
pub fn delivery(shape: Shape, request: &Http, body: &Bytes, id: &str) -> Bytes {
    let members = match shape {
        Shape::Rest | Shape::HttpApi1 => rest::members(shape, request, body, id),
        Shape::HttpApi2 | Shape::FunctionUrl => http_api::members(shape, request, body, id),
        Shape::AlbSingle | Shape::AlbMulti => alb::members(shape, request, body),
        Shape::Lattice1 => lattice::members_1(request, body),
        Shape::Lattice2 => lattice::members_2(request, body),
        Shape::WebSocket => websocket::members(request, body, id),
        _ => return body.clone(),
    };
    Bytes::from(Value::Object(members).to_string())
}

/// An object of these members.
fn object(members: impl IntoIterator<Item = (&'static str, Value)>) -> Map<String, Value> {
    members.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}

/// The caller's address, which every front end knows.
fn client_ip(request: &Http) -> String {
    request.client_ip.map_or_else(|| "127.0.0.1".to_owned(), |ip| ip.to_string())
}
