use super::{
    body::Body,
    context::RequestContext,
    leaf::Leaf,
    pairs::Pairs,
    reader::{Reader, Result},
    source::Read,
    value::Value,
};

/// The top level of a delivery: every member that any shape has, each as tolerant as can be, in one pass.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Delivery<'a> {
    pub(super) is_object: bool,
    pub(super) body: Body<'a>,
    pub(super) cookies: Pairs<'a>,
    pub(super) detail: Leaf<'a>,
    pub(super) detail_type: Leaf<'a>,
    pub(super) event_source: Leaf<'a>,
    pub(super) events: Leaf<'a>,
    pub(super) headers: Pairs<'a>,
    pub(super) http_method: Leaf<'a>,
    pub(super) is_base64_encoded: Leaf<'a>,
    pub(super) kafka_records: Leaf<'a>,
    pub(super) method: Leaf<'a>,
    pub(super) method_arn: Leaf<'a>,
    pub(super) multi_value_headers: Pairs<'a>,
    pub(super) multi_value_query: Pairs<'a>,
    pub(super) path: Leaf<'a>,
    pub(super) path_parameters: Pairs<'a>,
    pub(super) query: Pairs<'a>,
    pub(super) raw_path: Leaf<'a>,
    pub(super) raw_path_snake: Leaf<'a>,
    pub(super) raw_query_string: Leaf<'a>,
    /// Whether it has records of a source that Lambda has.
    pub(super) has_records: bool,
    pub(super) request_context: RequestContext<'a>,
    pub(super) resource: Leaf<'a>,
    pub(super) route_arn: Leaf<'a>,
    pub(super) route_key: Leaf<'a>,
    pub(super) source: Leaf<'a>,
    pub(super) ty: Leaf<'a>,
    pub(super) version: Leaf<'a>,
    pub(super) window: Leaf<'a>,
}

impl<'a> Delivery<'a> {
    /// Reads the whole of it, and its records as `R`: bytes after the JSON are refused.
    pub(super) fn read<R: Read<'a>>(text: &'a str) -> Result<(Self, R)> {
        // It is large, and filled where it is.
        let (mut to, mut records) = (Self::default(), R::default());
        let mut reader = Reader::new(text);
        to.is_object = reader.object(|name, reader| {
            match name.name().as_bytes() {
                b"Records" => records = Value::read(reader)?,
                b"body" => to.body = Value::read(reader)?,
                b"cookies" => to.cookies = Value::read(reader)?,
                b"detail" => to.detail = Value::read(reader)?,
                b"detail-type" => to.detail_type = Value::read(reader)?,
                b"eventSource" => to.event_source = Value::read(reader)?,
                b"events" => to.events = Value::read(reader)?,
                b"headers" => to.headers = Value::read(reader)?,
                b"httpMethod" => to.http_method = Value::read(reader)?,
                b"isBase64Encoded" | b"is_base64_encoded" => to.is_base64_encoded = Value::read(reader)?,
                b"method" => to.method = Value::read(reader)?,
                b"methodArn" => to.method_arn = Value::read(reader)?,
                b"multiValueHeaders" => to.multi_value_headers = Value::read(reader)?,
                b"multiValueQueryStringParameters" => to.multi_value_query = Value::read(reader)?,
                b"path" => to.path = Value::read(reader)?,
                b"pathParameters" => to.path_parameters = Value::read(reader)?,
                b"queryStringParameters" | b"query_string_parameters" => to.query = Value::read(reader)?,
                b"rawPath" => to.raw_path = Value::read(reader)?,
                b"rawQueryString" => to.raw_query_string = Value::read(reader)?,
                b"raw_path" => to.raw_path_snake = Value::read(reader)?,
                b"records" => to.kafka_records = Value::read(reader)?,
                b"requestContext" => to.request_context = Value::read(reader)?,
                b"resource" => to.resource = Value::read(reader)?,
                b"routeArn" => to.route_arn = Value::read(reader)?,
                b"routeKey" => to.route_key = Value::read(reader)?,
                b"source" => to.source = Value::read(reader)?,
                b"type" => to.ty = Value::read(reader)?,
                b"version" => to.version = Value::read(reader)?,
                b"window" => to.window = Value::read(reader)?,
                _ => reader.skip()?,
            }
            Ok(())
        })?;
        reader.end()?;
        to.has_records = records.is_known();
        Ok((to, records))
    }
}
