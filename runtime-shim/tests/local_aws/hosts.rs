//! Functions of this process past each front end: what its caller gets where not the function answers.

use std::{sync::Arc, time::Duration};

use bytes::Bytes;
use http::{Method, Response};
use polyfn_shim::{
    Body, Event, Outcome, Provider, Reply, Trigger,
    aws::Shape,
    event::Http,
    function::{Binding, Description, Function, Functions, Table},
    local::{Delivered, Form, Hosts, aws::REQUEST_ID},
};

/// Answers as the path says.
fn hosts() -> Hosts {
    let binding = Binding::Http { methods: &[], path: None };
    let answer = Function::new(Description::new("answer", binding), |event, _| async move {
        let body = match event.http().unwrap().path.as_str() {
            "/hangs" => std::future::pending().await,
            "/large" => "a".repeat(6_291_557),
            "/mebibyte" => "a".repeat(1_048_577),
            _ => "hi".to_owned(),
        };
        Outcome::Done(Reply::Http(Response::new(Body::from(body))))
    });
    Hosts::new(Arc::new(Table::new(Functions::new(vec![answer]), None, true).unwrap()))
}

async fn deliver(hosts: &Hosts, shape: Shape, path: &str, bytes: usize) -> Delivered {
    let trigger = Trigger::Http(Box::new(Http::new(Method::POST, path, None)));
    let event = Event::new(Provider::Local, trigger).with_id("r-7").with_data(vec![b'a'; bytes], None);
    hosts.deliver(Form::Aws(shape), &event).await.unwrap()
}

/// What the caller gets: the status and the body.
fn got(delivered: &Delivered) -> (u16, String) {
    let response = delivered.response.as_ref().unwrap();
    (response.status().as_u16(), String::from_utf8(response.body().to_vec()).unwrap())
}

const REST: &str = r#"{"message": "Internal server error"}"#;
const HTTP_API: &str = r#"{"message":"Internal Server Error"}"#;
const ALB: &str = "<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>\r\n\
    <center><h1>502 Bad Gateway</h1></center>\r\n</body>\r\n</html>\r\n";

#[tokio::test]
async fn an_invocation_has_the_id_of_its_request() {
    let delivered = deliver(&hosts(), Shape::Rest, "/", 0).await;
    assert_eq!((delivered.delivery.headers()[REQUEST_ID].as_bytes(), got(&delivered)), (&b"r-7"[..], (200, "hi".to_owned())));
    assert_eq!(delivered.reply.headers()[REQUEST_ID], "r-7");
    assert_eq!(delivered.calls[0].event.id(), "r-7");
}

/// Sources: [errors behind API Gateway](https://docs.aws.amazon.com/lambda/latest/dg/services-apigateway-errors.html), for the
/// words of HTTP APIs [their troubleshooting](https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-troubleshooting-lambda.html).
#[tokio::test]
async fn what_lambda_cuts_off_is_a_502_in_the_front_ends_words() {
    let hosts = hosts().with_timeout(Duration::from_millis(50));
    for (shape, body) in [(Shape::Rest, REST), (Shape::HttpApi1, HTTP_API), (Shape::HttpApi2, HTTP_API), (Shape::AlbMulti, ALB)] {
        for path in ["/hangs", "/large"] {
            let delivered = deliver(&hosts, shape, path, 0).await;
            assert_eq!(got(&delivered), (502, body.to_owned()), "{shape:?} {path}");
            assert_eq!(delivered.reply.headers()["x-amz-function-error"], "Unhandled", "{shape:?} {path}");
        }
    }
    assert_eq!(got(&deliver(&hosts, Shape::FunctionUrl, "/large", 0).await), (502, "Internal Server Error".to_owned()));
}

/// Sources: [API Gateway's quotas](https://docs.aws.amazon.com/apigateway/latest/developerguide/limits.html), [those of a load
/// balancer's targets](https://docs.aws.amazon.com/elasticloadbalancing/latest/application/lambda-functions.html).
#[tokio::test]
async fn what_is_too_large_for_a_front_end_never_reaches_the_function_or_the_caller() {
    let hosts = hosts();
    for (shape, most) in [(Shape::AlbSingle, 1_048_576), (Shape::Rest, 10_485_760), (Shape::HttpApi2, 10_485_760)] {
        let delivered = deliver(&hosts, shape, "/", most + 1).await;
        assert_eq!((got(&delivered).0, delivered.calls.len()), (413, 0), "{shape:?}");
    }
    assert_eq!(got(&deliver(&hosts, Shape::AlbSingle, "/mebibyte", 0).await), (502, ALB.to_owned()));
    // It fits into the gateway, and not into an `Invoke`.
    let delivered = deliver(&hosts, Shape::Rest, "/", 7_000_000).await;
    assert_eq!((got(&delivered), delivered.reply.status().as_u16()), ((500, REST.to_owned()), 413));
}

#[tokio::test(start_paused = true)]
async fn a_gateway_gives_up_before_lambda_does() {
    let hosts = hosts().with_timeout(Duration::from_secs(60));
    let timed_out = r#"{"message": "Endpoint request timed out"}"#.to_owned();
    assert_eq!(got(&deliver(&hosts, Shape::Rest, "/hangs", 0).await), (504, timed_out));
    let unavailable = r#"{"message":"Service Unavailable"}"#.to_owned();
    assert_eq!(got(&deliver(&hosts, Shape::HttpApi2, "/hangs", 0).await), (503, unavailable));
}

#[tokio::test]
async fn a_call_is_answered_as_an_invoke() {
    let echo = Function::blocking(Description::new("echo", Binding::Direct), |event, _| {
        Outcome::Done(Reply::Direct(event.data().cloned().unwrap_or_default()))
    });
    let hosts = Hosts::new(Arc::new(Table::new(Functions::new(vec![echo]), None, true).unwrap()));
    let call = |data: &'static str| {
        let event = Event::new(Provider::Local, Trigger::Direct).with_id("r-8");
        if data.is_empty() { event } else { event.with_data(Bytes::from_static(data.as_bytes()), None) }
    };
    let delivered = hosts.deliver(Form::Aws(Shape::Direct), &call("")).await.unwrap();
    assert_eq!((got(&delivered), delivered.calls[0].event.id()), ((200, "null".to_owned()), "r-8"));
    // Lambda takes JSON alone.
    let refused = hosts.deliver(Form::Aws(Shape::Direct), &call("{cut")).await.unwrap();
    assert_eq!((got(&refused).0, refused.calls.len()), (400, 0));
    assert_eq!(refused.reply.headers()["x-amzn-errortype"], "InvalidRequestContentException");
}
