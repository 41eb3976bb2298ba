//! A change of a document as its users write it down for prost.
//!
//! Source: [google-cloudevents](https://github.com/googleapis/google-cloudevents), `google.events.cloud.firestore.v1`.

use std::collections::HashMap;

use prost::{Message, Oneof};

use crate::payload::{Line, Order};

#[derive(Clone, PartialEq, Message)]
pub(crate) struct DocumentEventData {
    #[prost(message, optional, tag = "1")]
    pub(crate) value: Option<Document>,
    #[prost(message, optional, tag = "2")]
    pub(crate) old_value: Option<Document>,
}

#[derive(Clone, PartialEq, Message)]
pub(crate) struct Document {
    #[prost(string, tag = "1")]
    pub(crate) name: String,
    #[prost(map = "string, message", tag = "2")]
    pub(crate) fields: HashMap<String, Value>,
    #[prost(message, optional, tag = "3")]
    pub(crate) create_time: Option<Timestamp>,
    #[prost(message, optional, tag = "4")]
    pub(crate) update_time: Option<Timestamp>,
}

#[derive(Clone, Copy, PartialEq, Message)]
pub(crate) struct Timestamp {
    #[prost(int64, tag = "1")]
    pub(crate) seconds: i64,
    #[prost(int32, tag = "2")]
    pub(crate) nanos: i32,
}

#[derive(Clone, PartialEq, Message)]
pub(crate) struct Value {
    #[prost(oneof = "Kind", tags = "1, 2, 6, 9, 17")]
    pub(crate) kind: Option<Kind>,
}

#[derive(Clone, PartialEq, Oneof)]
pub(crate) enum Kind {
    #[prost(bool, tag = "1")]
    Boolean(bool),
    #[prost(int64, tag = "2")]
    Integer(i64),
    #[prost(message, tag = "6")]
    Map(Map),
    #[prost(message, tag = "9")]
    Array(Array),
    #[prost(string, tag = "17")]
    String(String),
}

#[derive(Clone, PartialEq, Message)]
pub(crate) struct Map {
    #[prost(map = "string, message", tag = "1")]
    pub(crate) fields: HashMap<String, Value>,
}

#[derive(Clone, PartialEq, Message)]
pub(crate) struct Array {
    #[prost(message, repeated, tag = "1")]
    pub(crate) values: Vec<Value>,
}

/// The order that a document holds.
pub(crate) fn order(mut fields: HashMap<String, Value>) -> Order {
    let Kind::Array(lines) = kind(&mut fields, "lines") else { panic!("no lines") };
    let line = |value: Value| {
        let Some(Kind::Map(Map { mut fields })) = value.kind else { panic!("no line") };
        Line { sku: text(&mut fields, "sku"), quantity: whole(&mut fields, "quantity") }
    };
    Order {
        id: text(&mut fields, "id"),
        customer: text(&mut fields, "customer"),
        email: text(&mut fields, "email"),
        total: whole(&mut fields, "total"),
        express: matches!(kind(&mut fields, "express"), Kind::Boolean(true)),
        note: text(&mut fields, "note"),
        lines: lines.values.into_iter().map(line).collect(),
    }
}

fn kind(fields: &mut HashMap<String, Value>, name: &str) -> Kind {
    fields.remove(name).and_then(|value| value.kind).expect("a field")
}

fn text(fields: &mut HashMap<String, Value>, name: &str) -> String {
    let Kind::String(text) = kind(fields, name) else { panic!("no text") };
    text
}

fn whole(fields: &mut HashMap<String, Value>, name: &str) -> i64 {
    let Kind::Integer(whole) = kind(fields, name) else { panic!("no whole number") };
    whole
}

/// The document that holds an order.
pub(crate) fn document(order: &Order) -> Document {
    let value = |kind| Value { kind: Some(kind) };
    let text = |text: &str| value(Kind::String(text.to_owned()));
    let whole = |whole| value(Kind::Integer(whole));
    let line = |line: &Line| {
        let fields = [("sku", text(&line.sku)), ("quantity", whole(line.quantity))];
        value(Kind::Map(Map { fields: fields.map(|(name, value)| (name.to_owned(), value)).into() }))
    };
    let fields = [
        ("id", text(&order.id)),
        ("customer", text(&order.customer)),
        ("email", text(&order.email)),
        ("total", whole(order.total)),
        ("express", value(Kind::Boolean(order.express))),
        ("note", text(&order.note)),
        ("lines", value(Kind::Array(Array { values: order.lines.iter().map(line).collect() }))),
    ];
    let at = Some(Timestamp { seconds: 1_764_147_600, nanos: 123_456_000 });
    Document {
        name: format!("projects/p/databases/(default)/documents/orders/{}", order.id),
        fields: fields.map(|(name, value)| (name.to_owned(), value)).into(),
        create_time: at,
        update_time: at,
    }
}
