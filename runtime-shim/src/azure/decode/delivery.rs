use bytes::Bytes;
use http::request::Parts;
use serde_json::value::RawValue;

use super::{envelope, facts::Facts, invocation_id, members::Members, value::Value};
use crate::{
    DecodeError, Event, Provider, Trigger,
    azure::{Binding, Cardinality, Declaration, TriggerType},
};

/// A delivery in JSON of any trigger but HTTP, with its parts found and none of them read.
pub(super) struct Delivery<'a> {
    pub(super) function: &'a Declaration,
    pub(super) metadata: Members<'a>,
    /// The trigger's value, as JSON text.
    pub(super) value: &'a str,
    invocation: &'a str,
    raw: &'a Bytes,
}

impl<'a> Delivery<'a> {
    pub(super) fn read(request: &'a Parts, raw: &'a Bytes, function: &'a Declaration) -> Result<Self, DecodeError> {
        let name = &function.bindings().trigger().name;
        let (value, metadata) = envelope::read::<&RawValue, Option<Members<'_>>>(raw, name)?;
        let invocation = invocation_id(&request.headers).unwrap_or_default();
        Ok(Self { function, metadata: metadata.flatten().unwrap_or_default(), value: value.get(), invocation, raw })
    }

    /// The bytes of the delivery.
    pub(super) fn raw(&self) -> &Bytes {
        self.raw
    }

    /// The trigger's binding.
    pub(super) fn binding(&self) -> &'a Binding {
        self.function.bindings().trigger()
    }

    pub(super) fn is_many(&self) -> bool {
        self.binding().cardinality == Some(Cardinality::Many)
    }

    /// An error at the trigger's value.
    pub(super) fn error(&self, reason: &str) -> DecodeError {
        DecodeError::at(format!("Data.{}", self.binding().name), reason)
    }

    /// The trigger's values with the facts of these names.
    pub(super) fn messages(&self, names: &[&'static str]) -> Result<(Vec<Value>, Facts<'_>), DecodeError> {
        let values = Value::read(self.value, self.binding())?;
        let facts = if self.is_many() {
            Facts::of_many(&self.metadata, names, values.len())?
        } else {
            Facts::of_one(&self.metadata, values.first().and_then(Value::text))
        };
        Ok((values, facts))
    }

    /// An event with this id, or one made of the invocation's: a batch has one invocation for all.
    pub(super) fn event(&self, trigger: Trigger, index: usize, id: Option<String>) -> Event {
        let id = id
            .filter(|id| !id.is_empty())
            .unwrap_or_else(|| if self.is_batch() { format!("{}/{index}", self.invocation) } else { self.invocation.to_owned() });
        Event::new(Provider::Azure, trigger).with_id(id).with_raw(self.raw.clone())
    }

    /// A change feed comes in batches always.
    fn is_batch(&self) -> bool {
        self.is_many() || self.function.bindings().trigger_type() == TriggerType::CosmosDb
    }
}

/// The event with these attributes.
pub(super) fn attributed(event: Event, attributes: Vec<(String, String)>) -> Event {
    attributes.into_iter().fold(event, |event, (name, value)| event.with_attribute(name, value))
}
