//! A program for Lambda in which things go wrong: this test's own, started once more in another role.

use std::{
    env,
    pin::Pin,
    process::exit,
    task::{Context, Poll},
    vec::IntoIter,
};

use bytes::Bytes;
use http::Response;
use polyfn_shim::{
    Body, Event, Failure, Outcome, Provider, Reply, aws,
    function::{Binding, Description, Function, Functions},
    host::Host,
};

/// What says in its environment that this process is the program.
pub(crate) const ROLE: (&str, &str) = ("POLYFN_TEST_PROGRAM", "1");

/// How it is started.
pub(crate) fn command() -> Vec<String> {
    let program = env::current_exe().expect("a test knows its path");
    let program = program.to_str().expect("a path of text");
    [program, "--exact", "program::child", "--include-ignored", "--nocapture"].map(str::to_owned).into()
}

#[test]
#[ignore = "the program that the tests beside it start; it is nothing by itself"]
fn child() {
    if env::var(ROLE.0).is_err() {
        return;
    }
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let env = |name: &str| env::var(name).ok();
    let host = Host::detect(&env, &[Provider::Aws]).expect("a host");
    let obey = Function::new(Description::new("obey", Binding::Direct), |event, _| async move { obey(&event).await });
    let anything = Binding::Http { methods: &[], path: None };
    let pieces = Function::blocking(Description::new("pieces", anything), |event, _| pieces(&event));
    let served = runtime.block_on(aws::serve(Functions::new(vec![obey, pieces]), &host, &env));
    exit(i32::from(served.is_err()));
}

async fn obey(event: &Event) -> Outcome {
    let order = event.data().cloned().unwrap_or_default();
    Outcome::Done(Reply::Direct(match &order[..] {
        br#""fail""# => return Outcome::Retry(Failure::new("OrderMissing", "no order 7")),
        br#""panic""# => panic!("by zero"),
        br#""large""# => Bytes::from(vec![b'1'; 6_291_557]),
        br#""exit""# => exit(3),
        br#""end""# => exit(0),
        br#""hang""# => std::future::pending().await,
        _ => order,
    }))
}

/// Answers in two pieces, after which it may break off.
fn pieces(event: &Event) -> Outcome {
    let breaks = event.http().is_some_and(|http| http.path == "/broken");
    let pieces: Vec<_> =
        [Ok(Bytes::from("one")), Ok(Bytes::from("two"))].into_iter().chain(breaks.then_some(Err("disk full"))).collect();
    Outcome::Done(Reply::Http(Response::new(Body::from_stream(Pieces(pieces.into_iter())))))
}

struct Pieces(IntoIter<Result<Bytes, &'static str>>);

impl futures_core::Stream for Pieces {
    type Item = Result<Bytes, &'static str>;

    fn poll_next(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        Poll::Ready(self.0.next())
    }
}
