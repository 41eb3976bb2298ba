use bytes::Bytes;
use http::Response;
use serde::Deserialize;
use serde_json::value::RawValue;

use super::{read, text::indented};
use crate::{
    DecodeError,
    azure::{DataType, Declaration},
    base64,
};

/// What the host puts out for a function beside the answer to an HTTP caller.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Output {
    /// The name of the output's binding.
    pub binding: String,
    /// What it puts there, each a message of its own where the output is a queue.
    pub messages: Vec<Bytes>,
}

/// What the host puts out of a reply, for each declared output but `http`, with all that it guesses.
///
/// A text that happens to be base64 is decoded, unless the output is declared binary; one that looks like an array becomes
/// several messages; one that looks like an object is written anew, with indents. An array is a message for each element, none of
/// them decoded. An output that nobody declared goes nowhere.
///
/// Source: [custom handlers](https://learn.microsoft.com/azure/azure-functions/functions-custom-handlers#response-payload).
///
/// # Errors
/// A reply that fails the invocation; the text says why.
pub fn outputs(function: &Declaration, reply: &Response<Bytes>) -> Result<Vec<Output>, DecodeError> {
    let answer = read(reply)?;
    let declared = function.bindings().others().filter(|binding| binding.direction != crate::azure::Direction::In);
    let declared = declared.filter(|binding| !binding.is_http_output());
    let outputs = declared.filter_map(|binding| {
        let value = match binding.name.as_str() {
            "$return" => answer.return_value,
            name => answer.outputs.as_ref().and_then(|outputs| outputs.get(name)).filter(|value| *value != "null"),
        }?;
        let is_binary = binding.data_type == Some(DataType::Binary);
        Some(Output { binding: binding.name.clone(), messages: messages(value, is_binary) })
    });
    Ok(outputs.collect())
}

fn messages(value: &str, is_binary: bool) -> Vec<Bytes> {
    let Ok(text) = serde_json::from_str::<String>(value) else {
        return elements(value).unwrap_or_else(|| vec![Bytes::from(indented(value))]);
    };
    let looks_like = |open, close| text.trim().starts_with(open) && text.trim().ends_with(close);
    if is_binary {
        vec![Bytes::from(text)]
    } else if let Some(bytes) = base64::decode(&text).ok().filter(|_| !text.is_empty()) {
        vec![Bytes::from(bytes)]
    } else if let Some(elements) = elements(&text).filter(|_| looks_like('[', ']')) {
        elements
    } else if looks_like('{', '}') && serde_json::from_str::<serde::de::IgnoredAny>(&text).is_ok() {
        vec![Bytes::from(indented(&text))]
    } else {
        vec![Bytes::from(text)]
    }
}

/// The elements of an array, each as a message; `None` if it is none.
fn elements(json: &str) -> Option<Vec<Bytes>> {
    #[derive(Deserialize)]
    struct Elements<'a>(#[serde(borrow)] Vec<&'a RawValue>);
    let elements = serde_json::from_str::<Elements<'_>>(json).ok()?.0;
    let message = |element: &&RawValue| match serde_json::from_str::<String>(element.get()) {
        Ok(text) => Bytes::from(text),
        Err(_) => Bytes::from(indented(element.get())),
    };
    Some(elements.iter().map(message).collect())
}
