use bytes::Bytes;

use super::{
    delivery::Delivery,
    headers::Reader,
    http::{self, Request},
    path::{self, Base},
};
use crate::DecodeError;

/// HTTP API with payload format 2.0, and Function URL, which has the same form.
///
/// HTTP APIs decode the path before they deliver it: an encoded slash in it cannot be told from a slash.
///
/// Source: [Payload format version](https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html).
pub(super) fn decode<'a>(bytes: &Bytes, delivery: &'a Delivery<'_>) -> Result<Request<'a>, DecodeError> {
    let context = &delivery.request_context;
    let raw_path = http::text("rawPath", &delivery.raw_path)?;
    let base = Base {
        template: path::template(&delivery.route_key),
        parameters: &delivery.path_parameters,
        stage: context.stage.text(),
        has_stage: context.domain_name.is_absent() || context.has_label("execute-api"),
    };
    let query = http::text("rawQueryString", &delivery.raw_query_string)?;
    let mut headers = Reader::new(bytes, delivery.headers.iter().len() + 1);
    headers.add("headers", &delivery.headers)?;
    // Function URLs send the cookies in both places; they are the same ones.
    if delivery.cookies.is_filled() {
        headers.set_cookies(delivery.cookies.list())?;
    }
    Ok(Request {
        method: http::method("requestContext.http.method", &context.http.method)?,
        path: base.remove(raw_path),
        raw_path,
        query: Some(query.to_owned()).filter(|query| !query.is_empty()),
        headers: headers.finish(),
        client_ip: context.http.source_ip.text(),
        time: http::time(&context.time_epoch),
        source: None,
    })
}
