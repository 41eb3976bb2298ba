//! A function.json, a NUL byte, and a request of the Functions host for the function that it declares: read in every mode, and
//! for every kind of function that the declaration fits.
#![no_main]

use libfuzzer_sys::fuzz_target;
use polyfn_fuzz::{check, request};
use polyfn_shim::{
    azure::{Bindings, Declaration, Mode, decode},
    event::Kind,
};

const KINDS: [Kind; 9] =
    [Kind::Http, Kind::Direct, Kind::Queue, Kind::Topic, Kind::Object, Kind::Schedule, Kind::Change, Kind::Stream, Kind::Event];

fuzz_target!(|bytes: &[u8]| {
    let Some(nul) = bytes.iter().position(|byte| *byte == 0) else { return };
    let (json, raw) = bytes.split_at(nul);
    let Ok(bindings) = Bindings::read(json) else { return };
    let Some((parts, body)) = request(&raw[1..]) else { return };
    for kind in KINDS.into_iter().filter(|kind| Declaration::fits(&bindings, *kind)) {
        let function = Declaration::new("F", kind, bindings.clone());
        for mode in [Mode::Json, Mode::Forward, Mode::Proxy] {
            let decoded = || decode(&parts, &body, &function, mode, "api").map_err(|error| error.to_string());
            assert_eq!(decoded(), decoded(), "not the same a second time");
            if let Ok(events) = decoded() {
                check(&events, &body);
            }
        }
    }
});
