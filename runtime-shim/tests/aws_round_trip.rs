//! What each of Lambda's front ends sends, `decode` gives back; what `encode` writes, each front end reads; and whatever
//! else comes does no harm.
#![cfg(all(feature = "aws", feature = "local"))]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "what a test's own functions cannot do is that test's failure"
)]

use std::collections::BTreeMap;

use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, Method, Response};
use percent_encoding::percent_decode_str;
use polyfn_shim::{
    aws::{self, Frame, Shape, encode},
    event::{Headers, Http},
    local,
};
use proptest::{collection::vec, option, prelude::*, sample::select};
use serde_json::Value;

type Groups = BTreeMap<String, Vec<String>>;

fn group<'a>(pairs: impl IntoIterator<Item = (&'a str, &'a str)>) -> Groups {
    let mut groups = Groups::new();
    for (name, value) in pairs {
        groups.entry(name.to_owned()).or_default().push(value.to_owned());
    }
    groups
}

/// What a front end that sends one value per name leaves of these.
fn reduced(groups: Groups, reduce: impl Fn(&[String]) -> String) -> Groups {
    groups.into_iter().map(|(name, values)| (name, vec![reduce(&values)])).collect()
}

fn last(values: &[String]) -> String {
    values.last().unwrap().clone()
}

fn headers(headers: &Headers) -> Groups {
    group(headers.iter().map(|(name, value)| (name.as_str(), std::str::from_utf8(value.as_bytes()).unwrap())))
}

fn query(query: Option<&str>) -> Groups {
    let pairs = query.unwrap_or_default().split('&').filter(|pair| !pair.is_empty());
    group(pairs.map(|pair| pair.split_once('=').unwrap_or((pair, ""))))
}

fn decoded(groups: &Groups) -> Groups {
    let decode = |text: &str| percent_decode_str(&text.replace('+', " ")).decode_utf8_lossy().into_owned();
    let mut merged = Groups::new();
    for (name, values) in groups {
        merged.entry(decode(name)).or_default().extend(values.iter().map(|value| decode(value)));
    }
    merged.values_mut().for_each(|values| values.sort());
    merged
}

fn percent(text: &str) -> Vec<u8> {
    percent_decode_str(text).collect()
}

prop_compose! {
    fn any_path()(segments in vec("([A-Za-z0-9._~!$&'()*+,;=:@-]|%2F|%20|%C3%A9|%25|%3F){1,5}", 0..5), slash: bool) -> String {
        let path = format!("/{}", segments.join("/"));
        if slash && path.len() > 1 { format!("{path}/") } else { path }
    }
}

prop_compose! {
    fn any_query()(pairs in vec(("([a-c]|%C3%A9|%26){1,2}", option::of("([a-z0-9+.]|%20|%2B|%3D){0,4}")), 1..6)) -> String {
        let write = |(name, value): &(String, Option<String>)| match value {
            Some(value) => format!("{name}={value}"),
            None => name.clone(),
        };
        pairs.iter().map(write).collect::<Vec<_>>().join("&")
    }
}

fn any_value() -> impl Strategy<Value = String> {
    "[ -~éß😀\t\"\\\\]{0,12}"
}

prop_compose! {
    fn any_headers()(
        own in vec(("x-[a-c]", any_value()), 0..8),
        cookies in vec("[a-z]{1,3}=[a-z0-9]{0,4}", 0..3),
        content_type in option::of(select(vec![
            "text/plain", "application/json; charset=utf-8", "application/xml", "image/png", "application/x-www-form-urlencoded",
        ])),
        encoding in option::of(Just("gzip")),
        host in option::of("[a-z.: ]{0,10}"),
    ) -> Headers {
        let mut headers = Headers::default();
        let mut add = |name: &str, value: &str| {
            headers.append(HeaderName::from_bytes(name.as_bytes()).unwrap(), HeaderValue::from_str(value).unwrap());
        };
        own.iter().for_each(|(name, value)| add(name, value));
        cookies.iter().for_each(|cookie| add("cookie", cookie));
        for (name, value) in [("content-type", content_type), ("content-encoding", encoding), ("host", host.as_deref())] {
            value.into_iter().for_each(|value| add(name, value));
        }
        headers
    }
}

prop_compose! {
    fn any_request()(
        method in select(vec!["GET", "POST", "PUT", "DELETE", "HEAD", "PROPFIND"]),
        path in any_path(),
        query in option::of(any_query()),
        headers in any_headers(),
        ip: std::net::IpAddr,
    ) -> Http {
        let mut http = Http::new(Method::from_bytes(method.as_bytes()).unwrap(), path, query.as_deref());
        (http.headers, http.client_ip) = (headers, Some(ip));
        http
    }
}

