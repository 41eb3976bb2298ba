use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

use http::{Request, request::Parts};
use serde_json::Value;

/// The kinds of triggers in the order in which a README's rows stand.
pub const TRIGGERS: [&str; 9] = ["http", "direct", "queue", "topic", "object", "schedule", "change", "stream", "event"];

/// The deliveries that lie in a provider's `testdata`, as the README there lists them.
pub struct TestData {
    folder: PathBuf,
    /// The rows of the README, in its order.
    pub rows: Vec<Row>,
}

/// A row of the README: what a delivery is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// The name of its files, up to the first dot.
    pub file: String,
    /// What each of its events starts.
    pub trigger: String,
    /// What sent it, in the words of the support table.
    pub source: String,
}

impl TestData {
    /// What lies in this provider's folder. Fails unless each delivery there has its row and each row its files.
    pub fn of(provider: &str) -> Self {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../runtime-shim/src").join(provider).join("testdata");
        let readme = fs::read_to_string(folder.join("README.md")).expect("testdata has a README");
        let rows: Vec<_> = readme.lines().filter_map(|line| line.strip_prefix("| `")).map(row).collect();
        for row in &rows {
            assert!(place(row).is_some(), "{provider}/{}: `{}` is no trigger", row.file, row.trigger);
        }
        let named: BTreeSet<_> = rows.iter().map(|row| row.file.clone()).collect();
        assert_eq!(named.len(), rows.len(), "{provider}: two rows of one file");
        assert_eq!(named, stems(&folder), "{provider}: the rows (left) are not the files (right)");
        Self { folder, rows }
    }

    /// Whether the rows of a trigger stand together, in the order of [`TRIGGERS`].
    pub fn is_sorted(&self) -> bool {
        self.rows.is_sorted_by_key(place)
    }

    /// The bytes of a row's file that ends like this, such as `.json`.
    pub fn read(&self, row: &Row, end: &str) -> Vec<u8> {
        let path = self.folder.join(format!("{}{end}", row.file));
        fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
    }

    /// The whole events that a row's delivery must become.
    pub fn events(&self, row: &Row) -> Vec<Value> {
        let events = serde_json::from_slice(&self.read(row, ".event.json"));
        match events.unwrap_or_else(|error| panic!("{}.event.json: {error}", row.file)) {
            Value::Array(events) => events,
            event => vec![event],
        }
    }

    /// The trigger and the resource of the function that a row's delivery is read for, where that decides: what lies beside it as
    /// `NAME.function.json`, such as `{"queue": "loans"}`.
    pub fn declared(&self, row: &Row) -> Option<(String, String)> {
        let json = fs::read(self.folder.join(format!("{}.function.json", row.file))).ok()?;
        let declared: BTreeMap<String, String> = serde_json::from_slice(&json).expect("a function.json of a trigger and a name");
        declared.into_iter().next()
    }

    /// A row's delivery, where that is a request: HTTP/1.1 as it is sent, and the body is all that follows the head.
    pub fn request(&self, row: &Row) -> (Parts, Vec<u8>) {
        let (parts, body) = request(&self.read(row, ".http"));
        let length = parts.headers.get("content-length").map_or(Ok("0"), |length| length.to_str());
        assert_eq!(length.ok(), Some(&*body.len().to_string()), "{}: the Content-Length", row.file);
        (parts, body)
    }
}

/// Reads a raw HTTP/1.1 request whose body is all that follows the head.
pub fn request(raw: &[u8]) -> (Parts, Vec<u8>) {
    let end = raw.windows(4).position(|window| window == b"\r\n\r\n").expect("a head with CRLF line ends");
    let (head, body) = raw.split_at(end);
    let mut lines = std::str::from_utf8(head).expect("a head of text").split("\r\n");
    let mut words = lines.next().unwrap_or_default().split(' ');
    let mut request = Request::builder().method(words.next().unwrap_or_default()).uri(words.next().unwrap_or_default());
    for line in lines {
        let (name, value) = line.split_once(':').expect("a header has a colon");
        request = request.header(name, value.trim());
    }
    let (parts, ()) = request.body(()).expect("a request").into_parts();
    (parts, body.get(4..).unwrap_or_default().to_vec())
}

/// Where a row's trigger stands among all.
fn place(row: &Row) -> Option<usize> {
    TRIGGERS.iter().position(|trigger| *trigger == row.trigger)
}

/// One row, without the border at its left.
fn row(line: &str) -> Row {
    let cells: Vec<_> = line.split('|').map(|cell| cell.trim().trim_end_matches('`')).collect();
    let [file, trigger, source, shows, .., follows, ""] = cells.as_slice() else { panic!("not five cells: {line}") };
    assert!(![source, shows, follows].iter().any(|cell| cell.is_empty()), "an empty cell: {line}");
    Row { file: (*file).to_owned(), trigger: (*trigger).to_owned(), source: (*source).to_owned() }
}

/// The names of the deliveries, each up to its first dot.
fn stems(folder: &Path) -> BTreeSet<String> {
    let files = fs::read_dir(folder).expect("a folder").map(|file| file.expect("a folder is readable").path());
    let deliveries = files.filter(|path| path.extension().is_some_and(|end| end == "json" || end == "http"));
    let names = deliveries.filter_map(|path| path.file_name()?.to_str()?.split('.').next().map(str::to_owned));
    names.collect()
}
