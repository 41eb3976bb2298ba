use bytes::Bytes;
use http::{Request, request::Parts};

/// More headers than this are refused, as the server does.
const MOST_HEADERS: usize = 64;

/// The request that these bytes are, as hyper would read its head; the body is all that follows. `None` if it is none.
pub fn request(raw: &[u8]) -> Option<(Parts, Bytes)> {
    let mut slots = [httparse::EMPTY_HEADER; MOST_HEADERS];
    let mut head = httparse::Request::new(&mut slots);
    let httparse::Status::Complete(end) = head.parse(raw).ok()? else { return None };
    let mut request = Request::builder().method(head.method?).uri(head.path?);
    for header in head.headers {
        request = request.header(header.name, header.value);
    }
    let (parts, ()) = request.body(()).ok()?.into_parts();
    Some((parts, Bytes::copy_from_slice(raw.get(end..)?)))
}

/// The same, or, if the first byte is a digit, the body after it under one of [`HEADS`]: the way to what no mutation of a head
/// finds soon.
pub fn request_or_head(raw: &[u8]) -> Option<(Parts, Bytes)> {
    match raw.split_first() {
        Some((digit @ b'0'..=b'9', body)) => {
            let head = HEADS.get(usize::from(digit - b'0'))?;
            let (parts, _) = request(format!("POST {head}\r\n\r\n").as_bytes())?;
            Some((parts, Bytes::copy_from_slice(body)))
        }
        _ => request(raw),
    }
}

/// Targets and headers of Google's deliveries whose bodies are read by what these say.
pub const HEADS: [&str; 10] = [
    "/ HTTP/1.1\r\nce-id: 1\r\nce-specversion: 1.0\r\nce-type: google.cloud.firestore.document.v1.written\r\n\
     ce-source: //firestore.googleapis.com/projects/p/databases/(default)\r\nce-subject: documents/orders/o-1\r\n\
     ce-document: orders/o-1\r\nce-database: (default)\r\nce-project: p\r\nce-location: eur3\r\nce-time: 2026-11-26T09:00:00.123456Z\r\n\
     content-type: application/protobuf",
    "/ HTTP/1.1\r\nce-id: 1\r\nce-specversion: 1.0\r\nce-type: google.cloud.datastore.entity.v1.updated\r\n\
     ce-source: //datastore.googleapis.com/projects/p/databases/(default)\r\nce-subject: entities/Order/1\r\nce-entity: Order/1\r\n\
     ce-database: (default)\r\nce-time: 2026-11-26T09:00:00.123456Z\r\ncontent-type: application/protobuf",
    "/ HTTP/1.1\r\nce-id: 1\r\nce-specversion: 1.0\r\nce-type: google.cloud.firestore.document.v1.deleted\r\n\
     ce-source: //firestore.googleapis.com/projects/p/databases/(default)\r\nce-subject: documents/orders/o-1\r\n\
     ce-document: orders/o-1\r\ncontent-type: application/json",
    "/ HTTP/1.1\r\nce-id: 1\r\nce-specversion: 1.0\r\nce-type: google.firebase.database.ref.v1.written\r\n\
     ce-source: //firebasedatabase.googleapis.com/projects/_/locations/l/instances/i\r\nce-subject: refs/orders/1\r\nce-ref: orders/1\r\n\
     ce-instance: i\r\ncontent-type: application/json",
    "/ HTTP/1.1\r\nce-id: 1\r\nce-specversion: 1.0\r\nce-type: google.cloud.storage.object.v1.finalized\r\n\
     ce-source: //storage.googleapis.com/projects/_/buckets/b\r\nce-subject: objects/a\r\ncontent-type: application/json",
    "/ HTTP/1.1\r\nce-id: 1\r\nce-specversion: 1.0\r\nce-type: google.cloud.pubsub.topic.v1.messagePublished\r\n\
     ce-source: //pubsub.googleapis.com/projects/p/topics/t\r\ncontent-type: application/json",
    "/?__GCP_CloudEventsMode=CE_PUBSUB_BINDING HTTP/1.1\r\ncontent-type: application/json",
    "/projects/p/topics/t HTTP/1.1\r\ncontent-type: application/json",
    "/ HTTP/1.1\r\ncontent-type: application/cloudevents+json",
    "/ HTTP/1.1\r\ncontent-type: application/cloudevents-batch+json",
];