fn any_body() -> impl Strategy<Value = Bytes> {
    prop_oneof![
        vec(any::<u8>(), 0..64).prop_map(Bytes::from),
        "\\PC{0,32}".prop_map(Bytes::from),
        Just(Bytes::from_static(b"{\"a\":\"\\u00e9\"}")),
    ]
}

proptest! {
    #[test]
    fn what_a_front_end_sends_comes_back(request in any_request(), body in any_body(), shape in select(&Shape::HTTP[..])) {
        let delivery = local::aws::delivery(shape, &request, &body, "r-1");
        let event = aws::decode(&delivery, &Frame::new("f-1")).unwrap();
        prop_assert_eq!(event.shape(), shape);
        let event = event.into_events().remove(0);
        let http = event.http().unwrap();
        prop_assert_eq!(event.raw(), &delivery);

        let is_message = shape == Shape::WebSocket && request.method != Method::GET;
        let opens = shape == Shape::WebSocket && !is_message;
        let method = if is_message { Method::POST } else { request.method.clone() };
        prop_assert_eq!(&http.method, &method);

        let has_id = !matches!(shape, Shape::AlbSingle | Shape::AlbMulti | Shape::Lattice1 | Shape::Lattice2);
        prop_assert_eq!(event.id(), if has_id { "r-1" } else { "f-1" });

        let data = event.data().cloned().unwrap_or_default();
        prop_assert_eq!(data, if opens { Bytes::new() } else { body });

        // Two front ends decode the path, and cut it at a question mark that comes to light.
        let received = percent_decode_str(&request.path).decode_utf8_lossy();
        let received = received.split('?').next().unwrap();
        match shape {
            Shape::HttpApi1 => {
                prop_assert_eq!(&http.raw_path, &format!("/prod{}", request.path));
                prop_assert_eq!(percent(&http.path), percent(received));
            }
            Shape::HttpApi2 => {
                prop_assert_eq!(&http.raw_path, received);
                prop_assert_eq!(percent(&http.path), percent(received));
            }
            Shape::WebSocket => prop_assert_eq!(http.path.as_str(), if opens { "/$connect" } else { "/$default" }),
            _ => prop_assert_eq!(&http.path, &request.path),
        }

        let sent = query(request.query.as_deref());
        let came = query(http.query.as_deref());
        match shape {
            Shape::HttpApi2 | Shape::FunctionUrl => prop_assert_eq!(&http.query, &request.query),
            Shape::WebSocket if is_message => prop_assert_eq!(&http.query, &None),
            // Decoded by the gateway, so which bytes were escaped is lost.
            Shape::Rest | Shape::HttpApi1 | Shape::WebSocket => prop_assert_eq!(decoded(&came), decoded(&sent)),
            Shape::AlbSingle | Shape::Lattice1 => prop_assert_eq!(came, reduced(sent, last)),
            _ => prop_assert_eq!(came, sent),
        }

        let sent = headers(&request.headers);
        let mut came = headers(&http.headers);
        let forwarded = came.remove("x-forwarded-for");
        let adds = matches!(shape, Shape::AlbSingle | Shape::AlbMulti | Shape::Lattice1 | Shape::Lattice2);
        prop_assert_eq!(forwarded.is_some(), adds);
        prop_assert_eq!(http.client_ip, request.client_ip);
        let cookies = |mut groups: Groups| {
            groups.entry("cookie".into()).and_modify(|cookies| *cookies = vec![cookies.join("; ")]);
            groups.retain(|name, _| name != "cookie" || sent.contains_key("cookie"));
            groups
        };
        let expected = match shape {
            Shape::WebSocket if is_message => Groups::new(),
            Shape::Rest | Shape::HttpApi1 | Shape::WebSocket | Shape::AlbMulti | Shape::Lattice2 => sent.clone(),
            Shape::AlbSingle => reduced(sent.clone(), last),
            Shape::Lattice1 => reduced(sent.clone(), |values| values.join(", ")),
            _ => reduced(cookies(sent.clone()), |values| values.join(",")),
        };
        prop_assert_eq!(came, expected);
    }

    #[test]
    fn what_is_replied_reaches_the_caller(
        status in 200u16..600,
        own in vec(("x-[a-c]", any_value()), 0..8),
        cookies in vec("[a-z]{1,3}=[a-z0-9]{0,4}; Expires=Mon, 01 Jan 2035 00:00:00 GMT", 0..3),
        encoding in option::of(Just("br")),
        body in any_body(),
        shape in select(&Shape::HTTP[..]),
    ) {
        let (mut parts, ()) = Response::builder().status(status).body(()).unwrap().into_parts();
        let mut add = |name: &str, value: &str| {
            parts.headers.append(HeaderName::from_bytes(name.as_bytes()).unwrap(), HeaderValue::from_str(value).unwrap());
        };
        own.iter().for_each(|(name, value)| add(name, value));
        cookies.iter().for_each(|cookie| add("set-cookie", cookie));
        encoding.iter().for_each(|encoding| add("content-encoding", encoding));

        let reply = encode::http(shape, &parts, &body);
        let response = local::aws::response(shape, &reply).unwrap();
        prop_assert_eq!(response.status(), parts.status);
        prop_assert_eq!(response.body(), &body);

        let group = |map: &HeaderMap| headers(&Headers::from(map.clone()));
        let mut sent = group(&parts.headers);
        let came = group(response.headers());
        let set = sent.remove("set-cookie");
        let expected = match shape {
            Shape::WebSocket => Groups::new(),
            Shape::Rest | Shape::HttpApi1 | Shape::AlbMulti => sent.into_iter().chain(set.map(|set| ("set-cookie".into(), set))).collect(),
            Shape::HttpApi2 | Shape::FunctionUrl => {
                let joined = reduced(sent, |values| values.join(", "));
                joined.into_iter().chain(set.map(|set| ("set-cookie".into(), set))).collect()
            }
            _ => {
                let joined = reduced(sent, |values| values.join(", "));
                joined.into_iter().chain(set.map(|set| ("set-cookie".into(), vec![last(&set)]))).collect()
            }
        };
        prop_assert_eq!(came, expected);
        prop_assert_eq!(shape == Shape::AlbMulti || shape == Shape::AlbSingle, find(&reply, "statusDescription"));
    }

    #[test]
    fn a_delivery_with_any_byte_changed_does_no_harm(
        request in any_request(), body in any_body(), shape in select(&Shape::HTTP[..]), at: prop::sample::Index, byte: u8,
    ) {
        let mut delivery = local::aws::delivery(shape, &request, &body, "r").to_vec();
        let at = at.index(delivery.len());
        delivery[at] = byte;
        harmless(delivery);
    }

    #[test]
    fn any_bytes_do_no_harm(bytes in vec(any::<u8>(), 0..256)) {
        harmless(bytes);
    }

    #[test]
    fn any_text_in_any_member_does_no_harm(text in "\\PC{0,24}", shape in select(&Shape::HTTP[..])) {
        substitute(shape, &Value::from(text));
    }
}

