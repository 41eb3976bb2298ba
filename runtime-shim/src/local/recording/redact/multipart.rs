use memchr::memmem::find;

use super::{DEPTH, REDACTED, Redactor, name::is_secret};

const LINE: &[u8] = b"\r\n";
const HEAD: &[u8] = b"\r\n\r\n";
/// A boundary has up to 70 letters, behind two dashes.
const LONGEST: usize = 72;

impl Redactor {
    /// A form in parts, each field by its name; `None` if these bytes are none.
    ///
    /// Source: [RFC 7578](https://www.rfc-editor.org/rfc/rfc7578).
    pub(super) fn multipart(&mut self, body: &[u8]) -> Option<Vec<u8>> {
        let first = body.get(..find(body, LINE)?)?;
        if !first.starts_with(b"--") || first.len() > LONGEST || first.len() < 3 {
            return None;
        }
        let rest = body.get(first.len()..)?;
        let head = rest.get(..find(rest, HEAD)?)?;
        field(head)?;
        if self.depth >= DEPTH {
            return Some(REDACTED.into());
        }
        self.depth += 1;
        let redacted = self.parts(first, rest);
        self.depth -= 1;
        Some(redacted)
    }

    /// What stands behind the first boundary.
    fn parts(&mut self, boundary: &[u8], mut rest: &[u8]) -> Vec<u8> {
        let end = [LINE, boundary].concat();
        let mut redacted = boundary.to_vec();
        // Behind the last boundary stand two dashes.
        while rest.starts_with(LINE) {
            // What was cut off is the last part.
            let length = find(rest, &end).unwrap_or(rest.len());
            let (part, behind) = rest.split_at_checked(length).unwrap_or((rest, &[]));
            match find(part, HEAD) {
                Some(at) => {
                    let (head, content) = part.split_at_checked(at + HEAD.len()).unwrap_or((part, &[]));
                    redacted.extend_from_slice(head);
                    redacted.extend(self.part(head, content));
                }
                // No part is without a head; whatever it is, nobody knows.
                None => redacted.extend_from_slice([LINE, REDACTED.as_bytes()].concat().as_slice()),
            }
            let boundary = behind.len().min(end.len());
            let (boundary, after) = behind.split_at_checked(boundary).unwrap_or((behind, &[]));
            redacted.extend_from_slice(boundary);
            rest = after;
        }
        redacted.extend_from_slice(&self.plain_bytes(rest));
        redacted
    }

    fn part(&mut self, head: &[u8], content: &[u8]) -> Vec<u8> {
        match field(head) {
            Some(name) if is_secret(&name) => match std::str::from_utf8(content) {
                Ok(secret) => self.secret(secret).into_bytes(),
                Err(_) => REDACTED.into(),
            },
            _ => self.body(content, header(head, "content-type").as_deref(), false),
        }
    }
}

/// The name of the field that a part's head is of.
fn field(head: &[u8]) -> Option<String> {
    let disposition = header(head, "content-disposition")?;
    let mut parameters = disposition.split(';');
    if !parameters.next()?.trim().eq_ignore_ascii_case("form-data") {
        return None;
    }
    let name = parameters.find_map(|parameter| {
        let (name, value) = parameter.split_once('=')?;
        name.trim().eq_ignore_ascii_case("name").then(|| value.trim().trim_matches('"').to_owned())
    });
    Some(name.unwrap_or_default())
}

/// The value of a header in a part's head.
fn header(head: &[u8], wanted: &str) -> Option<String> {
    let head = String::from_utf8_lossy(head);
    head.lines().find_map(|line| {
        let (name, value) = line.split_once(':')?;
        name.trim().eq_ignore_ascii_case(wanted).then(|| value.trim().to_owned())
    })
}
