//! One delivery of each front end, and the whole event that it must become.
#![cfg(feature = "aws")]

use bytes::Bytes;
use polyfn_shim::aws::{self, Frame, Shape};
use serde_json::Value;

macro_rules! deliveries {
    ($($name:literal $shape:ident),*) => {
        [$((
            $name,
            Shape::$shape,
            include_str!(concat!("../src/aws/testdata/", $name, ".json")),
            include_str!(concat!("../src/aws/testdata/", $name, ".event.json")),
        )),*]
    };
}

#[test]
fn each_delivery_becomes_its_event() {
    let frame = Frame::new("frame-1").with_function_arn("arn:aws:lambda:eu-west-1:123456789012:function:orders");
    for (name, shape, delivery, event) in deliveries![
        "rest" Rest, "http-api-1" HttpApi1, "http-api-2" HttpApi2, "function-url" FunctionUrl, "web-socket" WebSocket,
        "alb-single" AlbSingle, "alb-multi" AlbMulti, "lattice-1" Lattice1, "lattice-2" Lattice2, "authorizer" Direct,
        "sqs-fifo" SqsFifo, "sns-in-sqs" Sqs, "dynamodb" DynamoDb
    ] {
        let decoded = aws::decode(&Bytes::from_static(delivery.as_bytes()), &frame).unwrap();
        assert_eq!(decoded.shape(), shape, "{name}");
        assert_eq!(decoded.events().len(), 1, "{name}");
        let want: Value = serde_json::from_str(event).unwrap();
        assert_eq!(serde_json::to_value(&decoded.events()[0]).unwrap(), want, "{name}");
        assert_eq!(decoded.events()[0].raw(), delivery.as_bytes(), "{name}");
    }
}
