//! Functions of this process under Lambda on this machine.

use std::{sync::Arc, time::Duration};

use bytes::Bytes;
use http::{Request, Response};
use polyfn_shim::{
    Body, Failure, Outcome, Reply,
    aws::{App, Taken},
    function::{Binding, Description, Function, Functions, Table},
    local::{
        Process,
        aws::{Configuration, FUNCTION_ERROR, Here, REQUEST_ID},
    },
};
use serde_json::json;

use crate::{deliver, invoke};

fn here(functions: Vec<Function>, taken: Taken) -> Here {
    let table = Table::new(Functions::new(functions), None, false).unwrap();
    Here::new(App::new(Arc::new(table), taken), Configuration { name: "orders".to_owned(), ..Configuration::default() })
}

/// Answers with its input, or as it is told.
fn direct() -> Here {
    let function = Function::new(Description::new("f", Binding::Direct), |event, _| async move {
        let data = event.data().cloned().unwrap_or_default();
        match &data[..] {
            b"\"fail\"" => Outcome::Drop(Failure::new("OrderMissing", "no order 7")),
            b"\"panic\"" => panic!("by zero"),
            b"\"hang\"" => std::future::pending().await,
            b"\"large\"" => Outcome::Done(Reply::Direct(Bytes::from(vec![b'1'; 6_291_557]))),
            _ => Outcome::Done(Reply::Direct(data)),
        }
    });
    here(vec![function], Taken::default())
}

