use base64::{Engine, engine::general_purpose::STANDARD};
use serde_json::Value;

use super::{Refused, doubled};
use crate::azure::{Binding, Cardinality, DataType};

/// The values as the declared dataType and cardinality have them, as JSON text.
pub(super) fn written(values: &[&[u8]], binding: &Binding) -> Result<String, Refused> {
    let is_binary = is_binary(binding);
    if binding.cardinality != Some(Cardinality::Many) {
        let [value] = values else { return Err(Refused("cardinality one takes one event".to_owned())) };
        let one = if is_binary { Value::from(STANDARD.encode(value)) } else { doubled(text(value)?) };
        return Ok(one.to_string());
    }
    let element = |value: &&[u8]| match binding.data_type {
        _ if is_binary => Ok(Value::from(STANDARD.encode(value)).to_string()),
        Some(_) => Ok(Value::from(text(value)?).to_string()),
        // The host reads each message as JSON.
        None => {
            let json = text(value)?;
            serde_json::from_str::<serde::de::IgnoredAny>(json)
                .map_err(|_| Refused("a batch without dataType takes messages of JSON".to_owned()))?;
            Ok(json.trim_ascii().to_owned())
        }
    };
    let elements: Vec<_> = values.iter().map(element).collect::<Result<_, Refused>>()?;
    Ok(Value::from(format!("[{}]", elements.join(","))).to_string())
}

pub(super) fn is_binary(binding: &Binding) -> bool {
    matches!(binding.data_type, Some(DataType::Binary | DataType::Stream))
}

pub(super) fn text(value: &[u8]) -> Result<&str, Refused> {
    std::str::from_utf8(value)
        .map_err(|_| Refused("the host would destroy bytes that are no text; declare them binary".to_owned()))
}
