use std::{
    convert::Infallible,
    future::Future,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
};

use bytes::Bytes;
use http::{Request, Response, StatusCode};
use polyfn_shim::{
    Body, BoxError, Invocation, Provider,
    function::{Table, problem, response},
    server::{Delivery, Front, new_id},
};
use tower_service::Service;

use crate::{Error, Functions, program::Program};

/// Functions as a tower service, to mount in a server of your own; made by [`Functions::into_service`].
///
/// The server keeps its own limits: the whole body of a request is read before a function is called.
#[derive(Clone, Debug)]
pub struct FunctionService(Arc<Table>);

impl Functions {
    /// Makes a tower service of these functions, such as a fallback of an axum `Router`.
    ///
    /// Events have the provider `container`. Functions that take a [`State`](crate::State) need
    /// [`with_state`](Self::with_state) before.
    ///
    /// ```
    /// use http::Request;
    /// use polyfn::{Body, Path, function, functions};
    /// use tower_service::Service;
    ///
    /// #[function(http = "GET /hello/{name}")]
    /// async fn hello(Path(name): Path<String>) -> String {
    ///     format!("Hello, {name}!")
    /// }
    ///
    /// # tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(async {
    /// let mut service = functions![hello].into_service().await.unwrap();
    /// let request = Request::get("/hello/Ada").body(Body::default()).unwrap();
    /// let response = service.call(request).await.unwrap();
    /// assert_eq!(response.into_body().bytes().unwrap(), "Hello, Ada!");
    /// # });
    /// ```
    ///
    /// # Errors
    /// Functions that want the same requests, or a state that they need and do not have.
    pub async fn into_service(self) -> Result<FunctionService, Error> {
        let mut table = Table::new(self.listed(Program::new(), None), None, true)?;
        table.start().await?;
        Ok(FunctionService(Arc::new(table)))
    }
}

impl<B> Service<Request<B>> for FunctionService
where
    B: http_body::Body<Data = Bytes> + Send + 'static,
    B::Error: Into<BoxError>,
{
    type Response = Response<Body>;
    type Error = Infallible;
    type Future = Pin<Box<dyn Future<Output = Result<Response<Body>, Infallible>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<B>) -> Self::Future {
        let table = Arc::clone(&self.0);
        Box::pin(async move {
            let (parts, body) = request.into_parts();
            let body = match Body::new(body).collect().await {
                Ok(body) => body,
                Err(error) => {
                    tracing::warn!("request refused: its body broke off: {error}");
                    return Ok(problem(StatusCode::BAD_REQUEST, "the body broke off"));
                }
            };
            let delivery = Delivery::new(parts, body);
            let id = new_id();
            let invocation = Invocation::new(Provider::Container, id.as_str()).with_trace(delivery.header("traceparent"));
            let event = delivery.into_event(Provider::Container, Some(&id), Front::default());
            Ok(response(table.invoke(event, invocation).await))
        })
    }
}