#[tokio::test]
async fn functions_answer_as_a_program_would() {
    let here = direct();
    assert_eq!(deliver(&here, "[1]").await, (true, json!([1])));
    assert_eq!(deliver(&here, "").await, (true, json!({})));
    let want = json!({"errorType": "Function.OrderMissing", "errorMessage": "no order 7"});
    assert_eq!(deliver(&here, r#""fail""#).await, (false, want));
    let want = json!({"errorType": "Function.Panic", "errorMessage": "the function panicked: by zero"});
    assert_eq!(deliver(&here, r#""panic""#).await, (false, want));
    let message = "Response payload size exceeded maximum allowed payload size (6291556 bytes).";
    let want = json!({"errorType": "Function.ResponseSizeTooLarge", "errorMessage": message});
    assert_eq!(deliver(&here, r#""large""#).await, (false, want));
}

#[tokio::test(start_paused = true)]
async fn an_invocation_that_takes_too_long_fails() {
    let began = tokio::time::Instant::now();
    let mut request = invoke(r#""hang""#);
    request.headers_mut().insert(REQUEST_ID, "r-1".parse().unwrap());
    let reply = direct().deliver(request).await.unwrap();
    assert_eq!(reply.headers()[FUNCTION_ERROR], "Unhandled");
    let want = r#"{"errorType":"Sandbox.Timedout","errorMessage":"RequestId: r-1 Error: Task timed out after 3.00 seconds"}"#;
    assert_eq!(reply.body(), want);
    assert_eq!(began.elapsed(), Duration::from_secs(3));
}

#[tokio::test]
async fn what_lambda_refuses_reaches_no_function() {
    let here = direct();
    let large = |bytes: usize| Bytes::from(format!("\"{}\"", "x".repeat(bytes - 2)));
    let event = |payload| Request::builder().header("x-amz-invocation-type", "Event").body(payload).unwrap();
    for (request, status, name) in [
        (invoke("{cut"), 400, "InvalidRequestContentException"),
        (invoke("1 2"), 400, "InvalidRequestContentException"),
        (invoke(large(6_291_457)), 413, "RequestTooLargeException"),
        (event(large(1_048_577)), 413, "RequestTooLargeException"),
    ] {
        let reply = here.deliver(request).await.unwrap();
        assert_eq!((reply.status().as_u16(), reply.headers()["x-amzn-errortype"].to_str().unwrap()), (status, name));
    }
    for taken in [invoke(large(6_291_456)), event(large(1_048_576))] {
        assert_eq!(here.deliver(taken).await.unwrap().status(), 200);
    }
}

#[tokio::test]
async fn the_frame_reaches_the_function() {
    let function = Function::blocking(Description::new("f", Binding::Direct), |event, invocation| {
        let left = invocation.deadline().unwrap().since(polyfn_shim::event::Time::now());
        let facts =
            json!([invocation.id(), invocation.trace(), event.source(), left.as_secs_f64() > 2.0 && left.as_secs_f64() <= 3.0]);
        Outcome::Done(Reply::Direct(Bytes::from(facts.to_string())))
    });
    let request = Request::builder().header("x-amzn-trace-id", "Root=1-5b").header(REQUEST_ID, "r-7").body(Bytes::from("1"));
    let reply = here(vec![function], Taken::default()).deliver(request.unwrap()).await.unwrap();
    assert_eq!(reply.headers()[REQUEST_ID], "r-7");
    assert_eq!(reply.body(), r#"["r-7","Root=1-5b","arn:aws:lambda:us-east-1:123456789012:function:orders",true]"#);
}

/// A body that comes in pieces and may break off.
fn pieces(breaks: bool) -> Body {
    let error = breaks.then(|| Err("disk full"));
    let pieces: Vec<_> = [Ok(Bytes::from("one")), Ok(Bytes::from("two"))].into_iter().chain(error).collect();
    Body::from_stream(Pieces(pieces.into_iter()))
}

struct Pieces<I>(I);

impl<I: Iterator + Unpin> futures_core::Stream for Pieces<I> {
    type Item = I::Item;
    fn poll_next(mut self: std::pin::Pin<&mut Self>, _: &mut std::task::Context<'_>) -> std::task::Poll<Option<I::Item>> {
        std::task::Poll::Ready(self.0.next())
    }
}

#[tokio::test]
async fn a_streamed_answer_is_prelude_and_body() {
    for breaks in [false, true] {
        let binding = Binding::Http { methods: &[], path: None };
        let function = Function::blocking(Description::new("f", binding), move |_, _| {
            Outcome::Done(Reply::Http(Response::builder().status(201).header("x", "y").body(pieces(breaks)).unwrap()))
        });
        let here = here(vec![function], Taken { streams: true, ..Taken::default() });
        let url = r#"{"rawPath":"/","requestContext":{"domainName":"u.lambda-url.x.on.aws","http":{"method":"GET"}}}"#;
        let reply = here.deliver(invoke(url)).await.unwrap();
        if breaks {
            assert_eq!(reply.headers()[FUNCTION_ERROR], "Unhandled");
            assert_eq!(reply.body(), r#"{"errorType":"Function.StreamError","errorMessage":"disk full"}"#);
        } else {
            assert_eq!(reply.headers()["content-type"], "application/vnd.awslambda.http-integration-response");
            let want = b"{\"statusCode\":201,\"headers\":{\"x\":\"y\"},\"cookies\":[]}\0\0\0\0\0\0\0\0onetwo";
            assert_eq!(reply.body(), &want[..]);
        }
    }
}

#[tokio::test(start_paused = true)]
async fn an_invocation_that_has_begun_goes_on_though_nobody_waits() {
    let (told, heard) = tokio::sync::oneshot::channel();
    let told = std::sync::Mutex::new(Some(told));
    let function = Function::new(Description::new("f", Binding::Direct), move |_, _| {
        let told = told.lock().unwrap().take();
        async move {
            tokio::time::sleep(Duration::from_secs(2)).await;
            told.unwrap().send(()).unwrap();
            Outcome::Done(Reply::Empty)
        }
    });
    let here = here(vec![function], Taken::default());
    assert!(tokio::time::timeout(Duration::from_secs(1), here.deliver(invoke("1"))).await.is_err());
    heard.await.unwrap();
}
