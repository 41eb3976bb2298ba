//! One request of each source that delivers over HTTP, and the whole events that it must become.
#![cfg(all(feature = "container", feature = "gcp"))]
#![expect(clippy::unwrap_used, clippy::panic, reason = "what a test needs and does not find fails the test")]

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

use bytes::Bytes;
use http::{Request, request::Parts};
use polyfn_shim::{DecodeError, Event, container, gcp};
use serde_json::Value;

type Decode = fn(&Parts, &Bytes) -> Result<Vec<Event>, DecodeError>;

const HOSTS: [(&str, Decode); 2] = [("gcp", gcp::decode), ("container", container::decode)];

fn folder(provider: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src").join(provider).join("testdata")
}

/// The file and the trigger of each row of the README there.
fn rows(folder: &Path) -> Vec<(String, String)> {
    let readme = fs::read_to_string(folder.join("README.md")).unwrap();
    let rows = readme.lines().filter_map(|line| line.strip_prefix("| `"));
    let rows = rows.map(|row| {
        let mut cells = row.split('|').map(|cell| cell.trim().trim_end_matches('`').to_owned());
        (cells.next().unwrap(), cells.next().unwrap())
    });
    rows.collect()
}

/// Reads a raw HTTP/1.1 request whose body is all that follows the head.
fn request(raw: &[u8]) -> (Parts, Bytes) {
    let end = raw.windows(4).position(|window| window == b"\r\n\r\n").unwrap_or_else(|| panic!("no head with CRLF line ends"));
    let (head, rest) = raw.split_at(end);
    let (head, body) = (std::str::from_utf8(head).unwrap(), rest.strip_prefix(b"\r\n\r\n").unwrap());
    let mut lines = head.split("\r\n");
    let mut first = lines.next().unwrap().split(' ');
    let mut request = Request::builder().method(first.next().unwrap()).uri(first.next().unwrap());
    for line in lines {
        let (name, value) = line.split_once(':').unwrap();
        request = request.header(name, value.trim());
    }
    let parts = request.body(()).unwrap().into_parts().0;
    assert_eq!(parts.headers.get("content-length").map_or("0", |length| length.to_str().unwrap()), body.len().to_string());
    (parts, Bytes::copy_from_slice(body))
}

#[test]
fn each_delivery_becomes_its_events() {
    for (provider, decode) in HOSTS {
        let folder = folder(provider);
        for (name, trigger) in rows(&folder) {
            let (parts, body) = request(&fs::read(folder.join(format!("{name}.http"))).unwrap());
            let mut events = decode(&parts, &body).unwrap_or_else(|error| panic!("{provider}/{name}: {error}"));
            if trigger == "direct" {
                // The function tells a call, and the table makes it one.
                events = events.into_iter().map(Event::into_call).collect();
            }
            let want: Value = serde_json::from_slice(&fs::read(folder.join(format!("{name}.event.json"))).unwrap()).unwrap();
            let want = if want.is_array() { want } else { Value::Array(vec![want]) };
            assert_eq!(serde_json::to_value(&events).unwrap(), want, "{provider}/{name}");
            for event in &events {
                assert_eq!(event.trigger().kind().as_str(), trigger, "{provider}/{name}");
                assert_eq!(event.raw(), &body, "{provider}/{name}");
            }
        }
    }
}

#[test]
fn each_delivery_has_its_row() {
    for (provider, _) in HOSTS {
        let folder = folder(provider);
        let rows: BTreeSet<_> = rows(&folder).into_iter().map(|(name, _)| name).collect();
        let files = fs::read_dir(&folder).unwrap().map(|file| file.unwrap().file_name().into_string().unwrap());
        let files: BTreeSet<_> = files.filter_map(|file| file.strip_suffix(".http").map(str::to_owned)).collect();
        assert_eq!(rows, files, "{provider}");
        assert!(!rows.is_empty(), "{provider}");
    }
}
