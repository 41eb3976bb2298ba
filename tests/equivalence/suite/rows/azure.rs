use polyfn_shim::{
    Trigger,
    event::{Action, Http},
};

use super::{
    Row, Seen,
    edit::{add, by_name, decoded, digits_as_text, escaped, headers, http, is_unreserved, name, query, set_headers, set_query},
};

/// The host, which puts itself into every request.
const HOST: &str = "4.1037.0.0";

pub(super) const ROWS: &[Row] = &[
    Row {
        form: "azure/json",
        source: "https://learn.microsoft.com/azure/azure-functions/functions-custom-handlers#request-payload",
        refuses: |seen| match &seen.trigger {
            // The feed of Cosmos DB has no deletes, and a blobTrigger nothing but new blobs.
            Trigger::Change(change) => change.after.is_none(),
            Trigger::Object(object) => object.action != Action::Created,
            Trigger::Stream(stream) => stream.sequence.as_ref().is_some_and(|text| text.len() > 19),
            _ => false,
        },
        arrives: json,
        unordered: by_name,
    },
    Row {
        form: "azure/forward",
        source: "https://learn.microsoft.com/azure/azure-functions/functions-custom-handlers#http-only-function",
        refuses: |_| false,
        // The host reads the request and writes it anew: the path, the query, and of the content's headers two only.
        arrives: |seen| {
            let id = seen.id.clone();
            let http = http(seen);
            raw(http);
            http.path = http.path.split("%2F").map(|part| escaped(&decoded(part), is_of_path)).collect::<Vec<_>>().join("%2F");
            http.raw_path = format!("/api{}", http.path);
            let mut groups = query(http);
            for (name, values) in &mut groups {
                let anew = |text: &str| escaped(&decoded(&text.replace('+', " ")), |byte| is_unreserved(byte) || byte == b',');
                *name = anew(name);
                *values = vec![values.iter().map(|value| anew(value)).collect::<Vec<_>>().join(",")];
            }
            set_query(http, &groups);
            let mut groups = headers(http);
            groups.retain(|(name, _)| name != "content-encoding");
            set_headers(http, &groups);
            add(http, "user-agent", &format!("Azure-Functions-Host/{HOST}"));
            add(http, "x-azure-functions-hostversion", HOST);
            add(http, "x-azure-functions-invocationid", &id);
        },
        unordered: by_name,
    },
    Row {
        form: "azure/proxy",
        source: "https://learn.microsoft.com/azure/azure-functions/functions-custom-handlers",
        refuses: |_| false,
        arrives: |seen| {
            let id = seen.id.clone();
            let http = http(seen);
            raw(http);
            add(http, "x-azure-functions-hostversion", HOST);
            add(http, "x-azure-functions-invocationid", &id);
            add(http, "x-ms-invocation-id", &id);
        },
        unordered: by_name,
    },
];

/// What the host leaves in a path as it is.
fn is_of_path(byte: u8) -> bool {
    is_unreserved(byte) || b"!$&'()*+,;=:@/".contains(&byte)
}

/// The route's prefix is in what was asked for; a request from host to process tells neither scheme nor caller.
fn raw(http: &mut Http) {
    http.raw_path = format!("/api{}", http.path);
    (http.scheme, http.client_ip) = (None, None);
}

fn json(seen: &mut Seen) {
    let resource = name(seen);
    // The host counts seconds where it sends one message at a time.
    let seconds = seen.time.as_ref().map(|time| format!("{}Z", time.split(['.', 'Z']).next().unwrap_or_default()));
    match &mut seen.trigger {
        Trigger::Http(http) => {
            http.raw_path = format!("/api{}", http.path);
            http.client_ip = None;
            // Any body but these has become text.
            if seen.datacontenttype.as_deref() != Some("application/octet-stream") {
                seen.data = String::from_utf8_lossy(&seen.data).into_owned().into_bytes();
            }
        }
        Trigger::Direct | Trigger::Event => {}
        Trigger::Queue(queue) => {
            (queue.group, queue.sequence) = (None, None);
            (seen.source, seen.time, seen.datacontenttype) = (resource, seconds, None);
            seen.attributes.clear();
        }
        Trigger::Topic(_) => (seen.source, seen.time) = (format!("sb://local.servicebus.windows.net/{resource}"), seconds),
        Trigger::Stream(stream) => {
            let place = [stream.name.clone(), stream.partition.clone(), stream.sequence.clone()];
            seen.id = place.map(Option::unwrap_or_default).join("/");
            (seen.source, seen.datacontenttype) = (format!("sb://local.servicebus.windows.net/{resource}"), None);
        }
        Trigger::Object(object) => {
            object.size = object.size.or(Some(0));
            seen.datacontenttype = object.content_type.clone();
            seen.source = format!("https://local.blob.core.windows.net/{resource}");
        }
        Trigger::Schedule(_) => {
            (seen.time, seen.datacontenttype) = (None, None);
            seen.data.clear();
        }
        Trigger::Change(change) => {
            // A document is all that is told: not what it was, nor whether it is new.
            (change.action, change.before, change.key) = (Action::Updated, None, Some("\"7\"".to_owned()));
            digits_as_text(&mut change.after);
            (seen.id, seen.source, seen.time) = (format!("{}/0", seen.id), resource, None);
            seen.ty = "polyfn.change.updated".to_owned();
        }
    }
}
