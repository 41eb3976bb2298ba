//! The functions of a process as Google's front ends address them: a request in, a response out, and no socket.

use std::{future::Future, pin::Pin, sync::Arc, time::Duration};

use bytes::Bytes;
use http::{Response, StatusCode, request::Parts};

use super::{
    decode::{decode_for, invocation, request},
    encode,
};
use crate::{
    Body, Invocation,
    event::Time,
    function::{Table, problem},
    server::{Delivery, answer_events},
    sources::Sources,
};

/// What browsers and crawlers ask for unasked; the contract keeps it from functions.
const NEVER: [&str; 2] = ["/favicon.ico", "/robots.txt"];

/// The functions of a process, as Google's front ends address them.
///
/// ```
/// use std::sync::Arc;
///
/// use polyfn_shim::{Outcome, Reply, function::{Binding, Description, Function, Functions, Table}, gcp::App, server::Delivery};
///
/// let hello = Binding::Http { methods: &["GET"], path: Some("/hello") };
/// let hello = Function::blocking(Description::new("hello", hello), |_, _| Outcome::Done(Reply::Empty));
/// let app = App::new(Arc::new(Table::new(Functions::new(vec![hello]), None, true).unwrap()), None);
/// let (parts, ()) = http::Request::get("/hello").body(()).unwrap().into_parts();
/// # tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(async {
/// assert_eq!(app.answer(Delivery::new(parts, "")).await.status(), 204);
/// # });
/// ```
#[derive(Debug)]
pub struct App {
    table: Arc<Table>,
    sources: Option<&'static Sources>,
    timeout: Option<Duration>,
}

impl App {
    /// These functions; `timeout` is how long the front end waits for an answer, if that is known.
    pub fn new(table: Arc<Table>, timeout: Option<Duration>) -> Self {
        Self { sources: table.sources(), table, timeout }
    }

    /// Answers a request, whatever it holds. The reason of every failure is logged.
    pub async fn answer(&self, delivery: Delivery) -> Response<Body> {
        if NEVER.contains(&delivery.parts.uri.path()) {
            return problem(StatusCode::NOT_FOUND, "");
        }
        let deadline = self.timeout.and_then(|timeout| Time::now().after(timeout));
        let invocation = invocation(&delivery).with_deadline(deadline);
        let answered = match self.sources {
            Some(sources) => (sources.gcp)(&self.table, &delivery, &invocation).await,
            None => None,
        };
        match answered {
            Some(response) => response,
            None => encode(self.table.invoke(request(delivery), invocation).await),
        }
    }
}

/// Answers a request that may hold events, as the functions of the table read it.
pub(crate) fn events<'a>(
    table: &'a Arc<Table>,
    delivery: &'a Delivery,
    invocation: &'a Invocation,
) -> Pin<Box<dyn Future<Output = Option<Response<Body>>> + Send + 'a>> {
    let decode = |parts: &Parts, body: &Bytes| decode_for(parts, body, table.declared());
    Box::pin(answer_events(table, delivery, invocation, decode, encode))
}
