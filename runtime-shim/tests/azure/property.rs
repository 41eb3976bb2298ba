//! What the host of `local::azure` sends, `azure::decode` gives back, but for what each form is documented to lose.

use bytes::Bytes;
use http::{HeaderName, HeaderValue, Method};
use polyfn_shim::{
    Event, Provider, Trigger,
    azure::{Mode, decode},
    event::{Headers, Http, Kind},
    local,
};
use proptest::{collection::vec, option, prelude::*, sample::select};

use crate::wire::{function, json};

/// A caller's request to the route `items/{id}`.
fn caller(path: &'static str, query: &'static str) -> impl Strategy<Value = Event> {
    let header = (select(vec!["accept", "cookie", "x-tag", "content-language"]), "[ -~é]{0,12}");
    let body = prop_oneof![
        Just((None, Vec::new())),
        "\\PC{0,40}".prop_map(|text| (Some("text/plain"), text.into_bytes())),
        "[\\x00-\\x7f]{0,40}".prop_map(|text| (Some("application/json; charset=utf-8"), text.into_bytes())),
        vec(any::<u8>(), 0..40).prop_map(|bytes| (Some("application/octet-stream"), bytes)),
        vec(any::<u8>(), 0..40).prop_map(|bytes| (Some("Multipart/Mixed; boundary=b"), bytes)),
    ];
    let method = select(vec!["GET", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "HEAD", "PURGE"]);
    (method, path, option::of(query), vec(header, 0..6), body, "[0-9a-f-]{1,36}").prop_map(
        |(method, segment, query, pairs, (content_type, body), id)| {
            let path = format!("/items/{segment}");
            let mut http = Http::new(Method::from_bytes(method.as_bytes()).unwrap(), path, query.as_deref());
            let pairs = pairs.iter().map(|(name, value)| (*name, value.trim()));
            let own = [("host", "shop.example")].into_iter().chain(content_type.map(|value| ("content-type", value)));
            http.headers = own
                .chain(pairs)
                .map(|(name, value)| (HeaderName::from_static(name), HeaderValue::from_bytes(value.as_bytes()).unwrap()))
                .collect();
            http.raw_path = format!("/api{}", http.path);
            http.params = vec![("id".to_owned(), percent_decoded(&segment))];
            http.host = Some("shop.example".to_owned());
            http.scheme = Some("https".to_owned());
            Event::new(Provider::Azure, Trigger::Http(Box::new(http))).with_id(id).with_data(body, content_type)
        },
    )
}

/// A plain reading of the escapes that the strategies make: UTF-8 only.
fn percent_decoded(text: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        bytes.push(if byte == b'%' {
            let hex = [rest.next().unwrap(), rest.next().unwrap()];
            u8::from_str_radix(std::str::from_utf8(&hex).unwrap(), 16).unwrap()
        } else {
            byte
        });
    }
    String::from_utf8(bytes).unwrap()
}

fn round(event: &Event, mode: Mode) -> Event {
    let function = function("Items", Kind::Http, Some("items/{id}"));
    let (parts, body) = local::azure::delivery(event, &function, mode, "api").unwrap().into_parts();
    let mut events = decode(&parts, &body, &function, mode, "api").unwrap();
    assert_eq!((events.len(), events[0].raw()), (1, &body));
    events.remove(0).with_raw(Bytes::new())
}

/// The event with its headers grouped by name, as every form gives them, and without those that `drop` names.
fn grouped(event: &Event, drop: impl Fn(&str) -> bool) -> Event {
    let mut event = event.clone();
    let Trigger::Http(http) = event.trigger_mut() else { unreachable!() };
    let mut names: Vec<String> = Vec::new();
    for (name, _) in http.headers.iter() {
        if !drop(name.as_str()) && !names.iter().any(|have| have == name.as_str()) {
            names.push(name.as_str().to_owned());
        }
    }
    let headers: Headers = names
        .iter()
        .flat_map(|name| http.headers.get_all(name).map(|value| (name.parse().unwrap(), value.clone())).collect::<Vec<_>>())
        .collect();
    http.headers = headers;
    event
}

/// Without the host's own headers, and without the scheme, which the raw forms do not tell.
fn without_host(event: Event) -> Event {
    let mut event = event;
    let Trigger::Http(http) = event.trigger_mut() else { unreachable!() };
    for name in ["x-azure-functions-hostversion", "x-azure-functions-invocationid", "x-ms-invocation-id", "user-agent"] {
        http.headers.remove(name);
    }
    http.scheme = None;
    event
}

const ANY_SEGMENT: &str = "([a-zA-Z0-9._~!$&'()*+,;=:@-]|%20|%2F|%25|%C3%A9){1,12}";

