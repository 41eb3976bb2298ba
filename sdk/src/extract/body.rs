use bytes::Bytes;
use http::Request;
use polyfn_shim::{Body, Event};

use super::head::{head, uri};
use crate::{Context, Payload, Rejection, payload::Data, trigger::Http};

/// The body, whatever it is.
impl Payload<Http> for Bytes {
    const BODY: bool = true;

    fn decode(event: &mut Event, _: &Context) -> Result<Self, Rejection> {
        Ok(event.data().cloned().unwrap_or_default())
    }
}

/// The body, which must be UTF-8.
impl Payload<Http> for String {
    const BODY: bool = true;

    fn decode(event: &mut Event, _: &Context) -> Result<Self, Rejection> {
        Data::of(event)
    }
}

/// The whole request; its extensions hold the [`Context`].
impl Payload<Http> for Request<Body> {
    const BODY: bool = true;

    fn decode(event: &mut Event, cx: &Context) -> Result<Self, Rejection> {
        let body = Body::from(event.data().cloned().unwrap_or_default());
        let http = head(event)?;
        let mut request = Self::new(body);
        *request.method_mut() = http.method.clone();
        *request.uri_mut() = uri(http)?;
        *request.headers_mut() = http.headers.to_map();
        request.extensions_mut().insert(cx.clone());
        Ok(request)
    }
}
