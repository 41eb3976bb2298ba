//! A request as it reaches Cloud Run: a whole one, or a digit that chooses a head and a body.
#![no_main]

use libfuzzer_sys::fuzz_target;
use polyfn_fuzz::{check, request_or_head};
use polyfn_shim::gcp;

fuzz_target!(|raw: &[u8]| {
    let Some((parts, body)) = request_or_head(raw) else { return };
    let decoded = gcp::decode(&parts, &body).map_err(|error| error.to_string());
    assert_eq!(decoded, gcp::decode(&parts, &body).map_err(|error| error.to_string()), "not the same a second time");
    if let Ok(events) = decoded {
        check(&events, &body);
    }
});
