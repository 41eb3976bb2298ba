use serde_json::{Map, Value};

/// Writes the members of a text that is an object over the facts, as the host does, and removes what it never sends.
pub(super) fn leak(metadata: &mut Map<String, Value>, text: Option<&str>) {
    let leaks = text.and_then(|text| serde_json::from_str::<Map<String, Value>>(text).ok()).unwrap_or_default();
    for (name, value) in leaks {
        let value = match value {
            Value::Null | Value::Array(_) => continue,
            Value::Bool(value) => doubled(if value { "True" } else { "False" }),
            Value::Number(number) => doubled(&number.to_string()),
            Value::String(text) => doubled(&text),
            object @ Value::Object(_) => object,
        };
        // The host keeps the spelling of the fact that was there.
        let name = metadata.keys().find(|have| have.eq_ignore_ascii_case(&name)).cloned().unwrap_or(name);
        metadata.insert(name, value);
    }
    metadata.retain(|name, _| !name.to_ascii_lowercase().ends_with("trigger"));
}

/// A text as a string that holds its JSON text.
pub(super) fn doubled(text: &str) -> Value {
    Value::String(Value::from(text).to_string())
}
