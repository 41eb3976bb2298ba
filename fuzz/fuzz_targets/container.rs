//! A request as it reaches a container.
#![no_main]

use libfuzzer_sys::fuzz_target;
use polyfn_fuzz::{check, request};
use polyfn_shim::container;

fuzz_target!(|raw: &[u8]| {
    let Some((parts, body)) = request(raw) else { return };
    let decoded = container::decode(&parts, &body).map_err(|error| error.to_string());
    assert_eq!(decoded, container::decode(&parts, &body).map_err(|error| error.to_string()), "not the same a second time");
    if let Ok(events) = decoded {
        check(&events, &body);
    }
});
