use std::{fs, path::Path};

use polyfn_shim::{
    azure::{Bindings, Declaration, decode},
    event::Kind,
};
use polyfn_tests::request;
use serde_json::Value;

use crate::wire::{difference, mode, printed};

#[test]
#[ignore = "needs ../shared"]
fn shared_fixtures_decode_as_they_say() {
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/fixtures/azure");
    let mut seen = Vec::new();
    let files = fs::read_dir(&dir).unwrap_or_else(|error| panic!("{}: {error}", dir.display()));
    for file in files.map(|file| file.unwrap().path()) {
        let Some(name) = file.file_name().and_then(|name| name.to_str()).and_then(|name| name.strip_suffix(".http")) else {
            continue;
        };
        let read = |suffix: &str| fs::read(dir.join(format!("{name}{suffix}"))).unwrap();
        let bindings = Bindings::read(&read(".binding.json")).unwrap();
        let (parts, body) = request(&read(".http"));
        let function = Declaration::new(parts.uri.path().trim_start_matches('/'), Kind::Http, bindings);
        let result = decode(&parts, &body.into(), &function, mode(name), "api");
        let wanted: Value = serde_json::from_slice(&read(".expect.json")).unwrap();
        match (wanted["error_contains"].as_array(), result) {
            (Some(parts), Err(error)) => {
                for part in parts {
                    assert!(error.to_string().contains(part.as_str().unwrap()), "{name}: {error}");
                }
            }
            (Some(_), Ok(events)) => panic!("{name}: decoded as {events:?}"),
            (None, result) => {
                let found = printed(&result.unwrap_or_else(|error| panic!("{name}: {error}")));
                assert_eq!(difference(&wanted, &found, name), None);
            }
        }
        seen.push(name.to_owned());
    }
    assert!(seen.len() >= 36, "too few cases: {seen:?}");
}
