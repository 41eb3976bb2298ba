use std::fmt;

use serde::de::{self, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

use super::{
    body::{self, Body},
    context::RequestContext,
    leaf::{Leaf, Name, scalars},
    pairs::Pairs,
    source::Read,
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
    pub(super) fn read<R: Read<'a>>(text: &'a str) -> Result<(Self, R), serde_json::Error> {
        // The body of a request is a string, and read quickest as one; other JSON may have anything there.
        Self::filled(text, true).or_else(|_| Self::filled(text, false))
    }

    fn filled<R: Read<'a>>(text: &'a str, is_request: bool) -> Result<(Self, R), serde_json::Error> {
        // It is large, and filled where it is.
        let (mut delivery, mut records) = (Self::default(), R::default());
        let mut deserializer = serde_json::Deserializer::from_str(text);
        deserializer.deserialize_any(DeliveryVisitor { text, to: &mut delivery, records: &mut records, is_request })?;
        deserializer.end()?;
        delivery.has_records = records.is_known();
        Ok((delivery, records))
    }
}

struct DeliveryVisitor<'d, 'a, R> {
    text: &'a str,
    to: &'d mut Delivery<'a>,
    records: &'d mut R,
    is_request: bool,
}

impl<'de, R: Read<'de>> Visitor<'de> for DeliveryVisitor<'_, 'de, R> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any JSON")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let Self { text, to, records, is_request } = self;
        to.is_object = true;
        while let Some(Name(name)) = map.next_key()? {
            match &*name {
                b"Records" => *records = map.next_value()?,
                b"body" if is_request => to.body = map.next_value_seed(body::Reader(behind(text, &name)))?,
                b"body" => to.body = map.next_value::<Leaf<'de>>()?.into(),
                b"cookies" => to.cookies = map.next_value()?,
                b"detail" => to.detail = map.next_value()?,
                b"detail-type" => to.detail_type = map.next_value()?,
                b"eventSource" => to.event_source = map.next_value()?,
                b"events" => to.events = map.next_value()?,
                b"headers" => to.headers = map.next_value()?,
                b"httpMethod" => to.http_method = map.next_value()?,
                b"isBase64Encoded" | b"is_base64_encoded" => to.is_base64_encoded = map.next_value()?,
                b"method" => to.method = map.next_value()?,
                b"methodArn" => to.method_arn = map.next_value()?,
                b"multiValueHeaders" => to.multi_value_headers = map.next_value()?,
                b"multiValueQueryStringParameters" => to.multi_value_query = map.next_value()?,
                b"path" => to.path = map.next_value()?,
                b"pathParameters" => to.path_parameters = map.next_value()?,
                b"queryStringParameters" | b"query_string_parameters" => to.query = map.next_value()?,
                b"rawPath" => to.raw_path = map.next_value()?,
                b"rawQueryString" => to.raw_query_string = map.next_value()?,
                b"raw_path" => to.raw_path_snake = map.next_value()?,
                b"records" => to.kafka_records = map.next_value()?,
                b"requestContext" => to.request_context = map.next_value()?,
                b"resource" => to.resource = map.next_value()?,
                b"routeArn" => to.route_arn = map.next_value()?,
                b"routeKey" => to.route_key = map.next_value()?,
                b"source" => to.source = map.next_value()?,
                b"type" => to.ty = map.next_value()?,
                b"version" => to.version = map.next_value()?,
                b"window" => to.window = map.next_value()?,
                _ => {
                    map.next_value::<IgnoredAny>()?;
                }
            }
        }
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<(), A::Error> {
        while seq.next_element::<IgnoredAny>()?.is_some() {}
        Ok(())
    }

    fn visit_unit<E: de::Error>(self) -> Result<(), E> {
        Ok(())
    }

    scalars!((), ());
}

/// What stands behind a piece of a text; nothing if it is no piece of it.
fn behind<'a>(text: &'a str, piece: &[u8]) -> &'a str {
    let end = piece.as_ptr_range().end.addr().checked_sub(text.as_ptr().addr());
    end.and_then(|end| text.get(end..)).unwrap_or_default()
}
