use std::sync::Arc;

use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, Request, Response, StatusCode, header::CONTENT_TYPE};

use super::{Exchange, Hosts, Undeliverable, here::whole};
use crate::{
    Event, Provider, Trigger,
    aws::{Answer, App, Frame, Shape, Taken, encode},
    event::{Kind, Time},
    local::aws::{self, identifiers, settled},
    members::Members,
};

/// One invocation of Lambda.
pub(super) async fn exchange(hosts: &Hosts, shape: Shape, events: &[Event]) -> Result<Exchange, Undeliverable> {
    let Some(event) = events.first() else { return Err(Undeliverable::new("there is no event")) };
    if let Some(why) = events.iter().find_map(|event| refused(shape, event)) {
        return Err(Undeliverable::new(why));
    }
    let body = match event.http() {
        Some(http) => aws::delivery(shape, http, event.data().unwrap_or(&Bytes::new()), event.id()),
        // Lambda takes nothing for JSON's null, and nothing but JSON.
        None if shape == Shape::Direct => event.data().cloned().unwrap_or(Bytes::from_static(b"null")),
        None => aws::events(shape, events),
    };
    let delivery = hosts.arrived(invocation(hosts, event, body));
    let here = async {
        let app = App::new(Arc::clone(&hosts.table), Taken { streams: false, kafka_partial: true });
        invoked(app.answer(&Frame::from_headers(delivery.headers()), delivery.body()).await).await
    };
    let reply = hosts.reply(Provider::Aws, &delivery, here).await;
    let failed = reply.headers().contains_key(FUNCTION_ERROR);
    let response = match shape {
        Shape::Direct => Some(reply.clone()),
        _ if shape.is_http() => Some(match aws::response(shape, reply.body()) {
            Ok(response) if !failed => response,
            _ => internal_error(shape),
        }),
        _ => None,
    };
    let settled = settled(shape, &identifiers(shape, events), &reply);
    Ok(Exchange { delivery, reply, response, settled })
}

const FUNCTION_ERROR: HeaderName = HeaderName::from_static("x-amz-function-error");

/// Why the source would never have such an event.
fn refused(shape: Shape, event: &Event) -> Option<&'static str> {
    let data = event.data().map(|data| &data[..]).unwrap_or_default();
    let text = std::str::from_utf8(data);
    let stream = match event.trigger() {
        Trigger::Stream(stream) => Some(stream),
        _ => None,
    };
    match shape {
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

/// What Lambda tells a process of an invocation.
fn invocation(hosts: &Hosts, event: &Event, body: Bytes) -> Request<Bytes> {
    let mut headers = HeaderMap::new();
    let mut add = |name: &'static str, value: String| {
        if let Ok(value) = HeaderValue::try_from(value) {
            headers.insert(HeaderName::from_static(name), value);
        }
    };
    // A call, and a request past a front end that numbers none, have the invocation's id.
    let has_own = matches!(event.trigger().kind(), Kind::Http | Kind::Direct) && HeaderValue::from_str(event.id()).is_ok();
    add("lambda-runtime-aws-request-id", if has_own { event.id().to_owned() } else { crate::server::new_id() });
    add("lambda-runtime-invoked-function-arn", "arn:aws:lambda:us-east-1:123456789012:function:local".to_owned());
    if let Some(deadline) = Time::now().after(hosts.timeout) {
        add("lambda-runtime-deadline-ms", deadline.as_millis().to_string());
    }
    if let Some(trace) = event.attribute("AWSTraceHeader") {
        add("lambda-runtime-trace-id", trace.to_owned());
    }
    let mut request = Request::new(body);
    *request.method_mut() = http::Method::POST;
    *request.headers_mut() = headers;
    request
}

/// What whoever invoked the function gets.
async fn invoked(answer: Answer) -> Response<Bytes> {
    match answer {
        Answer::Whole(body) => Response::new(body),
        Answer::Stream(response) => {
            let response = whole(response).await;
            let (parts, body) = response.into_parts();
            Response::new(Bytes::from([encode::prelude(&parts), body].concat()))
        }
        Answer::Error { name, message } => {
            let mut response = Response::new(encode::error(&name, &message));
            response.headers_mut().insert(FUNCTION_ERROR, HeaderValue::from_static("Unhandled"));
            response
        }
    }
}

/// What a front end says of an invocation that failed, or of a reply that is none; each has its own words.
fn internal_error(shape: Shape) -> Response<Bytes> {
    let (status, media_type, body) = match shape {
        Shape::HttpApi1 | Shape::HttpApi2 => {
            (StatusCode::INTERNAL_SERVER_ERROR, "application/json", r#"{"message":"Internal Server Error"}"#)
        }
        Shape::Rest => (StatusCode::BAD_GATEWAY, "application/json", r#"{"message": "Internal server error"}"#),
        Shape::AlbSingle | Shape::AlbMulti => (StatusCode::BAD_GATEWAY, "text/html", "<h1>502 Bad Gateway</h1>"),
        _ => (StatusCode::BAD_GATEWAY, "text/plain", "Internal Server Error"),
    };
    let mut response = Response::new(Bytes::from_static(body.as_bytes()));
    *response.status_mut() = status;
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(media_type));
    response
}
