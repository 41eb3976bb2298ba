//! The functions of a process as a plain HTTP host addresses them: a request in, a response out, and no socket.

use std::{future::Future, pin::Pin, sync::Arc};

use http::{Method, Response};

use super::{
    decode::{decode, invocation, request},
    encode,
};
use crate::{
    Body, Invocation,
    function::Table,
    server::{Delivery, answer_events},
    sources::Sources,
};

/// The paths that a host asks whether the process is up; a function that has one of them as its route answers it itself.
const READY: [&str; 3] = ["/healthz", "/livez", "/readyz"];

/// The functions of a process, as a plain HTTP host addresses them.
///
/// ```
/// use std::sync::Arc;
///
/// use polyfn_shim::{container::App, function::{Functions, Table}, server::Delivery};
///
/// let app = App::new(Arc::new(Table::new(Functions::new(Vec::new()), None, true).unwrap()), 0);
/// let (parts, ()) = http::Request::get("/readyz").body(()).unwrap().into_parts();
/// # tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(async {
/// assert_eq!(app.answer(Delivery::new(parts, "")).await.status(), 200);
/// # });
/// ```
#[derive(Debug)]
pub struct App {
    table: Arc<Table>,
    sources: Option<&'static Sources>,
    hops: usize,
}

impl App {
    /// These functions, behind so many proxies that are trusted.
    pub fn new(table: Arc<Table>, hops: usize) -> Self {
        Self { sources: table.sources(), table, hops }
    }

    /// Answers a request, whatever it holds. The reason of every failure is logged.
    pub async fn answer(&self, delivery: Delivery) -> Response<Body> {
        let (method, path) = (&delivery.parts.method, delivery.parts.uri.path());
        let asks = READY.contains(&path) && matches!(*method, Method::GET | Method::HEAD);
        if asks && !self.table.has_route(method, path) {
            return Response::default();
        }
        let invocation = invocation(&delivery);
        let answered = match self.sources {
            Some(sources) => (sources.container)(&self.table, &delivery, &invocation).await,
            None => None,
        };
        match answered {
            Some(response) => response,
            None => encode(self.table.invoke(request(delivery, self.hops), invocation).await),
        }
    }
}

/// Answers a request that may hold events.
pub(crate) fn events<'a>(
    table: &'a Arc<Table>,
    delivery: &'a Delivery,
    invocation: &'a Invocation,
) -> Pin<Box<dyn Future<Output = Option<Response<Body>>> + Send + 'a>> {
    Box::pin(answer_events(table, delivery, invocation, decode, encode))
}
