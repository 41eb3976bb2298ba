//! JSON as the same ordered tree, without comments and tags.

use std::fmt;

use serde::{
    Deserialize, Deserializer,
    de::{Error, MapAccess, SeqAccess, Visitor},
};

use super::{Node, Value};

/// Reads a JSON document; its members stay in their order.
pub(crate) fn read_json(text: &str) -> Result<Node, String> {
    serde_json::from_str(text).map_err(|error| error.to_string())
}

/// The text of a JSON file.
pub(crate) fn write_json(node: &Node) -> String {
    let mut out = String::new();
    write(&mut out, node, 0);
    out.push('\n');
    out
}

fn write(out: &mut String, node: &Node, column: usize) {
    let line = |out: &mut String, column: usize| {
        out.push('\n');
        out.extend(std::iter::repeat_n(' ', column));
    };
    match &node.value {
        Value::Plain(text) if text.is_empty() || node.is_null() => out.push_str("null"),
        Value::Plain(text) => out.push_str(text),
        Value::Text(text) => out.push_str(&quoted(text)),
        _ if node.is_empty() => out.push_str(if matches!(node.value, Value::List(_)) { "[]" } else { "{}" }),
        Value::List(items) => {
            out.push('[');
            for (at, item) in items.iter().enumerate() {
                out.push_str(if at > 0 { "," } else { "" });
                line(out, column + 2);
                write(out, item, column + 2);
            }
            line(out, column);
            out.push(']');
        }
        Value::Map(members) => {
            out.push('{');
            for (at, (key, node)) in members.iter().enumerate() {
                out.push_str(if at > 0 { "," } else { "" });
                line(out, column + 2);
                out.push_str(&quoted(key));
                out.push_str(": ");
                write(out, node, column + 2);
            }
            line(out, column);
            out.push('}');
        }
    }
}

fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

impl<'de> Deserialize<'de> for Node {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Any;

        impl<'de> Visitor<'de> for Any {
            type Value = Node;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a value")
            }

            fn visit_bool<E: Error>(self, value: bool) -> Result<Node, E> {
                Ok(value.into())
            }

            fn visit_i64<E: Error>(self, value: i64) -> Result<Node, E> {
                Ok(Node::new(Value::Plain(value.to_string())))
            }

            fn visit_u64<E: Error>(self, value: u64) -> Result<Node, E> {
                Ok(value.into())
            }

            fn visit_f64<E: Error>(self, value: f64) -> Result<Node, E> {
                Ok(Node::new(Value::Plain(serde_json::Value::from(value).to_string())))
            }

            fn visit_str<E: Error>(self, value: &str) -> Result<Node, E> {
                Ok(value.into())
            }

            fn visit_unit<E: Error>(self) -> Result<Node, E> {
                Ok(Node::new(Value::Plain("null".to_owned())))
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Node, A::Error> {
                let mut list = Vec::new();
                while let Some(item) = items.next_element::<Node>()? {
                    list.push(item);
                }
                Ok(Node::new(Value::List(list)))
            }

            fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Node, A::Error> {
                let mut members: Vec<(String, Node)> = Vec::new();
                while let Some((key, node)) = entries.next_entry::<String, Node>()? {
                    if members.iter().any(|(have, _)| *have == key) {
                        return Err(Error::custom(format_args!("`{key}` is there twice")));
                    }
                    members.push((key, node));
                }
                Ok(Node::new(Value::Map(members)))
            }
        }

        deserializer.deserialize_any(Any)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_keeps_its_order() {
        let text = "{\n  \"b\": [\n    1,\n    -2,\n    0.5,\n    null\n  ],\n  \"a\": {\n    \"x\\ny\": \"\\\"\",\n    \"z\": true\n  },\n  \"c\": [],\n  \"d\": {}\n}\n";
        assert_eq!(write_json(&read_json(text).unwrap()), text);
        assert!(read_json("{\"a\":1,\"a\":2}").unwrap_err().contains("`a` is there twice"));
    }
}
