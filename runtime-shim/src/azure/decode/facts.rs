use super::{fact::Fact, members::Members, shadow::Shadow};
use crate::DecodeError;

/// What Metadata tells of the messages of a delivery.
pub(super) struct Facts<'a> {
    metadata: &'a Members<'a>,
    shadow: Shadow,
    /// The elements of the `..Array` members, for a delivery of many.
    arrays: Option<Vec<(&'static str, Vec<Fact<'static>>)>>,
}

impl<'a> Facts<'a> {
    /// Of one message; `text` is the message if it came as text, since it may have written over the facts.
    pub(super) fn of_one(metadata: &'a Members<'a>, text: Option<&str>) -> Self {
        Self { metadata, shadow: text.map_or(Shadow::Nothing, Shadow::of), arrays: None }
    }

    /// Of so many messages, for the facts of these names.
    ///
    /// # Errors
    /// A member that does not hold one element for each message.
    pub(super) fn of_many(metadata: &'a Members<'a>, names: &[&'static str], count: usize) -> Result<Self, DecodeError> {
        let mut arrays = Vec::with_capacity(names.len());
        for name in names {
            let member = format!("{name}Array");
            let Some(fact) = find(metadata, &member).filter(|fact| fact.json() != "null") else { continue };
            let at = |reason: String| DecodeError::at(format!("Metadata.{member}"), reason);
            let elements = fact.elements().ok_or_else(|| at("expected an array, or a string that holds one".to_owned()))?;
            if elements.len() != count {
                return Err(at(format!("{} elements for {count} messages", elements.len())));
            }
            arrays.push((*name, elements));
        }
        Ok(Self { metadata, shadow: Shadow::Nothing, arrays: Some(arrays) })
    }

    /// A fact of the message at this index; `None` if it is absent, null, or cannot be trusted.
    pub(super) fn get(&self, index: usize, name: &str) -> Option<Fact<'_>> {
        match &self.arrays {
            Some(arrays) => arrays.iter().find(|(have, _)| *have == name).and_then(|(_, list)| list.get(index)).cloned(),
            None => self.shared(name),
        }
        .filter(|fact| fact.json() != "null")
    }

    /// A fact of the delivery.
    pub(super) fn shared(&self, name: &str) -> Option<Fact<'a>> {
        if self.shadow.hides(name) { None } else { find(self.metadata, name) }
    }

    /// Which attempt this is, for triggers without a count of their own: the retry policy's, from 1 on.
    pub(super) fn attempt(&self) -> u32 {
        let retries = self.shared("RetryContext").and_then(|context| context.member("RetryCount")?.count());
        retries.and_then(|retries| u32::try_from(retries).ok()).and_then(|retries| retries.checked_add(1)).unwrap_or(1)
    }
}

fn find<'a>(metadata: &Members<'a>, name: &str) -> Option<Fact<'a>> {
    metadata.get(name).map(Fact::wrapped)
}
