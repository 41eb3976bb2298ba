use bytes::Bytes;
use polyfn_shim::Event;
use serde_json::value::RawValue;

/// Panics unless these events can have come from this delivery: none of them is made up, all of them can be printed.
pub fn check(events: &[Event], raw: &Bytes) {
    // The shortest item of any list that is an event, a comma included, is not shorter than this.
    assert!(events.len() <= 1 + raw.len() / 2, "{} events of {} bytes", events.len(), raw.len());
    for event in events {
        assert_eq!(event.raw(), raw, "raw() is not what came in");
        assert!(event.attempt() >= 1, "attempts are counted from 1 on");
        assert!(event.data().is_none_or(|data| !data.is_empty()), "no data is `None`");
    }
    let json = serde_json::to_vec(events).expect("an event has a JSON form");
    let read: Vec<&RawValue> = serde_json::from_slice(&json).expect("the JSON form is JSON");
    assert_eq!(read.len(), events.len());
    let back: Vec<Event> = serde_json::from_slice(&json).expect("the JSON form is read back");
    assert_eq!(serde_json::to_vec(&back).ok(), Some(json), "the JSON form loses something on the way back");
}
