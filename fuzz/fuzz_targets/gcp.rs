//! A request as it reaches Cloud Run: a whole one, or a digit that chooses a head and a body; read alone, and for functions of
//! several kinds.
#![no_main]

use std::sync::LazyLock;

use bytes::Bytes;
use http::request::Parts;
use libfuzzer_sys::fuzz_target;
use polyfn_fuzz::{check, request_or_head};
use polyfn_shim::{
    Outcome, Reply,
    event::Kind,
    function::{Binding, Declared, Description, Filter, Function},
    gcp,
};

/// Functions that one process has, by their kind and the name of their resource.
const PROCESSES: [&[(Kind, &str)]; 8] = [
    &[(Kind::Topic, "t")],
    &[(Kind::Queue, "orders")],
    &[(Kind::Stream, "*")],
    &[(Kind::Schedule, "t")],
    &[(Kind::Event, "*")],
    &[(Kind::Event, "google.cloud.*"), (Kind::Object, "b"), (Kind::Change, "orders")],
    &[(Kind::Queue, "t"), (Kind::Stream, "clicks"), (Kind::Topic, "*"), (Kind::Schedule, "t")],
    &[(Kind::Direct, ""), (Kind::Topic, "t"), (Kind::Object, "*")],
];

static FUNCTIONS: LazyLock<Vec<Vec<Function>>> = LazyLock::new(|| {
    let function = |(kind, name): &(Kind, &'static str)| {
        let binding = match kind {
            Kind::Direct => Binding::Direct,
            kind => Binding::Resource { kind: *kind, name, filter: Filter::default() },
        };
        Function::blocking(Description::new("f", binding), |_, _| Outcome::Done(Reply::Empty))
    };
    PROCESSES.iter().map(|functions| functions.iter().map(function).collect()).collect()
});

fuzz_target!(|raw: &[u8]| {
    let Some((parts, body)) = request_or_head(raw) else { return };
    let decode = |parts: &Parts, body: &Bytes| gcp::decode(parts, body).map_err(|error| error.to_string());
    let decoded = decode(&parts, &body);
    assert_eq!(decoded, decode(&parts, &body), "not the same a second time");
    if let Ok(events) = &decoded {
        check(events, &body);
    }
    for functions in FUNCTIONS.iter() {
        let declared = Declared::of(functions);
        let decode = || gcp::decode_for(&parts, &body, declared.clone()).map_err(|error| error.to_string());
        let bound = decode();
        assert_eq!(bound, decode(), "not the same a second time");
        let Ok(events) = bound else { continue };
        check(&events, &body);
        // What a delivery is read as may differ, but not how many events it has.
        if let Ok(alone) = &decoded {
            assert_eq!(events.len(), alone.len(), "events come or go with the functions");
        }
    }
});
