use std::{fs, path::Path};

use polyfn_shim::{Event, event::Kind};
use serde::Deserialize;

/// An event of the corpus, as any provider may deliver it.
pub(crate) struct Entry {
    pub(crate) name: String,
    pub(crate) event: Event,
}

impl Entry {
    pub(crate) fn kind(&self) -> Kind {
        self.event.trigger().kind()
    }
}

/// What a function answers a caller.
#[derive(Clone, Debug)]
pub(crate) struct Reply {
    pub(crate) name: String,
    pub(crate) status: u16,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
}

/// Every event, by name.
pub(crate) fn events() -> Vec<Entry> {
    let entry = |(name, json): (String, String)| {
        let event = Event::from_json(&json).unwrap_or_else(|error| panic!("{name}: {error}"));
        Entry { name, event }
    };
    files(".event.json").into_iter().map(entry).collect()
}

/// Every reply, by name.
pub(crate) fn replies() -> Vec<Reply> {
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Written {
        status: u16,
        headers: Vec<(String, String)>,
        #[serde(default)]
        body: String,
        body_base64: Option<String>,
    }
    let reply = |(name, json): (String, String)| {
        let written: Written = serde_json::from_str(&json).unwrap_or_else(|error| panic!("{name}: {error}"));
        let body = written.body_base64.map_or_else(|| written.body.into_bytes(), |text| super::base64::decode(&text));
        Reply { name, status: written.status, headers: written.headers, body }
    };
    files(".reply.json").into_iter().map(reply).collect()
}

/// The files that end so, by what stands before it.
fn files(end: &str) -> Vec<(String, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("equivalence/corpus");
    let paths = fs::read_dir(folder).expect("a corpus").map(|file| file.expect("a folder is readable").path());
    let mut files: Vec<_> = paths
        .filter_map(|path| {
            let name = path.file_name()?.to_str()?.strip_suffix(end)?.to_owned();
            Some((name, fs::read_to_string(&path).expect("a file of text")))
        })
        .collect();
    files.sort();
    files
}
