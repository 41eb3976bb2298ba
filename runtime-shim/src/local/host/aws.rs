use std::sync::Arc;

use bytes::Bytes;
use http::{HeaderValue, Request, Response, StatusCode};
use tokio::time::timeout;

use super::{Exchange, Hosts, Undeliverable, here::native};
use crate::{
    Event, Provider, Trigger,
    aws::{App, Shape, Taken},
    event::Http,
    local::{
        Process, ProcessError, Settled,
        aws::{self, Configuration, Gateway, Here, REQUEST_ID, identifiers, settled},
    },
    members::Members,
};

/// One `Invoke` of Lambda, by a front end, a source or a caller.
pub(super) async fn exchange(hosts: &Hosts, shape: Shape, events: &[Event]) -> Result<Exchange, Undeliverable> {
    let Some(event) = events.first() else { return Err(Undeliverable::new("there is no event")) };
    if let Some(why) = events.iter().find_map(|event| refused(shape, event)) {
        return Err(Undeliverable::new(why));
    }
    if let Some(http) = event.http() {
        return past_front_end(hosts, shape, event, http).await;
    }
    let mut invoke = Request::new(match shape {
        // Lambda takes nothing for JSON's null, and nothing but JSON.
        Shape::Direct => event.data().cloned().unwrap_or(Bytes::from_static(b"null")),
        _ => aws::events(shape, events),
    });
    *invoke.method_mut() = http::Method::POST;
    // A call is told apart by its own id; a source's records have theirs, and the invocation another.
    let id = Some(event.id()).filter(|_| shape == Shape::Direct);
    for (name, value) in [(REQUEST_ID, id), ("x-amzn-trace-id", event.attribute("AWSTraceHeader"))] {
        if let Some(Ok(value)) = value.map(HeaderValue::from_str) {
            invoke.headers_mut().insert(name, value);
        }
    }
    let delivery = hosts.arrived(invoke);
    let reply = invoked(hosts, &delivery).await;
    let response = (shape == Shape::Direct).then(|| reply.clone());
    let settled = settled(shape, &identifiers(shape, events), &reply);
    Ok(Exchange { delivery, reply, response, settled })
}

/// A request, which its front end may refuse, give up, or answer in its own words.
async fn past_front_end(hosts: &Hosts, shape: Shape, event: &Event, http: &Http) -> Result<Exchange, Undeliverable> {
    let gateway = Gateway::new(shape);
    let settled = vec![Settled::Acknowledged];
    let delivery = match gateway.delivery(http, event.data().unwrap_or(&Bytes::new()), event.id()) {
        Ok(invoke) => hosts.arrived(invoke),
        Err(refused) => {
            let (delivery, reply) = (native(event)?, *refused);
            return Ok(Exchange { delivery, response: Some(reply.clone()), reply, settled });
        }
    };
    let invoked = invoked(hosts, &delivery);
    let reply = match gateway.patience() {
        Some(limit) => timeout(limit, invoked).await.map_err(|_| gateway.too_slow()),
        None => Ok(invoked.await),
    };
    let (reply, response) = match reply {
        Ok(reply) if reply.status() == StatusCode::BAD_GATEWAY => {
            let response = gateway.response(&Err(ProcessError::Exited("it did not answer".to_owned())));
            (reply, response)
        }
        Ok(reply) => {
            let response = gateway.response(&Ok(reply.clone()));
            (reply, response)
        }
        Err(too_slow) => (too_slow.clone(), too_slow),
    };
    Ok(Exchange { delivery, reply, response: Some(response), settled })
}

/// What Lambda answers an `Invoke`; 502 if there is no Lambda.
async fn invoked(hosts: &Hosts, delivery: &Request<Bytes>) -> Response<Bytes> {
    let here = async {
        let app = App::new(Arc::clone(&hosts.table), Taken { streams: false, kafka_partial: true });
        let configuration = Configuration { timeout: hosts.timeout, ..Configuration::default() };
        Here::new(app, configuration).deliver(delivery.clone()).await.unwrap_or_else(|error| {
            let mut reply = Response::new(Bytes::from(error.to_string()));
            *reply.status_mut() = StatusCode::BAD_GATEWAY;
            reply
        })
    };
    hosts.reply(Provider::Aws, delivery, here).await
}

/// Why the source would never have such an event.
fn refused(shape: Shape, event: &Event) -> Option<&'static str> {
    let data = event.data().map(|data| &data[..]).unwrap_or_default();
    let text = std::str::from_utf8(data);
    let stream = match event.trigger() {
        Trigger::Stream(stream) => Some(stream),
        _ => None,
    };
    let is_fifo = match event.trigger() {
        Trigger::Queue(queue) => queue.name.as_deref().is_some_and(|name| name.ends_with(".fifo")),
        _ => false,
    };
    let is_of_socket = |http: &Http| match (http.method.as_str(), http.path.as_str()) {
        ("GET", "/$connect") => data.is_empty(),
        ("POST", "/$default") => http.query.is_none(),
        _ => false,
    };
    match shape {
        Shape::WebSocket if !event.http().is_some_and(is_of_socket) => {
            Some("a WebSocket API has `GET /$connect` without a body and `POST /$default` without a query")
        }
        Shape::Sqs if is_fifo => Some("the queue whose name ends in `.fifo` is a FIFO queue"),
        Shape::SqsFifo if !is_fifo => Some("the name of a FIFO queue ends in `.fifo`"),
        Shape::Sqs | Shape::SqsFifo if text.is_ok_and(|text| text.chars().all(is_of_sqs)) => None,
        Shape::Sqs | Shape::SqsFifo => Some("a message of SQS is text without control characters"),
        Shape::Sns if text.is_err() => Some("a message of SNS is text"),
        Shape::EventBridge
            if matches!(event.trigger(), Trigger::Event | Trigger::Schedule(_))
                && !data.is_empty()
                && text.ok().and_then(Members::read).is_none() =>
        {
            Some("the detail of an event of EventBridge is a JSON object")
        }
        Shape::Kafka if stream.and_then(|stream| stream.sequence.as_deref()?.parse::<i64>().ok()).is_none() => {
            Some("an offset of Kafka is a whole number of 64 bits")
        }
        _ => None,
    }
}

/// Source: <https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html>.
fn is_of_sqs(letter: char) -> bool {
    matches!(letter, '\t' | '\n' | '\r' | '\u{20}'..='\u{fffd}' | '\u{10000}'..)
}
