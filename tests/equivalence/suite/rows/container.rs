use polyfn_shim::Trigger;

use super::{
    Row, Seen,
    edit::{by_name, here, http},
};

const CLOUDEVENTS: &str = "https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/spec.md#attribute-naming-convention";

pub(super) const ROWS: &[Row] = &[
    Row { form: "container/binary", source: CLOUDEVENTS, refuses: |_| false, arrives, unordered: by_name },
    Row { form: "container/structured", source: CLOUDEVENTS, refuses: |_| false, arrives, unordered: |_| {} },
    Row { form: "container/batch", source: CLOUDEVENTS, refuses: |_| false, arrives, unordered: |_| {} },
];

/// A connection tells neither an id nor the caller's address, and here it is a plain one. The name of an object is the subject
/// of its event, and names of attributes are in lower case.
fn arrives(seen: &mut Seen) {
    seen.source = here(seen);
    match &seen.trigger {
        Trigger::Http(_) => {
            seen.id.clear();
            let http = http(seen);
            (http.client_ip, http.scheme) = (None, Some("http".to_owned()));
        }
        Trigger::Direct => seen.id.clear(),
        Trigger::Object(object) => seen.subject = Some(object.key.clone()),
        _ => {}
    }
    seen.attributes.iter_mut().for_each(|(name, _)| name.make_ascii_lowercase());
}
