use http::HeaderValue;
use polyfn_shim::{
    Trigger,
    event::{Action, Headers, Http},
};

use super::{Break, Mutant, Seen};

pub(super) const MUTANTS: &[Mutant] = &[
    of("drops the second cookie", &["http-cookies"], |seen| {
        on_headers(seen, |pairs| {
            let mut cookies = 0;
            pairs.retain_mut(|(name, value)| {
                if name == "cookie" {
                    cookies += 1;
                    *value = value.split("; c=").next().unwrap_or_default().to_owned();
                }
                name != "cookie" || cookies == 1
            });
        });
    }),
    of("swaps the values of a header", &["http-headers-repeated"], |seen| {
        on_headers(seen, |pairs| {
            let places: Vec<_> = pairs.iter().enumerate().filter(|(_, (name, _))| name == "x-tag").map(|(at, _)| at).collect();
            if let [first, second, ..] = places[..] {
                pairs.swap(first, second);
            }
        });
    }),
    of("drops headers without a value", &["http-headers-repeated"], |seen| {
        on_headers(seen, |pairs| pairs.retain(|(_, value)| !value.is_empty()));
    }),
    of("loses the second value of a query", &["http-query-repeated"], |seen| {
        on_http(seen, |http| http.query = http.query.take().map(|query| query.replace("&tag=b", "").replace("a,b", "a")));
    }),
    of("takes a plus in a path for a space", &["http-path-escapes"], |seen| {
        on_http(seen, |http| http.path = http.path.replace('+', "%20"));
    }),
    of("leaves a slash of a path decoded", &["http-path-slash"], |seen| {
        on_http(seen, |http| http.path = http.path.replace("%2F", "/"));
    }),
    of("removes dots from a path", &["http-path-dots"], |seen| {
        on_http(seen, |http| http.path = http.path.replace("/a/..", "").replace("//", "/"));
    }),
    of("cuts the slash at the end of a path", &["http-path-dots"], |seen| {
        on_http(seen, |http| http.path = http.path.trim_end_matches('/').to_owned());
    }),
    of("believes the address that a caller claims", &["http-forwarded"], |seen| {
        on_http(seen, |http| http.client_ip = "198.51.100.1".parse().ok());
    }),
    of("loses the parameters of the route", &["http-plain"], |seen| on_http(seen, |http| http.params.clear())),
    of("calls HEAD a GET", &["http-head"], |seen| {
        on_http(seen, |http| {
            if http.method == "HEAD" {
                http.method = http::Method::GET;
            }
        });
    }),
    of("forces UTF-8 on a body", &["http-body-bytes", "topic-bytes", "stream-bytes", "event-bytes", "queue-bytes"], |seen| {
        seen.data = String::from_utf8_lossy(&seen.data).into_owned().into_bytes();
    }),
    of(
        "truncates a body",
        &["queue-long", "http-socket-message", "topic-json", "http-body-text", "stream-json", "direct-object", "event-json"],
        |seen| {
            seen.data.pop();
        },
    ),
    of("ends a body at a zero byte", &["http-body-text", "http-body-bytes", "queue-nul"], |seen| {
        seen.data = seen.data.split(|byte| *byte == 0).next().unwrap_or_default().to_vec();
    }),
    of(
        "reads whole numbers through a float",
        &[
            "queue-integer",
            "topic-integer",
            "direct-integer",
            "event-integer",
            "event-firebase-auth",
            "change-integer",
            "object-created",
        ],
        |seen| on_numbers(seen, "9007199254740993", "9007199254740992"),
    ),
    of("reads 38 digits as a float", &["queue-integer", "direct-integer", "event-integer", "change-digits"], |seen| {
        on_numbers(seen, "\"12345678901234567890123456789012345678\"", "1.2345678901234568e37");
        on_numbers(seen, "12345678901234567890123456789012345678", "1.2345678901234568e37");
    }),
    of("reads JSON in a text", &["queue-text-of-json", "event-text-of-json", "direct-text-of-json"], |seen| {
        if let Ok(text) = serde_json::from_slice::<String>(&seen.data) {
            seen.data = text.into_bytes();
        }
    }),
    of("takes null for nothing", &["queue-null", "direct-null", "event-null"], |seen| {
        if seen.data == b"null" {
            seen.data.clear();
        }
    }),
    of("unwraps what looks like an envelope", &["topic-sns", "queue-sns-confirmation", "http-body-sns"], |seen| {
        let envelope = serde_json::from_slice::<serde_json::Value>(&seen.data).unwrap_or_default();
        if let Some(message) = envelope.get("Message").and_then(|message| message.as_str()) {
            seen.data = message.as_bytes().to_vec();
        }
    }),
    of("believes the facts that a message forges", &["queue-leaks"], |seen| {
        if seen.data.windows(6).any(|word| word == b"forged") {
            seen.id = "forged".to_owned();
        }
    }),
    of(
        "drops an attribute",
        &["http-socket-connect", "queue-attributes", "topic-attributes", "stream-attributes", "event-attributes"],
        |seen| {
            seen.attributes.pop();
        },
    ),
    of("keeps one attribute of a name", &["stream-attributes-twice"], |seen| {
        seen.attributes.dedup_by(|(name, _), (other, _)| name == other);
    }),
    of("turns the order of attributes around", &["stream-attributes-twice"], |seen| seen.attributes.reverse()),
    of("drops attributes without a value", &["queue-attributes", "topic-attributes"], |seen| {
        seen.attributes.retain(|(_, value)| !value.is_empty());
    }),
    of("writes the name of an attribute in lower case", &["queue-attribute-case"], |seen| {
        seen.attributes.iter_mut().for_each(|(name, _)| name.make_ascii_lowercase());
    }),
    of("decodes the value of an attribute", &["queue-attributes"], |seen| {
        seen.attributes.iter_mut().for_each(|(_, value)| *value = value.replace("%20", " "));
    }),
    of("says the first attempt of every one", &["queue-attempt", "topic-attempt"], |seen| seen.attempt = 1),
    of("counts attempts from zero", &["queue-json", "topic-json", "stream-json"], |seen| seen.attempt -= 1),
    of("drops the key of an order", &["queue-group", "queue-fifo", "topic-key", "stream-key"], |seen| match &mut seen.trigger {
        Trigger::Queue(queue) => queue.group = None,
        Trigger::Topic(topic) => topic.ordering_key = None,
        Trigger::Stream(stream) => stream.partition_key = None,
        _ => {}
    }),
    of("drops a subject", &["event-subject", "topic-subject", "event-subject-unicode"], |seen| {
        seen.subject = None;
        if let Trigger::Topic(topic) = &mut seen.trigger {
            topic.subject = None;
        }
    }),
    of("drops the fraction of a second", &["topic-json", "stream-json", "event-json", "object-created", "queue-json"], |seen| {
        seen.time = seen.time.take().map(|time| time.replace(".029Z", "Z"));
    }),
    of("drops the media type", &["queue-json", "topic-text", "event-text", "http-body-json"], |seen| seen.datacontenttype = None),
    of("leaves the name of an object encoded", &["object-key"], |seen| {
        on_key(seen, |key| key.replace(' ', "+"));
    }),
    of("decodes the name of an object twice", &["object-key"], |seen| {
        on_key(seen, |key| key.replace("%2B", "+").replace("%20", " "));
    }),
    of("encodes the name of an object twice", &["object-key"], |seen| {
        on_key(seen, |key| key.replace('%', "%25"));
    }),
    of("calls a deletion an update", &["object-deleted", "change-deleted"], |seen| match &mut seen.trigger {
        Trigger::Object(object) if object.action == Action::Deleted => object.action = Action::Updated,
        Trigger::Change(change) if change.action == Action::Deleted => change.action = Action::Updated,
        _ => {}
    }),
    of("swaps what was and what is", &["change-updated", "change-created", "change-deleted"], |seen| {
        if let Trigger::Change(change) = &mut seen.trigger {
            std::mem::swap(&mut change.before, &mut change.after);
        }
    }),
    of("drops members that are null", &["change-nested", "change-updated"], |seen| {
        if let Trigger::Change(change) = &mut seen.trigger {
            change.after = change.after.take().map(|after| after.replace(",\"gone\":null", "").replace(",null", ""));
        }
    }),
    of("forgets when a tick was due", &["schedule-tick"], |seen| {
        if let Trigger::Schedule(schedule) = &mut seen.trigger {
            schedule.scheduled_for = None;
        }
    }),
    of(
        "gives an event another id",
        &["queue-id", "event-firebase-auth", "event-json", "object-created", "direct-object"],
        |seen| seen.id.push('#'),
    ),
];

