use bytes::Bytes;

use crate::{
    DecodeError,
    event::{compact, string},
    fields::Fields,
};

/// Writes a body as the member that shows it best: `body_json`, `body_text` or `body_base64`; none if it is empty.
pub(super) fn write(body: &[u8], to: &mut String) {
    if body.is_empty() {
        return;
    }
    let text = std::str::from_utf8(body);
    match (text, text.ok().and_then(compact)) {
        (_, Some(json)) => {
            to.push_str(",\"body_json\":");
            to.push_str(json.get());
        }
        (Ok(text), None) => {
            to.push_str(",\"body_text\":");
            string(text, to);
        }
        (Err(_), None) => {
            to.push_str(",\"body_base64\":");
            string(&crate::base64::encode(body), to);
        }
    }
}

/// The way back.
pub(super) fn read(fields: &mut Fields<'_>) -> Result<Bytes, DecodeError> {
    let json = fields.raw("body_json").and_then(|json| compact(json.get())).map(|json| Bytes::from(json.get().to_owned()));
    let text = fields.text("body_text")?.map(Bytes::from);
    let binary = fields.word("body_base64", "base64", |text| crate::base64::decode(text).ok())?.map(Bytes::from);
    let mut bodies = [json, text, binary].into_iter().flatten();
    let body = bodies.next().unwrap_or_default();
    match bodies.next() {
        Some(_) => Err(fields.wrong("body_json", "one of body_json, body_text and body_base64, not several")),
        None => Ok(body),
    }
}
