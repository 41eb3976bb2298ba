//! A request of the host becomes events.

mod blob;
mod blob_name;
mod cosmos_db;
mod delivery;
mod documents;
mod envelope;
mod event_grid;
mod event_hubs;
mod fact;
mod facts;
mod http;
mod invocation_id;
mod kafka;
mod raw;
mod service_bus;
mod shadow;
mod storage_queue;
mod timer;
mod url;
mod value;

use bytes::Bytes;

use self::delivery::Delivery;
pub(crate) use self::{
    event_grid::{handshake, webhook},
    invocation_id::invocation_id,
    raw::raw,
};
use super::{Declaration, Mode, TriggerType};
use crate::{DecodeError, Event, members, text};

/// Makes events of a request that the host sent for `function`.
///
/// `route_prefix` is the host's (`api` unless host.json says otherwise): callers' paths begin with it, events' do not.
/// What each trigger's delivery looks like follows from the declared bindings; nothing is told by the look of a value.
///
/// An `httpTrigger` of a function for custom events or objects is what Event Grid calls: its requests become those events,
/// but for the ones in which Event Grid asks whether it may send any.
///
/// ```
/// use bytes::Bytes;
/// use polyfn_shim::{azure::{Bindings, Declaration, Mode, decode}, event::Kind};
///
/// let bindings = Bindings::read(br#"[{"type": "httpTrigger", "name": "req"}]"#).unwrap();
/// let function = Declaration::new("Greet", Kind::Http, bindings);
/// let (request, _) = http::Request::post("/Greet").body(()).unwrap().into_parts();
/// let body = Bytes::from(r#"{"Data":{"req":{"Url":"https://h/api/greet/ann?x=1","Method":"GET"}},"Metadata":{}}"#);
///
/// let events = decode(&request, &body, &function, Mode::Json, "api").unwrap();
/// assert_eq!(events[0].http().unwrap().path_and_query(), "/greet/ann?x=1");
/// ```
///
/// # Errors
/// A delivery that has not the declared form; the error names the place.
pub fn decode(
    request: &::http::request::Parts,
    body: &Bytes,
    function: &Declaration,
    mode: Mode,
    route_prefix: &str,
) -> Result<Vec<Event>, DecodeError> {
    let trigger_type = function.bindings().trigger_type();
    if trigger_type != TriggerType::Http && mode != Mode::Json {
        return Err(DecodeError::at(trigger_type.as_str(), "comes in JSON mode only"));
    }
    let delivery = || Delivery::read(request, body, function);
    // The one place where a trigger's type leads to its decoder.
    match trigger_type {
        TriggerType::Http => {
            let event = match mode {
                Mode::Json => http::decode(request, body, function, route_prefix),
                Mode::Forward | Mode::Proxy => raw::declared(request, body, function, route_prefix),
            }?;
            if function.is_webhook() && handshake(&event).is_none() { webhook(&event, function) } else { Ok(vec![event]) }
        }
        TriggerType::Queue => storage_queue::decode(&delivery()?),
        TriggerType::ServiceBus => service_bus::decode(&delivery()?),
        TriggerType::EventHub => event_hubs::decode(&delivery()?),
        TriggerType::Kafka => kafka::decode(&delivery()?),
        TriggerType::EventGrid => event_grid::decode(&delivery()?),
        TriggerType::Blob => blob::decode(&delivery()?),
        TriggerType::Timer => timer::decode(&delivery()?),
        TriggerType::CosmosDb => cosmos_db::decode(&delivery()?),
    }
}