fn find(reply: &Bytes, member: &str) -> bool {
    serde_json::from_slice::<Value>(reply).unwrap().get(member).is_some()
}

/// Whatever comes of it, it is an event of which every view can be taken, or an error that every front end can be told.
fn harmless(bytes: impl Into<Bytes>) {
    let bytes = bytes.into();
    match aws::decode(&bytes, &Frame::default()) {
        Ok(decoded) => {
            assert_eq!(decoded.events().len(), 1);
            assert_eq!(decoded.events()[0].raw(), &bytes);
            serde_json::to_string(&decoded.events()[0]).unwrap();
        }
        Err(error) => {
            for shape in Shape::HTTP {
                local::aws::response(shape, &encode::refused(shape, &error)).unwrap();
            }
        }
    }
}

fn sample(shape: Shape) -> Bytes {
    let mut request = Http::new(Method::POST, "/a/b%20c", Some("q=1&q=2"));
    for (name, value) in [("host", "h"), ("cookie", "a=1"), ("x", "1"), ("x", "2"), ("content-type", "text/plain")] {
        request.headers.append(HeaderName::from_static(name), HeaderValue::from_static(value));
    }
    local::aws::delivery(shape, &request, &Bytes::from_static(b"body"), "r")
}

/// Puts a value in the place of every member of a delivery, one after another.
fn substitute(shape: Shape, value: &Value) {
    let sample: Value = serde_json::from_slice(&sample(shape)).unwrap();
    for pointer in pointers(&sample) {
        let mut changed = sample.clone();
        *changed.pointer_mut(&pointer).unwrap() = value.clone();
        harmless(changed.to_string());
    }
}