proptest! {
    #[test]
    fn json_mode_gives_the_request_back(event in caller(ANY_SEGMENT, "[a-zA-Z0-9%&=+.,/?~-]{0,24}")) {
        prop_assert_eq!(round(&event, Mode::Json), grouped(&event, |_| false));
    }

    #[test]
    fn proxying_gives_the_request_back(event in caller(ANY_SEGMENT, "[a-zA-Z0-9%&=+.,/?~-]{0,24}")) {
        prop_assert_eq!(without_host(round(&event, Mode::Proxy)), without_host(grouped(&event, |_| false)));
    }

    #[test]
    fn forwarding_loses_content_headers_and_the_shape_of_the_query(
        event in caller(ANY_SEGMENT, "a=[0-9]{1,3}(&b)?(&a=[0-9]{1,3})?"),
    ) {
        let mut want = without_host(grouped(&event, |name| name == "content-language"));
        let Trigger::Http(http) = want.trigger_mut() else { unreachable!() };
        http.query = http.query.as_deref().map(|query| {
            let firsts: Vec<_> = query.split('&').filter_map(|pair| pair.strip_prefix("a=")).collect();
            let b = if query.contains("&b") { "&b=" } else { "" };
            format!("a={}{b}", firsts.join(","))
        });
        prop_assert_eq!(without_host(round(&event, Mode::Forward)), want);
    }

    #[test]
    fn no_bytes_make_the_decoder_panic(body in vec(any::<u8>(), 0..200)) {
        let _ = json(body);
    }

    #[test]
    fn no_envelope_makes_the_decoder_panic(
        url in "\\PC{0,20}", method in "\\PC{0,8}", name in "\\PC{0,8}", value in "\\PC{0,8}", media_type in "\\PC{0,12}", body in "\\PC{0,20}",
    ) {
        let request = serde_json::json!({
            "Url": url, "Method": method, "Headers": {name.as_str(): [value, null], "Content-Type": media_type},
            "Params": {name: value}, "Body": body,
        });
        let _ = json(serde_json::json!({"Data": {"req": request}}).to_string());
        let _ = json(serde_json::json!({"Data": {"req": request.to_string()}}).to_string());
    }

    #[test]
    fn a_delivery_with_one_byte_changed_does_no_harm(event in caller(ANY_SEGMENT, "[a-z=&]{0,9}"), at in any::<prop::sample::Index>(), byte: u8) {
        let function = function("F", Kind::Http, None);
        let mut body = local::azure::delivery(&event, &function, Mode::Json, "api").unwrap().into_body().to_vec();
        let at = at.index(body.len());
        body[at] = byte;
        let _ = json(body);
    }
}

#[test]
fn json_mode_loses_a_chunked_body_and_a_binary_one_under_a_text_type() {
    let event = |headers: &[(&'static str, &'static str)], body: &'static [u8]| {
        let mut http = Http::new(Method::POST, "/items/1", None);
        http.headers =
            headers.iter().map(|(name, value)| (HeaderName::from_static(name), HeaderValue::from_static(value))).collect();
        Event::new(Provider::Azure, Trigger::Http(Box::new(http))).with_data(body, None)
    };
    let chunked = event(&[("transfer-encoding", "chunked")], b"x");
    assert_eq!(round(&chunked, Mode::Json).data(), None);
    assert_eq!(round(&chunked, Mode::Proxy).data().unwrap(), "x");
    let refused = local::azure::delivery(&chunked, &function("F", Kind::Http, None), Mode::Forward, "api").unwrap_err();
    assert!(refused.to_string().contains("chunked"), "{refused}");

    let image = event(&[("content-type", "image/png")], b"\x89P");
    assert_eq!(round(&image, Mode::Json).data().unwrap(), "\u{fffd}P");
    assert_eq!(round(&image, Mode::Forward).data().unwrap(), b"\x89P".as_slice());
}

#[test]
fn forwarding_appends_the_hosts_id_and_name() {
    let mut http = Http::new(Method::GET, "/items/1", None);
    http.headers = [("user-agent", "evil/1.0"), ("x-azure-functions-invocationid", "forged")]
        .map(|(name, value)| (HeaderName::from_static(name), HeaderValue::from_static(value)))
        .into_iter()
        .collect();
    let event = Event::new(Provider::Azure, Trigger::Http(Box::new(http))).with_id("real");
    let function = function("Items", Kind::Http, Some("items/{id}"));
    let request = local::azure::delivery(&event, &function, Mode::Forward, "api").unwrap();
    assert_eq!(request.headers()["x-azure-functions-invocationid"], "forged, real");
    assert_eq!(request.headers()["user-agent"], "evil/1.0 Azure-Functions-Host/4.1037.0.0");
    for mode in [Mode::Json, Mode::Forward, Mode::Proxy] {
        assert_eq!(round(&event, mode).id(), "real", "{mode:?}");
    }
}

#[test]
fn json_mode_leaks_the_members_of_a_body_into_metadata() {
    let mut http = Http::new(Method::POST, "/items/7", Some("x=1&x=2"));
    http.headers.append(HeaderName::from_static("accept"), HeaderValue::from_static("*/*"));
    let body = r#"{"ID":42,"deep":{"v":1},"ok":true,"none":null,"list":[1],"myTrigger":"t"}"#;
    let event = Event::new(Provider::Azure, Trigger::Http(Box::new(http))).with_data(body, None);
    let request = local::azure::delivery(&event, &function("Items", Kind::Http, Some("items/{id}")), Mode::Json, "api").unwrap();
    let envelope: serde_json::Value = serde_json::from_slice(request.body()).unwrap();
    assert!(
        request
            .body()
            .starts_with(br#"{"Data":{"req":{"Url":"https://localhost/api/items/7?x=1&x=2","Method":"POST","Query":{"x":"1,2"}"#)
    );
    assert_eq!(
        envelope["Metadata"],
        serde_json::json!({
            "x": "\"1,2\"", "id": "\"42\"", "deep": {"v": 1}, "ok": "\"True\"",
            "Query": {"x": "1,2"}, "Headers": {"accept": "*/*"}, "sys": {"MethodName": "Items"},
        })
    );
}
