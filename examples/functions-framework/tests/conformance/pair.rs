use std::{fs, path::Path};

use serde_json::Value;

/// One event in both forms, and what a function must see of it in each.
pub(crate) struct Pair {
    pub(crate) name: String,
    /// The body in the form of first-generation functions, byte for byte.
    pub(crate) legacy: Vec<u8>,
    /// What a function of that form sees of it.
    pub(crate) legacy_seen: Value,
    /// What a function of CloudEvents sees of it.
    pub(crate) legacy_mapped: Value,
    /// The CloudEvent, in its JSON format; a function of CloudEvents sees it as it is.
    pub(crate) cloud_event: Value,
    /// What a function of the old form sees of it.
    pub(crate) cloud_event_mapped: Value,
}

/// The pairs of this package.
pub(crate) fn own() -> Vec<Pair> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/events");
    let pairs = names(&folder, ".json").into_iter().map(|name| {
        let mut pair = read(&folder.join(format!("{name}.json")));
        let mut take = |member: &str| Some(pair[member].take()).filter(|value| !value.is_null());
        let (seen, mapped) = (take("seen").unwrap(), take("cloudevent").unwrap());
        Pair {
            name,
            legacy: serde_json::to_vec_pretty(&take("legacy").unwrap()).unwrap(),
            cloud_event: take("sent").unwrap_or_else(|| mapped.clone()),
            cloud_event_mapped: take("converted").unwrap_or_else(|| seen.clone()),
            legacy_seen: seen,
            legacy_mapped: mapped,
        }
    });
    pairs.collect()
}

/// Google's own, which lie outside the repository.
pub(crate) fn googles() -> Vec<Pair> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/fixtures/gcp/conformance");
    let pairs = names(&folder, "-legacy-input.json").into_iter().map(|name| {
        let file = |role: &str| folder.join(format!("{name}-{role}.json"));
        let converted = Some(file("legacy-output-converted")).filter(|file| file.exists());
        Pair {
            legacy: fs::read(file("legacy-input")).unwrap(),
            legacy_seen: read(&file("legacy-output")),
            legacy_mapped: read(&file("cloudevent-output")),
            cloud_event: read(&file("cloudevent-input")),
            cloud_event_mapped: read(&converted.unwrap_or_else(|| file("legacy-output"))),
            name,
        }
    });
    let pairs: Vec<_> = pairs.collect();
    assert_eq!(pairs.len(), 17, "{}", folder.display());
    pairs
}

/// What stands before `end` in the names of a folder's files.
fn names(folder: &Path, end: &str) -> Vec<String> {
    let files = fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let names = files.map(|file| file.unwrap().file_name().into_string().unwrap());
    let mut names: Vec<_> = names.filter_map(|name| name.strip_suffix(end).map(str::to_owned)).collect();
    names.sort();
    assert!(!names.is_empty(), "{}", folder.display());
    names
}

fn read(file: &Path) -> Value {
    let text = fs::read(file).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
    serde_json::from_slice(&text).unwrap_or_else(|error| panic!("{}: {error}", file.display()))
}
