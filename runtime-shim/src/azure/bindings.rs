use serde::Deserialize;

use super::{Binding, Direction, TriggerType};
use crate::DecodeError;

/// All bindings of a function: its one trigger, its other inputs and its outputs.
///
/// ```
/// use polyfn_shim::azure::{Bindings, TriggerType};
///
/// let bindings = Bindings::read(br#"[
///     {"type": "httpTrigger", "direction": "in", "name": "req", "route": "orders/{id:int?}"},
///     {"type": "http", "direction": "out", "name": "res"}
/// ]"#).unwrap();
/// assert_eq!(bindings.trigger_type(), TriggerType::Http);
/// assert_eq!(bindings.trigger().route.as_deref(), Some("orders/{id:int?}"));
/// assert_eq!(bindings.http_output(), "res");
/// assert!(bindings.is_pure_http());
/// ```
///
/// Source: [function.json](https://learn.microsoft.com/azure/azure-functions/functions-reference).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bindings {
    trigger: Binding,
    trigger_type: TriggerType,
    others: Vec<Binding>,
}

impl Bindings {
    /// Reads the `bindings` array of a function.json, or the whole file.
    ///
    /// # Errors
    /// No JSON of that form; no trigger or several; a trigger without a name or of a type that polyfn does not know.
    pub fn read(json: &[u8]) -> Result<Self, DecodeError> {
        #[derive(Deserialize)]
        struct File {
            bindings: Vec<Binding>,
        }
        let list = if json.trim_ascii_start().starts_with(b"{") {
            read::<File>(json)?.bindings
        } else {
            read::<Vec<Binding>>(json).map_err(|error| error.under("bindings"))?
        };
        Self::new(list)
    }

    /// These bindings, of which one is the trigger.
    ///
    /// # Errors
    /// No trigger or several; a trigger without a name or of a type that polyfn does not know.
    pub fn new(mut list: Vec<Binding>) -> Result<Self, DecodeError> {
        let mut triggers = list.iter().enumerate().filter(|(_, binding)| binding.is_trigger()).map(|(index, _)| index);
        let index = match (triggers.next(), triggers.next()) {
            (Some(index), None) => index,
            (None, _) => return Err(DecodeError::at("bindings", format!("no trigger, but {}", types(&list)))),
            (Some(_), Some(_)) => return Err(DecodeError::at("bindings", format!("several triggers: {}", types(&list)))),
        };
        let trigger = list.remove(index);
        let Some(trigger_type) = TriggerType::read(&trigger.ty) else {
            let known = TriggerType::ALL.map(|ty| format!("`{ty}`")).join(", ");
            return Err(DecodeError::at(
                format!("bindings[{index}].type"),
                format!("unknown trigger type `{}`; polyfn knows {known}", trigger.ty),
            ));
        };
        if trigger.name.is_empty() {
            return Err(DecodeError::at(format!("bindings[{index}]"), format!("the {trigger_type} has no name")));
        }
        Ok(Self { trigger, trigger_type, others: list })
    }

    /// The same with `%NAME%` in the names of resources replaced by the app setting NAME, where there is one.
    #[must_use]
    pub fn with_settings(mut self, setting: &dyn Fn(&str) -> Option<String>) -> Self {
        let trigger = &mut self.trigger;
        for name in [
            &mut trigger.queue_name,
            &mut trigger.topic_name,
            &mut trigger.subscription_name,
            &mut trigger.event_hub_name,
            &mut trigger.topic,
            &mut trigger.path,
            &mut trigger.container_name,
        ] {
            *name = name.take().map(|name| expanded(&name, setting));
        }
        self
    }

    /// What triggers the function.
    pub fn trigger(&self) -> &Binding {
        &self.trigger
    }

    /// The trigger's type.
    pub fn trigger_type(&self) -> TriggerType {
        self.trigger_type
    }

    /// The inputs beside the trigger, and the outputs, in their order.
    pub fn others(&self) -> impl Iterator<Item = &Binding> {
        self.others.iter()
    }

    /// The name under which an HTTP caller's response goes out; `res` if no output is declared.
    pub fn http_output(&self) -> &str {
        self.others.iter().find(|binding| binding.is_http_output()).map_or("res", |binding| &binding.name)
    }

    /// Whether the host can send the caller's own request: one input, the `httpTrigger`, and one output, `http`.
    pub fn is_pure_http(&self) -> bool {
        let input = |binding: &Binding| binding.direction != Direction::Out;
        self.trigger_type == TriggerType::Http
            && !self.others.iter().any(input)
            && matches!(self.others.as_slice(), [output] if output.is_http_output())
    }
}

