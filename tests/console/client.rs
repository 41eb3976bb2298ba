use std::{future::ready, pin::Pin, sync::Arc};

use bytes::Bytes;
use http::{Request, Response};
use polyfn_tests::call;
use thirtyfour::{
    error::{WebDriverError, WebDriverResult},
    session::http::{Body, HttpClient},
};

type Answer<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// Speaks to chromedriver with the tests' own blocking client: each test waits for one thing at a time.
pub(crate) struct Client;

impl HttpClient for Client {
    fn send<'a, 'b, 'c>(&'a self, request: Request<Body<'b>>) -> Answer<'c, WebDriverResult<Response<Bytes>>>
    where
        'a: 'c,
        'b: 'c,
    {
        let body = match request.body() {
            Body::Empty => Vec::new(),
            Body::Json(json) => json.to_string().into_bytes(),
        };
        let uri = request.uri();
        let path = uri.path_and_query().map_or("/", |path| path.as_str());
        let port = uri.port_u16().unwrap_or(80);
        let answer = call(port, request.method().as_str(), path, &[("content-type", "application/json")], &body);
        let response = Response::builder().status(answer.status()).body(Bytes::from(answer.body));
        Box::pin(ready(response.map_err(|error| WebDriverError::HttpError(error.to_string()))))
    }

    fn new<'a, 'c>(&'a self) -> Answer<'c, Arc<dyn HttpClient>>
    where
        'a: 'c,
    {
        Box::pin(ready(Arc::new(Self) as Arc<dyn HttpClient>))
    }
}
