use polyfn_shim::{Event, gcp::LegacyEvent};
use serde::de::DeserializeOwned;

use crate::{Context, Payload, Rejection, extract::json, trigger};

/// The old form of an event of Google's, whichever form it was delivered in.
impl<T: DeserializeOwned> Payload<trigger::Event> for LegacyEvent<T> {
    const NATIVE: &'static str = "it takes a `LegacyEvent`, which only Google Cloud has";

    fn decode(event: &mut Event, _: &Context) -> Result<Self, Rejection> {
        let legacy = LegacyEvent::of(event).map_err(|error| Rejection::new(error.to_string()))?;
        let data = json::read(legacy.data.get().as_bytes()).map_err(|rejection| rejection.under("data"))?;
        Ok(legacy.with_data(data))
    }
}