fn read<'de, T: Deserialize<'de>>(json: &'de [u8]) -> Result<T, DecodeError> {
    let mut deserializer = serde_json::Deserializer::from_slice(json);
    let value = serde_path_to_error::deserialize(&mut deserializer).map_err(|error| {
        let path = error.path().to_string();
        let path = if path == "." { String::new() } else { path };
        DecodeError::at(path, error.into_inner().to_string())
    })?;
    deserializer.end().map_err(DecodeError::json)?;
    Ok(value)
}

fn expanded(text: &str, setting: &dyn Fn(&str) -> Option<String>) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('%') {
        out.push_str(before);
        match after.split_once('%').and_then(|(name, after)| Some((setting(name)?, after))) {
            Some((value, after)) => {
                out.push_str(&value);
                rest = after;
            }
            None => {
                out.push('%');
                rest = after;
            }
        }
    }
    out.push_str(rest);
    out
}

fn types(list: &[Binding]) -> String {
    if list.is_empty() {
        return "nothing".to_owned();
    }
    list.iter().map(|binding| format!("`{}`", binding.ty)).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::azure::{Cardinality, DataType};

    #[test]
    fn the_members_that_decide_are_read() {
        let json = br#"{"disabled":false,"bindings":[
            {"type":"EventHubTrigger","direction":"in","name":"events","eventHubName":"h","cardinality":"MANY","dataType":"Binary","x":[1]},
            {"type":"cosmosDB","direction":"out","name":"docs","collectionName":"c"}]}"#;
        let bindings = Bindings::read(json).unwrap();
        let trigger = bindings.trigger();
        assert_eq!(bindings.trigger_type(), TriggerType::EventHub);
        assert_eq!((trigger.cardinality, trigger.data_type), (Some(Cardinality::Many), Some(DataType::Binary)));
        assert_eq!(trigger.event_hub_name.as_deref(), Some("h"));
        assert_eq!(bindings.others().next().and_then(|binding| binding.container_name.as_deref()), Some("c"));
        assert!(!bindings.is_pure_http());
        assert_eq!(bindings.http_output(), "res");
    }

    #[test]
    fn app_settings_stand_for_names() {
        let bindings = Bindings::read(br#"[{"type":"queueTrigger","name":"a","queueName":"%Q%-%NONE%-100%"}]"#).unwrap();
        let bindings = bindings.with_settings(&|name| (name == "Q").then(|| "orders".to_owned()));
        assert_eq!(bindings.trigger().queue_name.as_deref(), Some("orders-%NONE%-100%"));
    }

    #[test]
    fn only_one_http_in_and_one_http_out_is_pure() {
        let trigger = r#"{"type":"httpTrigger","name":"req"}"#;
        let out = r#"{"type":"HTTP","direction":"OUT","name":"$return"}"#;
        for (others, pure) in [
            (vec![out], true),
            (vec![], false),
            (vec![out, out], false),
            (vec![out, r#"{"type":"queue","direction":"out","name":"q"}"#], false),
            (vec![out, r#"{"type":"blob","direction":"in","name":"b"}"#], false),
            (vec![r#"{"type":"queue","direction":"out","name":"q"}"#], false),
        ] {
            let json = format!("[{}]", [vec![trigger], others].concat().join(","));
            assert_eq!(Bindings::read(json.as_bytes()).unwrap().is_pure_http(), pure, "{json}");
        }
    }

    #[test]
    fn what_declares_no_trigger_is_an_error_that_names_what_it_saw() {
        for (json, parts) in [
            (r#"[]"#, &["bindings", "no trigger", "nothing"][..]),
            (r#"[{"type":"http","direction":"out","name":"res"}]"#, &["no trigger", "`http`"]),
            (r#"[{"type":"httpTrigger","name":"a"},{"type":"timerTrigger","name":"b"}]"#, &["several", "`timerTrigger`"]),
            (r#"[{"type":"sqlTrigger","name":"a"}]"#, &["bindings[0].type", "`sqlTrigger`", "`queueTrigger`"]),
            (r#"[{"type":"httpTrigger"}]"#, &["bindings[0]", "no name"]),
            (r#"[{"type":"queueTrigger","name":"a","dataType":"text"}]"#, &["bindings[0].dataType", "`text`", "`binary`"]),
            (r#"{"bindings":{}}"#, &["bindings: "]),
            (r#"{"x":1}"#, &["bindings"]),
            ("[] x", &["trailing"]),
            ("", &["EOF"]),
        ] {
            let message = Bindings::read(json.as_bytes()).unwrap_err().to_string();
            for part in parts {
                assert!(message.contains(part), "{json}: {message:?} lacks {part:?}");
            }
        }
    }
}