fn pointers(value: &Value) -> Vec<String> {
    let mut found = vec![String::new()];
    let children: Vec<(String, &Value)> = match value {
        Value::Object(map) => map.iter().map(|(name, value)| (name.clone(), value)).collect(),
        Value::Array(list) => list.iter().enumerate().map(|(index, value)| (index.to_string(), value)).collect(),
        _ => Vec::new(),
    };
    for (name, child) in children {
        let name = name.replace('~', "~0").replace('/', "~1");
        found.extend(pointers(child).into_iter().map(|rest| format!("/{name}{rest}")));
    }
    found
}

#[test]
fn a_delivery_cut_anywhere_is_refused() {
    for shape in Shape::HTTP {
        let whole = sample(shape);
        for end in 0..whole.len() {
            let cut = whole.slice(..end);
            assert!(aws::decode(&cut, &Frame::default()).is_err(), "{shape:?} {end}");
        }
    }
}

#[test]
fn a_value_of_any_kind_in_any_member_does_no_harm() {
    for shape in Shape::HTTP {
        for value in
            ["null", "5", "-1", "1.5", "1e308", "18446744073709551615", "true", "\"\"", "[]", "{}", "[[5]]", "{\"a\":{\"b\":5}}"]
        {
            substitute(shape, &serde_json::from_str(value).unwrap());
        }
    }
}

#[test]
fn a_thousand_headers_all_arrive() {
    let headers: Vec<_> = (0..1000).map(|index| format!(r#""x-{index}":"{index}""#)).collect();
    let json = format!(r#"{{"requestContext":{{"http":{{"method":"GET"}}}},"headers":{{{}}}}}"#, headers.join(","));
    let event = aws::decode(&Bytes::from(json), &Frame::default()).unwrap().into_events().remove(0);
    assert_eq!(event.http().unwrap().headers.len(), 1000);
}

#[test]
fn more_values_than_any_front_end_sends_are_refused_and_cost_little() {
    let many = vec!["1"; 500_000].join(",");
    let direct = Bytes::from(format!(r#"{{"headers":{{"a":[{many}]}},"cookies":[{many}]}}"#));
    assert_eq!(aws::decode(&direct, &Frame::default()).unwrap().shape(), Shape::Direct);
    let http = Bytes::from(format!(r#"{{"requestContext":{{"elb":{{}}}},"httpMethod":"GET","headers":{{"a":[{many}]}}}}"#));
    let error = aws::decode(&http, &Frame::default()).unwrap_err();
    assert_eq!(error.path(), "headers");
}

#[test]
fn of_two_members_of_one_name_the_last_counts() {
    let json = r#"{"requestContext":5,"httpMethod":"PUT","path":"/a","headers":{"a":"1"},"path":"/b","headers":{"b":"2"},"requestContext":{"stage":1},"httpMethod":"GET"}"#;
    let event = aws::decode(&Bytes::from(json), &Frame::default()).unwrap().into_events().remove(0);
    let http = event.http().unwrap();
    assert_eq!((http.method.as_str(), http.path.as_str()), ("GET", "/b"));
    assert_eq!(headers(&http.headers), group([("b", "2")]));
}

#[test]
fn half_a_surrogate_pair_is_refused_where_it_is_read_and_nowhere_else() {
    for json in [r#"{"body":"\ud800"}"#, r#"{"headers":{"\udc00":"x"}}"#] {
        assert!(aws::decode(&Bytes::from(json), &Frame::default()).is_err());
    }
    for json in [r#"{"mine":"\ud800"}"#, r#"{"\ud800":1}"#] {
        assert_eq!(aws::decode(&Bytes::from(json), &Frame::default()).unwrap().shape(), Shape::Direct);
    }
}

#[test]
fn deep_nesting_is_no_matter() {
    for depth in [200, 200_000] {
        let (open, close) = ("[".repeat(depth), "]".repeat(depth));
        for json in [
            format!("{open}{close}"),
            format!(r#"{{"a":{open}{close}}}"#),
            format!(r#"{{"body":{open}{close}}}"#),
            format!(r#"{{"headers":{{"a":{open}{close}}}}}"#),
            format!(r#"{{"requestContext":{{"http":{open}{close}}}}}"#),
            format!(r#"{{"Records":[{open}{close}]}}"#),
            format!(r#"{{"Records":{open}{close}}}"#),
        ] {
            let decoded = aws::decode(&Bytes::from(json), &Frame::default()).unwrap();
            assert_eq!(decoded.shape(), Shape::Direct);
        }
    }
}
