use bytes::Bytes;

use super::{
    delivery::Delivery,
    headers::Reader,
    http::{self, Request},
    leaf::Leaf,
    query::{self, Form},
};
use crate::{DecodeError, aws::Shape, event::Time};

/// VPC Lattice, in both versions of its event structure. What version 1 joined with commas is never split: a date has
/// one too.
///
/// Source: [Receive events from VPC Lattice](https://docs.aws.amazon.com/vpc-lattice/latest/ug/lambda-functions.html).
pub(super) fn decode<'a>(bytes: &Bytes, delivery: &'a Delivery<'_>, shape: Shape) -> Result<Request<'a>, DecodeError> {
    let path = match shape {
        Shape::Lattice1 => http::text("raw_path", &delivery.raw_path_snake)?,
        _ => http::text("path", &delivery.path)?,
    };
    let context = &delivery.request_context;
    let mut headers = Reader::new(bytes, delivery.headers.iter().len());
    headers.add("headers", &delivery.headers)?;
    let member = if shape == Shape::Lattice1 { "query_string_parameters" } else { "queryStringParameters" };
    let query = query::join(&[(member, &delivery.query)], Form::Written)?;
    Ok(Request {
        method: http::method("method", &delivery.method)?,
        path,
        raw_path: path,
        query,
        headers: headers.finish(),
        time: micros(&context.time_epoch),
        source: context.service_arn.text(),
        ..Request::default()
    })
}

fn micros(leaf: &Leaf<'_>) -> Option<Time> {
    leaf.whole().and_then(Time::from_micros)
}
