use bytes::Bytes;
use http::Request;

use crate::{
    DecodeError,
    event::{Headers, Http},
};

/// A request with these headers in place of its own; the order of headers of different names is lost.
pub(super) fn request(http: &Http, headers: &Headers, body: Option<&Bytes>) -> Result<Request<Bytes>, DecodeError> {
    let mut request = Request::new(body.cloned().unwrap_or_default());
    *request.method_mut() = http.method.clone();
    *request.uri_mut() = http.path_and_query().parse().map_err(|_| DecodeError::at("http.path", "no request target"))?;
    *request.headers_mut() = headers.to_map();
    Ok(request)
}
