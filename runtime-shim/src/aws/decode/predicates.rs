//! The ordered predicates that tell a delivery's shape: looked at once, on the parsed top level, first match wins.

use super::{delivery::Delivery, leaf::Leaf};
use crate::aws::Shape;

/// What a delivery is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// JSON that is nobody's but the function's.
    Direct,
    /// A request in the form of this front end.
    Http(Shape),
    /// `Records` of SQS, SNS, S3, DynamoDB or Kinesis.
    Records,
    /// Records of Kafka.
    Kafka,
    /// Changes of DocumentDB.
    DocumentDb,
    /// The envelope of EventBridge.
    EventBridge,
}

type Predicate = fn(&Delivery<'_>) -> Option<Kind>;

/// Looked at from the top. Which row stands before which matters: an authorizer's event carries all that a request
/// carries, and some WebSocket events carry what a REST request does.
const PREDICATES: [Predicate; 12] = [
    |d| (!d.is_object).then_some(Kind::Direct),
    |d| is_authorizer(d).then_some(Kind::Direct),
    |d| d.request_context.elb.is_object.then(|| Kind::Http(alb(d))),
    |d| d.request_context.http.method.is_text().then(|| Kind::Http(http_api(d))),
    |d| {
        let context = &d.request_context;
        (context.connection_id.is_text() && context.event_type.is_text()).then_some(Kind::Http(Shape::WebSocket))
    },
    |d| d.request_context.service_network_arn.is_text().then_some(Kind::Http(Shape::Lattice2)),
    |d| (d.http_method.is_text() && d.request_context.is_object).then(|| Kind::Http(rest(d))),
    |d| {
        let lattice = d.raw_path_snake.is_text() && d.method.is_text() && !d.request_context.is_present;
        lattice.then_some(Kind::Http(Shape::Lattice1))
    },
    |d| (d.window.is_absent() && d.has_records).then_some(Kind::Records),
    |d| {
        let source = matches!(d.event_source.text(), Some("aws:kafka" | "aws:SelfManagedKafka" | "SelfManagedKafka"));
        (source && d.kafka_records == Leaf::Object).then_some(Kind::Kafka)
    },
    |d| (d.event_source.text() == Some("aws:docdb") && d.events == Leaf::Array).then_some(Kind::DocumentDb),
    |d| (d.detail_type.is_text() && d.source.is_text() && !d.detail.is_absent()).then_some(Kind::EventBridge),
];

/// What this delivery is; a direct call if no predicate holds.
pub(super) fn kind(delivery: &Delivery<'_>) -> Kind {
    PREDICATES.iter().find_map(|predicate| predicate(delivery)).unwrap_or(Kind::Direct)
}

fn is_authorizer(d: &Delivery<'_>) -> bool {
    matches!(d.ty.text(), Some("TOKEN" | "REQUEST")) && (d.method_arn.is_text() || d.route_arn.is_text())
}

fn alb(d: &Delivery<'_>) -> Shape {
    if d.multi_value_headers.is_map() { Shape::AlbMulti } else { Shape::AlbSingle }
}

fn http_api(d: &Delivery<'_>) -> Shape {
    if d.request_context.has_label("lambda-url") { Shape::FunctionUrl } else { Shape::HttpApi2 }
}

fn rest(d: &Delivery<'_>) -> Shape {
    if d.version.text() == Some("1.0") { Shape::HttpApi1 } else { Shape::Rest }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::aws::decode::records::Records;

    fn told(json: &str) -> Kind {
        kind(&Delivery::read::<Records<'_>>(json).unwrap().0)
    }

    #[test]
    fn each_kind_is_told_by_its_members() {
        for (json, want) in [
            (r#"{"requestContext":{"elb":{}},"httpMethod":"GET"}"#, Kind::Http(Shape::AlbSingle)),
            (r#"{"requestContext":{"elb":{}},"multiValueHeaders":{}}"#, Kind::Http(Shape::AlbMulti)),
            (r#"{"requestContext":{"http":{"method":"GET"}}}"#, Kind::Http(Shape::HttpApi2)),
            (
                r#"{"requestContext":{"http":{"method":"GET"},"domainName":"x.lambda-url.eu-west-1.on.aws"}}"#,
                Kind::Http(Shape::FunctionUrl),
            ),
            (r#"{"requestContext":{"connectionId":"c","eventType":"CONNECT"},"httpMethod":"GET"}"#, Kind::Http(Shape::WebSocket)),
            (r#"{"requestContext":{"serviceNetworkArn":"arn"},"version":"2.0"}"#, Kind::Http(Shape::Lattice2)),
            (r#"{"requestContext":{},"httpMethod":"GET"}"#, Kind::Http(Shape::Rest)),
            (r#"{"requestContext":{},"httpMethod":"GET","version":"1.0"}"#, Kind::Http(Shape::HttpApi1)),
            (r#"{"raw_path":"/","method":"GET"}"#, Kind::Http(Shape::Lattice1)),
            (r#"{"raw_path":"/","method":"GET","requestContext":null}"#, Kind::Http(Shape::Lattice1)),
            (r#"{"Records":[{"eventSource":"aws:sqs"}]}"#, Kind::Records),
            (r#"{"Records":[{"EventSource":"aws:sns"}, 5]}"#, Kind::Records),
            (r#"{"eventSource":"SelfManagedKafka","records":{}}"#, Kind::Kafka),
            (r#"{"eventSource":"aws:docdb","events":[]}"#, Kind::DocumentDb),
            (r#"{"source":"aws.s3","detail-type":"x","detail":"{}"}"#, Kind::EventBridge),
        ] {
            assert_eq!(told(json), want, "{json}");
        }
    }

    #[test]
    fn what_only_looks_like_one_is_direct() {
        for json in [
            "5",
            "null",
            "true",
            r#""hi""#,
            "[]",
            "{}",
            r#"{"type":"REQUEST","methodArn":"a","httpMethod":"GET","requestContext":{"http":{"method":"GET"}}}"#,
            r#"{"type":"TOKEN","routeArn":"a"}"#,
            r#"{"httpMethod":"GET","apiPath":"/"}"#,
            r#"{"httpMethod":"GET","path":"/"}"#,
            r#"{"httpMethod":"GET","path":"/","requestContext":null}"#,
            r#"{"httpMethod":"GET","requestContext":[]}"#,
            r#"{"httpMethod":5,"requestContext":{}}"#,
            r#"{"requestContext":{"http":{"method":5}}}"#,
            r#"{"requestContext":{"http":"GET"}}"#,
            r#"{"requestContext":{"elb":null}}"#,
            r#"{"requestContext":{"elb":"x"}}"#,
            r#"{"requestContext":{"connectionId":"c","eventType":1}}"#,
            r#"{"raw_path":"/","method":"GET","requestContext":{}}"#,
            r#"{"raw_path":"/","method":"GET","requestContext":5}"#,
            r#"{"info":{"fieldName":"x"}}"#,
            r#"{"Records":"x"}"#,
            r#"{"Records":[]}"#,
            r#"{"Records":{"eventSource":"aws:sqs"}}"#,
            r#"{"Records":[{"cf":{}}]}"#,
            r#"{"Records":["aws:sqs"]}"#,
            r#"{"Records":[{"eventSource":"aws:ses"}]}"#,
            r#"{"Records":[{"x":1},{"eventSource":"aws:sqs"}]}"#,
            r#"{"Records":[{"eventSource":"aws:kinesis"}],"window":{}}"#,
            r#"{"eventSource":"aws:kafka","records":[]}"#,
            r#"{"eventSource":"aws:docdb","events":{}}"#,
            r#"{"source":"aws.s3","detail-type":"x","detail":null}"#,
            r#"{"source":"aws.s3","detail-type":5,"detail":{}}"#,
        ] {
            assert_eq!(told(json), Kind::Direct, "{json}");
        }
    }
}
