use bytes::Bytes;
use http::{HeaderValue, Response, StatusCode};
use serde_json::{Value, json};

use super::{Break, FRONT_ENDS, Mutant, WITH_COOKIES, WITH_FAILURES};

pub(super) const MUTANTS: &[Mutant] = &[
    of("acknowledges an item that failed", &["queue-json", "queue-fifo", "stream-json", "change-created"], |reply| {
        on_json(reply, |json| {
            if json["batchItemFailures"].is_array() {
                json["batchItemFailures"] = json!([]);
            }
        });
    })
    .reaching(WITH_FAILURES),
    of("names an item that was not there", &["queue-json", "queue-fifo", "stream-json", "change-created"], |reply| {
        on_json(reply, |json| {
            if let Some(id) = json.pointer_mut("/batchItemFailures/0/itemIdentifier") {
                *id = json!("other");
            }
        });
    })
    .reaching(WITH_FAILURES),
    of("fails an item that is done", &["queue-json", "stream-json"], |reply| {
        if reply.body() == r#"{"batchItemFailures":[]}"# {
            *reply.body_mut() = Bytes::from_static(br#"{"batchItemFailures":[{"itemIdentifier":"queue-json"}]}"#);
        }
    }),
    of("writes the names of failures in upper case", &["queue-json", "stream-json"], |reply| {
        if let Ok(text) = std::str::from_utf8(reply.body()) {
            *reply.body_mut() = Bytes::from(text.replace("batchItemFailures", "BatchItemFailures"));
        }
    }),
    of("answers 204 in place of 500", &["queue-json", "topic-json", "object-created", "schedule-tick", "event-json"], |reply| {
        if reply.status() == 500 {
            *reply.status_mut() = StatusCode::NO_CONTENT;
        }
    }),
    of("answers 200 in place of 204", &["queue-json", "topic-json", "event-json"], |reply| {
        if reply.status() == 204 {
            *reply.status_mut() = StatusCode::OK;
        }
    }),
    of("answers 203 in place of 204", &["topic-json", "object-created"], |reply| {
        if reply.status() == 204 {
            *reply.status_mut() = StatusCode::NON_AUTHORITATIVE_INFORMATION;
        }
    }),
    of(
        "forgets that the invocation failed",
        &["topic-json", "object-created", "schedule-tick", "event-json", "direct-object"],
        |reply| {
            reply.headers_mut().remove("x-amz-function-error");
        },
    ),
    of("answers a delivery with nothing", &["queue-json", "change-created", "schedule-tick"], |reply| {
        reply.body_mut().clear();
    }),
    of("answers an object that says nothing", &["queue-json", "stream-json"], |reply| {
        if reply.status() == 200 {
            *reply.body_mut() = Bytes::from_static(b"{}");
        }
    }),
    of("tells the caller why it failed", &["http-plain", "direct-object"], |reply| {
        if let Ok(text) = std::str::from_utf8(reply.body()) {
            *reply.body_mut() = Bytes::from(text.replace("Function.NotNow", "Function.NotNow: later"));
        }
    })
    .reaching(FRONT_ENDS),
    of("drops cookies of a response", &["http-plain"], |reply| {
        reply.headers_mut().remove("set-cookie");
        on_json(reply, |json| {
            json.as_object_mut().map(|json| json.remove("cookies"));
            for headers in ["headers", "multiValueHeaders"] {
                json[headers].as_object_mut().map(|headers| headers.remove("set-cookie"));
            }
        });
    })
    .reaching(FRONT_ENDS),
    of("drops the second cookie of a response", &["http-plain"], |reply| {
        if let Some(first) = reply.headers().get("set-cookie").cloned() {
            reply.headers_mut().insert("set-cookie", first);
        }
        on_json(reply, |json| {
            for cookies in ["/cookies", "/multiValueHeaders/set-cookie"] {
                if let Some(cookies) = json.pointer_mut(cookies).and_then(Value::as_array_mut) {
                    cookies.truncate(1);
                }
            }
        });
    })
    .reaching(WITH_COOKIES),
    of("joins the cookies of a response", &["http-plain"], |reply| {
        let all: Vec<_> = reply.headers().get_all("set-cookie").iter().filter_map(|value| value.to_str().ok()).collect();
        if all.len() > 1 {
            let joined = HeaderValue::from_str(&all.join(", ")).expect("a value");
            reply.headers_mut().insert("set-cookie", joined);
        }
        on_json(reply, |json| {
            for cookies in ["/cookies", "/multiValueHeaders/set-cookie"] {
                if let Some(cookies) =
                    json.pointer_mut(cookies).filter(|cookies| cookies.as_array().is_some_and(|all| all.len() > 1))
                {
                    let all: Vec<_> = cookies.as_array().into_iter().flatten().filter_map(Value::as_str).collect();
                    *cookies = json!([all.join(", ")]);
                }
            }
        });
    })
    .reaching(WITH_COOKIES),
    of("swaps the values of a header of a response", &["http-plain"], |reply| {
        let mut all: Vec<_> = reply.headers().get_all("x-tag").iter().cloned().collect();
        if all.len() > 1 {
            reply.headers_mut().remove("x-tag");
            all.reverse();
            all.into_iter().for_each(|value| {
                reply.headers_mut().append("x-tag", value);
            });
        }
        on_json(reply, |json| {
            if let Some(all) = json.pointer_mut("/multiValueHeaders/x-tag").and_then(Value::as_array_mut) {
                all.reverse();
            }
            if let Some(joined) = json.pointer_mut("/headers/x-tag").filter(|joined| **joined == json!("b, a")) {
                *joined = json!("a, b");
            }
        });
    })
    .reaching(FRONT_ENDS),
    of("ignores that a response is base64", &["http-plain"], |reply| {
        on_json(reply, |json| {
            if json["isBase64Encoded"] == json!(true) {
                json["isBase64Encoded"] = json!(false);
            }
        });
    })
    .reaching(FRONT_ENDS),
    of("takes any text that is base64 for bytes", &["http-plain"], |reply| {
        on_json(reply, |json| {
            if json["body"] == json!("dGVzdA==") {
                json["isBase64Encoded"] = json!(true);
            }
        });
    })
    .reaching(FRONT_ENDS),
    of("loses the last byte of a response", &["http-plain", "direct-object"], |reply| {
        let length = reply.body().len();
        reply.body_mut().truncate(length.saturating_sub(1));
    })
    .reaching(FRONT_ENDS),
    of("answers every request with 200", &["http-plain"], |reply| {
        *reply.status_mut() = StatusCode::OK;
        on_json(reply, |json| {
            for status in ["/statusCode", "/Outputs/res/statusCode"] {
                if let Some(status) = json.pointer_mut(status) {
                    *status = json!(200);
                }
            }
        });
    })
    .reaching(FRONT_ENDS),
];

const fn of(name: &'static str, killed_by: &'static [&'static str], breaks: fn(&mut Response<Bytes>)) -> Mutant {
    Mutant { name, killed_by, reaches: &[], breaks: Break::Reply(breaks) }
}

/// Changes a reply that is a JSON object; it is written anew only if it is another then.
fn on_json(reply: &mut Response<Bytes>, breaks: impl FnOnce(&mut Value)) {
    let Ok(sound @ Value::Object(_)) = serde_json::from_slice::<Value>(reply.body()) else { return };
    let mut json = sound.clone();
    breaks(&mut json);
    // Reading a member that is not there makes one that is null.
    if let Value::Object(members) = &mut json {
        members.retain(|name, value| !value.is_null() || sound.get(name).is_some());
    }
    if json != sound {
        *reply.body_mut() = Bytes::from(json.to_string());
    }
}
