use std::{
    future::{Future, poll_fn},
    sync::{Arc, OnceLock},
};

use bytes::Bytes;
use http::{Request, Response};
use polyfn_shim::{
    Body, BoxError, Outcome, Reply,
    function::{Binding, Call, Description, Function},
    manifest::embed::Said,
};
use tower_service::Service;

use crate::{Context, Error, Functions, IntoError, Payload, functions::Registered, trigger};

/// What a program with a tower service says of itself.
#[doc(hidden)]
pub const SERVICE: Said<'_> = Said {
    members: r#""name":"service","trigger":"http""#,
    module: "",
    file: "",
    line: 0,
    batches: false,
    replies: "",
    native: &[],
};

/// A tower service, such as an axum `Router`, as the one function of a program: it answers every path and method.
#[doc(hidden)]
pub fn service<F, R, S, E, B>(make: F) -> Functions
where
    F: FnOnce() -> R + Send + 'static,
    R: Future<Output = Result<S, E>> + Send + 'static,
    S: Service<Request<Body>, Response = Response<B>> + Clone + Send + Sync + 'static,
    S::Future: Send,
    S::Error: Into<BoxError>,
    E: IntoError + Send + 'static,
    B: http_body::Body<Data = Bytes> + Send + 'static,
    B::Error: Into<BoxError>,
{
    let made: Arc<OnceLock<S>> = Arc::default();
    let description = Description::new("service", Binding::Http { methods: &[], path: None });
    let service = Arc::clone(&made);
    let call = Call::new(move |mut event, invocation| {
        let service = service.get().cloned();
        async move {
            let Some(service) = service else {
                return <trigger::Http as trigger::Trigger>::fail(Error::msg("the service was not made"));
            };
            let cx = Context::new(invocation, event.attempt());
            match <Request<Body> as Payload<trigger::Http>>::decode(&mut event, &cx) {
                Ok(request) => answer(service, request).await,
                Err(rejection) => <trigger::Http as trigger::Trigger>::reject(rejection),
            }
        }
    });
    let function = Function::of(description, call, None);
    Functions::new(vec![Registered { function, needs: Vec::new(), mistake: None }]).preparing(move || async move {
        let service = make().await.map_err(IntoError::into_error)?;
        // It is made once per process.
        let _ = made.set(service);
        Ok(())
    })
}

async fn answer<S, B>(mut service: S, request: Request<Body>) -> Outcome
where
    S: Service<Request<Body>, Response = Response<B>>,
    S::Error: Into<BoxError>,
    B: http_body::Body<Data = Bytes> + Send + 'static,
    B::Error: Into<BoxError>,
{
    // The error becomes `Send` at once, so that the future is.
    let ready: Result<(), BoxError> = poll_fn(|cx| service.poll_ready(cx)).await.map_err(Into::into);
    let response = match ready {
        Ok(()) => service.call(request).await.map_err(Into::into),
        Err(error) => Err(error),
    };
    match response {
        Ok(response) => Outcome::Done(Reply::Http(response.map(Body::new))),
        Err(error) => <trigger::Http as trigger::Trigger>::fail(Error::msg(error.to_string())),
    }
}