const fn of(name: &'static str, killed_by: &'static [&'static str], breaks: fn(&mut Seen)) -> Mutant {
    Mutant { name, killed_by, reaches: &[], breaks: Break::Event(breaks) }
}

fn on_http(seen: &mut Seen, breaks: impl FnOnce(&mut Http)) {
    if let Trigger::Http(http) = &mut seen.trigger {
        breaks(http);
    }
}

fn on_headers(seen: &mut Seen, breaks: impl FnOnce(&mut Vec<(String, String)>)) {
    on_http(seen, |http| {
        let text = |value: &HeaderValue| value.to_str().unwrap_or_default().to_owned();
        let mut pairs: Vec<_> = http.headers.iter().map(|(name, value)| (name.as_str().to_owned(), text(value))).collect();
        breaks(&mut pairs);
        let pair =
            |(name, value): &(String, String)| (name.parse().expect("a header"), HeaderValue::from_str(value).expect("a value"));
        http.headers = pairs.iter().map(pair).collect::<Headers>();
    });
}

fn on_key(seen: &mut Seen, breaks: impl FnOnce(&str) -> String) {
    if let Trigger::Object(object) = &mut seen.trigger {
        object.key = breaks(&object.key);
    }
}

fn on_numbers(seen: &mut Seen, number: &str, other: &str) {
    if let Ok(text) = std::str::from_utf8(&seen.data) {
        seen.data = text.replace(number, other).into_bytes();
    }
    match &mut seen.trigger {
        Trigger::Change(change) => change.after = change.after.take().map(|after| after.replace(number, other)),
        Trigger::Object(object) if object.size.is_some_and(|size| size.to_string() == number) => object.size = other.parse().ok(),
        _ => {}
    }
}
