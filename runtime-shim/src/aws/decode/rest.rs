use bytes::Bytes;

use super::{
    delivery::Delivery,
    headers::Reader,
    http::{self, Request},
    path::Base,
    query::{self, Form},
};
use crate::DecodeError;

/// REST API, and HTTP API with payload format 1.0.
///
/// Source: [Lambda proxy integrations](https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-lambda-proxy-integrations.html).
pub(super) fn decode<'a>(bytes: &Bytes, delivery: &'a Delivery<'_>) -> Result<Request<'a>, DecodeError> {
    let context = &delivery.request_context;
    let path = http::text("path", &delivery.path)?;
    let base = Base {
        template: delivery.resource.text(),
        parameters: &delivery.path_parameters,
        stage: context.stage.text(),
        has_stage: context.domain_name.is_absent() || context.has_label("execute-api"),
    };
    Ok(Request {
        method: http::method("httpMethod", &delivery.http_method)?,
        path: base.remove(path),
        raw_path: context.path.text().unwrap_or(path),
        query: query(delivery)?,
        headers: headers(bytes, delivery)?.finish(),
        client_ip: context.identity.source_ip.text(),
        time: http::time(&context.request_time_epoch),
        source: None,
    })
}

/// The gateway has decoded names and values, and sends each map that it has in both forms.
pub(super) fn query(delivery: &Delivery<'_>) -> Result<Option<String>, DecodeError> {
    let multi = ("multiValueQueryStringParameters", &delivery.multi_value_query);
    query::join(&[multi, ("queryStringParameters", &delivery.query)], Form::Decoded)
}

/// Every value of the one map, then the names that only the other has. Names differ by case here.
pub(super) fn headers<'b>(bytes: &'b Bytes, delivery: &Delivery<'_>) -> Result<Reader<'b>, DecodeError> {
    let multi = &delivery.multi_value_headers;
    let mut headers = Reader::new(bytes, multi.iter().len().max(delivery.headers.iter().len()));
    headers.add("multiValueHeaders", multi)?;
    headers.add_if("headers", &delivery.headers, |name| !multi.iter().any(|pair| pair.name == name))?;
    Ok(headers)
}
