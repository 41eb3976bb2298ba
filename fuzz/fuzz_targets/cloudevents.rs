//! A request in any mode of CloudEvents; what was read is written and read again in each mode.
#![no_main]

use libfuzzer_sys::fuzz_target;
use polyfn_fuzz::request;
use polyfn_shim::cloudevents::{
    CloudEvent, Dialect, decode, decode_batch, decode_binary, decode_structured, encode_batch, encode_binary, encode_structured,
};

fuzz_target!(|raw: &[u8]| {
    let Some((parts, body)) = request(raw) else { return };
    for dialect in [Dialect::Strict, Dialect::Lenient] {
        let decoded = || decode(&parts.headers, &body, dialect).map_err(|error| error.to_string());
        assert_eq!(decoded(), decoded(), "not the same a second time");
        let Ok(Some(events)) = decoded() else { continue };
        assert!(events.len() <= 1 + body.len() / 2);
        let batch = decode_batch(&encode_batch(&events)).expect("what was written is read");
        assert_eq!(comparable(&batch), comparable(&events), "batched");
        for event in events {
            let structured = decode_structured(&encode_structured(&event)).expect("what was written is read");
            assert_eq!(comparable(&[structured]), comparable(std::slice::from_ref(&event)), "structured");
            // A name or a media type that is none of HTTP's has no binary form.
            if let Ok((headers, body)) = encode_binary(&event) {
                let binary = decode_binary(&headers, &body, Dialect::Strict).expect("what was written is read");
                assert_eq!(comparable(&[binary]), comparable(&[event]), "binary");
            }
        }
    }
});

/// The events, but for what a mode of CloudEvents cannot tell: white space around JSON, and empty data from none.
fn comparable(events: &[CloudEvent]) -> Vec<CloudEvent> {
    let event = |event: &CloudEvent| CloudEvent {
        data: event.data.as_ref().map(|data| data.slice_ref(data.trim_ascii())).filter(|data| !data.is_empty()),
        ..event.clone()
    };
    events.iter().map(event).collect()
}
