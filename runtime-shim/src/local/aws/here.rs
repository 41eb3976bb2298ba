use std::sync::Arc;

use bytes::Bytes;
use http::{HeaderValue, Request, Response};
use tokio::time::timeout;

use super::{Configuration, invoke::Invoke, invoked};
use crate::{
    Body,
    aws::{Answer, App, Frame, encode},
    event::Time,
    function::unwind,
    local::{Delivering, Process, finishing::Finishing},
};

/// The functions of this process, invoked as Lambda invokes them: by `Invoke`'s request, answered in its form.
///
/// It differs from [`Lambda`](super::Lambda) in what only a process of its own can do: an invocation that takes too long is
/// dropped and nothing is killed, and as many run at once as there are deliveries. One that has begun goes on here too if nobody
/// waits for it any more.
///
/// ```
/// use std::sync::Arc;
///
/// use bytes::Bytes;
/// use polyfn_shim::{Outcome, Reply, aws::{App, Taken}, function::{Binding, Description, Function, Functions, Table}};
/// use polyfn_shim::local::{Process, aws::{Configuration, Here}};
///
/// let echo = Function::blocking(Description::new("echo", Binding::Direct), |event, _| {
///     Outcome::Done(Reply::Direct(event.data().cloned().unwrap_or_default()))
/// });
/// let table = Table::new(Functions::new(vec![echo]), None, false).unwrap();
/// let here = Here::new(App::new(Arc::new(table), Taken::default()), Configuration::default());
/// # tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap().block_on(async {
/// let reply = here.deliver(http::Request::new(Bytes::from_static(b"[1]"))).await.unwrap();
/// assert_eq!(reply.body(), "[1]");
/// # });
/// ```
#[derive(Clone, Debug)]
pub struct Here(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    app: Arc<App>,
    configuration: Configuration,
}

impl Here {
    /// These functions, with what their deployment would say of them.
    pub fn new(app: impl Into<Arc<App>>, configuration: Configuration) -> Self {
        Self(Arc::new(Inner { app: app.into(), configuration }))
    }
}

impl Inner {
    async fn invoke(&self, invoke: Invoke) -> Response<Bytes> {
        let limit = self.configuration.timeout;
        let frame = Frame::from_headers(&invoke.headers(Time::now().after(limit)));
        let answered = timeout(limit, async { reply(&invoke.id, self.app.answer(&frame, &invoke.payload).await).await });
        answered.await.unwrap_or_else(|_| invoked::timed_out(&invoke.id, limit))
    }
}

impl Process for Here {
    fn deliver(&self, delivery: Request<Bytes>) -> Delivering<'_> {
        let inner = Arc::clone(&self.0);
        match Invoke::read(delivery, &inner.configuration) {
            Ok(invoke) => Box::pin(Finishing::new(async move { inner.invoke(invoke).await.map(Body::from) })),
            Err(refused) => Box::pin(async { Ok(*refused) }),
        }
    }
}

async fn reply(id: &str, answer: Answer) -> Response<Bytes> {
    match answer {
        Answer::Whole(payload) if payload.len() > invoked::MOST => invoked::too_large(id, invoked::MOST),
        Answer::Whole(payload) => invoked::done(id, None, payload),
        Answer::Error { name, message } => invoked::failed(id, encode::error(&name, &message)),
        Answer::Stream(response) => streamed(id, response).await,
    }
}

/// A streamed answer as one payload: the prelude, then the body. One that breaks off is its error, as the trailers would say.
async fn streamed(id: &str, response: Response<Body>) -> Response<Bytes> {
    let (parts, body) = response.into_parts();
    let mut payload = encode::prelude(&parts).to_vec();
    match unwind::caught(body.collect()).await {
        Ok(Ok(body)) => payload.extend_from_slice(&body),
        Ok(Err(error)) => return invoked::failed(id, encode::error("Function.StreamError", &error.to_string())),
        Err(panic) => {
            return match crate::Outcome::from_panic(&*panic) {
                crate::Outcome::Retry(failure) | crate::Outcome::Drop(failure) => {
                    invoked::failed(id, encode::error(failure.name(), failure.message()))
                }
                crate::Outcome::Done(_) => invoked::truncated(id),
            };
        }
    }
    if payload.len() > invoked::MOST_STREAMED {
        return invoked::too_large(id, invoked::MOST_STREAMED);
    }
    invoked::done(id, Some(&HeaderValue::from_static(invoked::STREAMED)), payload.into())
}
