use bytes::Bytes;

use super::{
    delivery::Delivery,
    headers::Reader,
    http::{self, Request},
    query::{self, Form},
};
use crate::{DecodeError, aws::Shape};

/// Application Load Balancer, with one value per name or with all.
///
/// Source: [Lambda functions as targets](https://docs.aws.amazon.com/elasticloadbalancing/latest/application/lambda-functions.html).
pub(super) fn decode<'a>(bytes: &Bytes, delivery: &'a Delivery<'_>, shape: Shape) -> Result<Request<'a>, DecodeError> {
    let path = http::text("path", &delivery.path)?;
    let (member, map) = match shape {
        Shape::AlbMulti => ("multiValueHeaders", &delivery.multi_value_headers),
        _ => ("headers", &delivery.headers),
    };
    let mut headers = Reader::new(bytes, map.iter().len());
    headers.add(member, map)?;
    let multi = ("multiValueQueryStringParameters", &delivery.multi_value_query);
    Ok(Request {
        method: http::method("httpMethod", &delivery.http_method)?,
        path,
        raw_path: path,
        query: query::join(&[multi, ("queryStringParameters", &delivery.query)], Form::Written)?,
        headers: headers.finish(),
        source: delivery.request_context.elb.target_group_arn.text(),
        ..Request::default()
    })
}
