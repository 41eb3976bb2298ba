use serde_json::{Map, Value};

use crate::event::Time;

/// A fact of a message, as the host holds it.
pub(super) enum Fact {
    Text(Option<String>),
    Number(String),
    Date(Option<Time>),
    Object(Value),
}

impl Fact {
    /// The fact of a single message; a date loses its fraction of a second.
    fn one(&self) -> Option<Value> {
        match self {
            Self::Text(text) => text.as_deref().map(super::doubled),
            Self::Number(number) => Some(Value::from(number.as_str())),
            Self::Date(date) => date.map(|date| {
                let date = date.to_string();
                Value::from(date.split(['.', 'Z']).next().unwrap_or_default())
            }),
            Self::Object(object) => Some(object.clone()),
        }
    }

    /// The fact as an element of an array, as JSON text.
    fn element(&self) -> String {
        match self {
            Self::Text(text) => Value::from(text.clone()).to_string(),
            Self::Number(number) => number.clone(),
            Self::Date(date) => Value::from(date.map(|date| date.to_string().trim_end_matches('Z').to_owned())).to_string(),
            Self::Object(object) => object.to_string(),
        }
    }
}

/// The facts of one message, by their names.
pub(super) type Facts = Vec<(&'static str, Fact)>;

/// Writes facts into Metadata: those of one message, or of each in the `..Array` members.
pub(super) fn write(metadata: &mut Map<String, Value>, messages: &[Facts], many: bool) {
    let Some(first) = messages.first() else { return };
    for (index, (name, fact)) in first.iter().enumerate() {
        if many {
            let elements: Vec<_> = messages.iter().filter_map(|facts| facts.get(index)).map(|(_, fact)| fact.element()).collect();
            metadata.insert(format!("{name}Array"), Value::from(format!("[{}]", elements.join(","))));
        } else if let Some(value) = fact.one() {
            metadata.insert((*name).to_owned(), value);
        }
    }
}

/// Attributes as the object of an application's properties.
pub(super) fn properties(attributes: &[(String, String)]) -> Fact {
    Fact::Object(attributes.iter().map(|(name, value)| (name.clone(), Value::from(value.as_str()))).collect())
}
