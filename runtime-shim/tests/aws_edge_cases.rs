//! What each front end of Lambda sends, in the odd cases: one row a case, numbered as AWS's own documents and public
//! captures were gone through.
#![cfg(feature = "aws")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "what a test's own functions cannot do is that test's failure"
)]

use bytes::Bytes;
use http::{Response, StatusCode};
use polyfn_shim::{
    DecodeError, Event, Trigger,
    aws::{self, Frame, Shape, encode},
    event::Http,
};
use serde_json::{Value, json};

/// A request in the form of one front end, with these members on top; a later member replaces an earlier one.
fn delivery(shape: Shape, context: &str, members: &str) -> String {
    let (context_base, base) = match shape {
        Shape::Rest => (r#""requestId":"r""#, r#""httpMethod":"GET","path":"/""#),
        Shape::HttpApi1 => (r#""requestId":"r""#, r#""version":"1.0","httpMethod":"GET","path":"/""#),
        Shape::HttpApi2 => (r#""http":{"method":"GET"}"#, r#""version":"2.0","rawPath":"/","rawQueryString":"""#),
        Shape::FunctionUrl => (
            r#""http":{"method":"GET"},"stage":"$default","domainName":"u.lambda-url.eu-west-1.on.aws""#,
            r#""version":"2.0","rawPath":"/","rawQueryString":"","routeKey":"$default""#,
        ),
        Shape::WebSocket => (r#""connectionId":"c","eventType":"MESSAGE","routeKey":"$default""#, r#""isBase64Encoded":false"#),
        Shape::AlbSingle => (r#""elb":{"targetGroupArn":"arn:tg"}"#, r#""httpMethod":"GET","path":"/""#),
        Shape::AlbMulti => (r#""elb":{"targetGroupArn":"arn:tg"}"#, r#""httpMethod":"GET","path":"/","multiValueHeaders":{}"#),
        Shape::Lattice1 => return format!(r#"{{"raw_path":"/","method":"GET"{}{members}}}"#, comma(members)),
        Shape::Lattice2 => (r#""serviceNetworkArn":"arn:sn""#, r#""version":"2.0","method":"GET","path":"/""#),
        _ => return format!("{{{members}}}"),
    };
    let (a, b) = (comma(context), comma(members));
    format!(r#"{{{base},"requestContext":{{{context_base}{a}{context}}}{b}{members}}}"#)
}

fn comma(members: &str) -> &'static str {
    if members.is_empty() { "" } else { "," }
}

fn read(json: &str) -> Result<Event, DecodeError> {
    let decoded = aws::decode(&Bytes::from(json.to_owned()), &Frame::default())?;
    assert_eq!(decoded.events().len(), 1);
    Ok(decoded.into_events().remove(0))
}

fn event(shape: Shape, context: &str, members: &str) -> Event {
    let json = delivery(shape, context, members);
    let decoded = aws::decode(&Bytes::from(json.clone()), &Frame::default()).unwrap_or_else(|e| panic!("{json}: {e}"));
    assert_eq!(decoded.shape(), shape, "{json}");
    decoded.into_events().remove(0)
}

fn http(shape: Shape, context: &str, members: &str) -> Http {
    event(shape, context, members).http().unwrap().clone()
}

fn headers(http: &Http) -> Vec<(&str, &str)> {
    http.headers.iter().map(|(name, value)| (name.as_str(), std::str::from_utf8(value.as_bytes()).unwrap())).collect()
}

fn refused(shape: Shape, members: &str) -> String {
    read(&delivery(shape, "", members)).unwrap_err().to_string()
}

#[test]
fn rows_1_to_4_rest_headers_keep_every_value() {
    for (row, members, want) in [
        (1, r#""headers":{"x":"b"},"multiValueHeaders":{"x":["a","b"]}"#, &[("x", "a"), ("x", "b")][..]),
        (
            2,
            r#""headers":null,"multiValueHeaders":null,"queryStringParameters":null,"multiValueQueryStringParameters":null,"pathParameters":null"#,
            &[],
        ),
        (3, r#""multiValueHeaders":{"Foo":["1"],"foo":["2"]}"#, &[("foo", "1"), ("foo", "2")]),
        (4, r#""headers":{"a":"1","b":"2"},"multiValueHeaders":{"a":["1"]}"#, &[("a", "1"), ("b", "2")]),
    ] {
        let http = http(Shape::Rest, "", members);
        assert_eq!(headers(&http), want, "row {row}");
        assert_eq!(http.query, None, "row {row}");
    }
}

#[test]
fn row_5_rest_queries_are_encoded_again() {
    let http = http(Shape::Rest, "", r#""multiValueQueryStringParameters":{"a":["1 2","&"],"b":["é"]}"#);
    assert_eq!(http.query.as_deref(), Some("a=1%202&a=%26&b=%C3%A9"));
}

#[test]
fn rows_6_to_18_paths() {
    use Shape::{AlbMulti, FunctionUrl, HttpApi1, HttpApi2, Lattice1, Lattice2, Rest};
    for (row, shape, context, members, path, raw_path) in [
        (6, Rest, r#""path":"/prod/x","stage":"prod""#, r#""path":"/x""#, "/x", "/prod/x"),
        (7, Rest, r#""stage":"prod""#, r#""resource":"/prod/x","path":"/prod/x""#, "/prod/x", "/prod/x"),
        (8, Rest, "", r#""resource":"/{proxy+}","path":"/svc/a/b","pathParameters":{"proxy":"a/b"}"#, "/a/b", "/svc/a/b"),
        (9, Rest, "", r#""resource":"/users/{id}","path":"/v1/users/a%2Fb/""#, "/users/a%2Fb/", "/v1/users/a%2Fb/"),
        (10, HttpApi1, r#""stage":"dev""#, r#""path":"/dev/test","resource":"/test""#, "/test", "/dev/test"),
        (11, HttpApi2, r#""stage":"prod""#, r#""rawPath":"/prod""#, "/", "/prod"),
        (
            12,
            HttpApi2,
            r#""stage":"prod","domainName":"api.example.com""#,
            r#""rawPath":"/production/x""#,
            "/production/x",
            "/production/x",
        ),
        (12, HttpApi2, r#""stage":"prod""#, r#""rawPath":"/production/x""#, "/production/x", "/production/x"),
        (
            13,
            HttpApi2,
            "",
            r#""routeKey":"ANY /agents/{proxy+}","rawPath":"/dev/agents/1","pathParameters":{"proxy":"1"}"#,
            "/agents/1",
            "/dev/agents/1",
        ),
        (14, HttpApi2, "", r#""rawPath":"/a b/ü""#, "/a%20b/%C3%BC", "/a b/ü"),
        (16, HttpApi2, "", r#""rawPath":"/100%""#, "/100%25", "/100%"),
        (17, FunctionUrl, "", r#""rawPath":"/a%2Fb""#, "/a%2Fb", "/a%2Fb"),
        (18, Rest, "", r#""path":"/a/../b//c/""#, "/a/../b//c/", "/a/../b//c/"),
        (18, HttpApi2, "", r#""rawPath":"/a/../b//c/""#, "/a/../b//c/", "/a/../b//c/"),
        (18, AlbMulti, "", r#""path":"/a/../b//c/""#, "/a/../b//c/", "/a/../b//c/"),
        (18, Lattice1, "", r#""raw_path":"/a/../b//c/""#, "/a/../b//c/", "/a/../b//c/"),
        (18, Lattice2, "", r#""path":"/a/../b//c/""#, "/a/../b//c/", "/a/../b//c/"),
    ] {
        let http = http(shape, context, members);
        assert_eq!((http.path.as_str(), http.raw_path.as_str()), (path, raw_path), "row {row} {shape:?}");
    }
}

#[test]
fn row_15_a_decoded_question_mark_stays_in_the_path() {
    let http = http(Shape::HttpApi2, "", r#""rawPath":"/me?x=1#y","rawQueryString":"q=2""#);
    assert_eq!((http.path.as_str(), http.query.as_deref()), ("/me%3Fx=1%23y", Some("q=2")));
}

#[test]
fn rows_19_22_23_queries_keep_their_bytes() {
    for (row, shape, members, want) in [
        (19, Shape::HttpApi2, r#""rawQueryString":"p=1&p=2&e=&f&x=%20+""#, "p=1&p=2&e=&f&x=%20+"),
        (22, Shape::AlbSingle, r#""queryStringParameters":{"q":"a%2Bb+c"}"#, "q=a%2Bb+c"),
        (23, Shape::AlbMulti, r#""multiValueQueryStringParameters":{"foo%5Ba%5D":["1","2"]}"#, "foo%5Ba%5D=1&foo%5Ba%5D=2"),
        (23, Shape::Lattice1, r#""query_string_parameters":{"b":"1","a":"%20"}"#, "b=1&a=%20"),
        (23, Shape::Lattice2, r#""queryStringParameters":{"b":["1","2"],"a":["+"]}"#, "b=1&b=2&a=+"),
        (23, Shape::Lattice2, r#""query_string_parameters":{"b":["1","2"]}"#, "b=1&b=2"),
    ] {
        assert_eq!(http(shape, "", members).query.as_deref(), Some(want), "row {row} {shape:?}");
    }
}

#[test]
fn row_20_cookies_in_both_places_are_one_header() {
    for shape in [Shape::HttpApi2, Shape::FunctionUrl] {
        let both = http(shape, "", r#""cookies":["a=1","b=2"],"headers":{"cookie":"a=1; b=2","x":"y"}"#);
        assert_eq!(headers(&both), [("cookie", "a=1; b=2"), ("x", "y")]);
        let apart = http(shape, "", r#""cookies":["a=1","b=2"],"headers":{"x":"y"}"#);
        assert_eq!(headers(&apart), [("x", "y"), ("cookie", "a=1; b=2")]);
        let none = http(shape, "", r#""cookies":[],"headers":{"cookie":"z=1"}"#);
        assert_eq!(headers(&none), [("cookie", "z=1")]);
    }
}

#[test]
fn rows_21_36_joined_values_are_never_split() {
    assert_eq!(headers(&http(Shape::HttpApi2, "", r#""headers":{"x":"a,b"}"#)), [("x", "a,b")]);
    let date = "Mon, 01 Jan 2024 00:00:00 GMT";
    let lattice = http(Shape::Lattice1, "", &format!(r#""headers":{{"date":"{date}"}}"#));
    assert_eq!(headers(&lattice), [("date", date)]);
}

#[test]
fn row_24_alb_multi_has_lists_only_both_ways() {
    let json = delivery(Shape::AlbMulti, "", r#""multiValueHeaders":{"X":["1","2"]}"#);
    let decoded = aws::decode(&Bytes::from(json), &Frame::default()).unwrap();
    assert_eq!(decoded.shape(), Shape::AlbMulti);
    assert_eq!(headers(decoded.events()[0].http().unwrap()), [("x", "1"), ("x", "2")]);
    let reply = reply(Shape::AlbMulti, Response::builder().header("a", "1").header("a", "2"), b"");
    assert_eq!(reply["multiValueHeaders"], json!({"a": ["1", "2"]}));
    assert_eq!(reply.get("headers"), None);
    assert_eq!(reply["statusDescription"], "200 OK");
}

#[test]
fn row_25_no_host_is_no_error() {
    assert_eq!(http(Shape::AlbSingle, "", r#""headers":{}"#).host, None);
    let domain = http(Shape::HttpApi2, r#""domainName":"d.example""#, "");
    assert_eq!(domain.host.as_deref(), Some("d.example"));
}

#[test]
fn row_26_the_last_forwarded_address_is_the_callers() {
    let members = r#""headers":{"x-forwarded-for":"10.0.0.9, 203.0.113.7"}"#;
    for shape in [Shape::AlbSingle, Shape::Lattice1, Shape::Lattice2] {
        assert_eq!(http(shape, "", members).client_ip.unwrap().to_string(), "203.0.113.7", "{shape:?}");
    }
    // API Gateway says it itself, so the header is only a claim.
    let gateway = http(Shape::HttpApi2, r#""http":{"method":"GET","sourceIp":"192.0.2.1"}"#, members);
    assert_eq!(gateway.client_ip.unwrap().to_string(), "192.0.2.1");
    let console = http(Shape::Rest, r#""identity":{"sourceIp":"test-invoke-source-ip"}"#, members);
    assert_eq!(console.client_ip, None);
}

#[test]
fn row_27_a_hostile_host_does_no_harm() {
    for shape in [Shape::Rest, Shape::HttpApi2, Shape::AlbSingle, Shape::Lattice2] {
        for host in ["a b", "", "x/../?y", "[::", "user:pw@x:99999"] {
            let http = http(shape, "", &format!(r#""headers":{{"host":"{host}"}}"#));
            assert_eq!((http.path.as_str(), http.query.as_deref(), http.host.as_deref()), ("/", None, Some(host)));
        }
    }
}

#[test]
fn row_28_values_that_are_no_ascii_are_kept() {
    assert_eq!(headers(&http(Shape::HttpApi2, "", r#""headers":{"x-name":"José"}"#)), [("x-name", "José")]);
    // The same with an escape in it, so that it cannot be borrowed.
    assert_eq!(headers(&http(Shape::HttpApi2, "", r#""headers":{"x-name":"Jos\u00e9"}"#)), [("x-name", "José")]);
}

#[test]
fn row_29_headers_that_no_server_takes_are_refused() {
    for (shape, members, want) in [
        (Shape::HttpApi2, r#""headers":{"bad name":"x"}"#, "headers.bad name: not an HTTP header name"),
        (Shape::HttpApi2, r#""headers":{"a":"a\r\nb: c"}"#, "headers.a: not an HTTP header value"),
        (Shape::HttpApi2, r#""headers":{"a":"\u0000"}"#, "headers.a: not an HTTP header value"),
        (Shape::Rest, r#""multiValueHeaders":{"x":["a","b\n"]}"#, "multiValueHeaders.x[1]: not an HTTP header value"),
        (Shape::AlbMulti, r#""multiValueHeaders":{"":["a"]}"#, "multiValueHeaders.[0]: not an HTTP header name"),
        (Shape::Lattice2, r#""headers":{"x":["\r"]}"#, "headers.x[0]: not an HTTP header value"),
        (Shape::HttpApi2, r#""cookies":["a=1\r\nx: y"]"#, "cookies: not an HTTP header value"),
    ] {
        assert_eq!(refused(shape, members), want);
    }
}

#[test]
fn row_30_base64_bodies_are_bytes() {
    for shape in Shape::HTTP {
        let event = event(shape, "", r#""body":"AP8=","isBase64Encoded":true"#);
        assert_eq!(event.data().unwrap().as_ref(), [0, 255]);
        assert_eq!(serde_json::to_value(&event).unwrap()["data_base64"], "AP8=");
    }
}

#[test]
fn rows_31_32_bad_base64_is_refused_with_400() {
    for shape in Shape::HTTP {
        for body in ["%%%", "Hello!", "AP8", "AP8=\\n", "A P8="] {
            let json = delivery(shape, "", &format!(r#""body":"{body}","isBase64Encoded":true"#));
            let error = read(&json).unwrap_err();
            assert_eq!((error.path(), error.to_string().as_str()), ("body", "body: invalid base64"), "{shape:?} {body}");
            let reply: Value = serde_json::from_slice(&encode::refused(shape, &error)).unwrap();
            assert_eq!(reply["statusCode"], 400);
            assert_eq!(reply["body"], r#"{"error":"body: invalid base64"}"#);
        }
    }
}

#[test]
fn rows_33_34_the_media_type_says_what_the_data_is() {
    let problem =
        event(Shape::HttpApi2, "", r#""headers":{"content-type":"application/problem+json; charset=utf-8"},"body":"{\"a\":1}""#);
    assert_eq!(serde_json::to_value(&problem).unwrap()["data"], json!({"a": 1}));
    let form = event(
        Shape::FunctionUrl,
        "",
        r#""headers":{"content-type":"application/x-www-form-urlencoded"},"body":"YT0xJmI9Mg==","isBase64Encoded":true"#,
    );
    assert_eq!(serde_json::to_value(&form).unwrap()["data"], "a=1&b=2");
}

#[test]
fn row_35_any_method_is_kept() {
    assert_eq!(http(Shape::Rest, "", r#""httpMethod":"PROPFIND""#).method.as_str(), "PROPFIND");
    assert_eq!(refused(Shape::Rest, r#""httpMethod":"GE T""#), "httpMethod: not an HTTP method");
    assert_eq!(refused(Shape::AlbSingle, r#""httpMethod":null"#), "httpMethod: not a string");
}

#[test]
fn row_37_times() {
    for (shape, context, want) in [
        (Shape::Lattice2, r#""timeEpoch":"1724875399456789""#, Some("2024-08-28T20:03:19.456789Z")),
        (Shape::HttpApi2, r#""timeEpoch":1583348638390"#, Some("2020-03-04T19:03:58.390Z")),
        (Shape::HttpApi2, r#""timeEpoch":1583348638"#, Some("2020-03-04T19:03:58Z")),
        (Shape::HttpApi2, r#""timeEpoch":1583348638390.0"#, Some("2020-03-04T19:03:58.390Z")),
        (Shape::Rest, r#""requestTimeEpoch":"1583348638390""#, Some("2020-03-04T19:03:58.390Z")),
        (Shape::WebSocket, r#""requestTimeEpoch":1583348638390"#, Some("2020-03-04T19:03:58.390Z")),
        (Shape::HttpApi2, r#""timeEpoch":"soon""#, None),
        (Shape::HttpApi2, r#""timeEpoch":18446744073709551615"#, None),
        (Shape::HttpApi2, r#""timeEpoch":1.5"#, None),
        (Shape::HttpApi2, r#""timeEpoch":{}"#, None),
    ] {
        let time = event(shape, context, "").time().map(|time| time.to_string());
        assert_eq!(time.as_deref(), want, "{shape:?} {context}");
    }
}

#[test]
fn row_38_a_closed_connection_is_http() {
    let json = r#"{"requestContext":{"routeKey":"$disconnect","eventType":"DISCONNECT","connectionId":"A=","stage":"prod","requestId":"r1","domainName":"w.execute-api.eu-west-1.amazonaws.com"},"isBase64Encoded":false}"#;
    let event = read(json).unwrap();
    let http = event.http().unwrap();
    assert_eq!((http.method.as_str(), http.path.as_str(), event.id()), ("POST", "/$disconnect", "r1"));
    let attributes: Vec<_> = event.attributes().iter().map(|(k, v)| (k.as_str(), v.as_str())).collect();
    let want = [("connectionId", "A="), ("routeKey", "$disconnect"), ("eventType", "DISCONNECT"), ("stage", "prod")];
    assert_eq!(attributes, want);
    let connect = http_of(r#"{"requestContext":{"routeKey":"$connect","eventType":"CONNECT","connectionId":"A="}}"#);
    assert_eq!((connect.method.as_str(), connect.path.as_str()), ("GET", "/$connect"));
}

fn http_of(json: &str) -> Http {
    read(json).unwrap().http().unwrap().clone()
}

#[test]
fn rows_39_62_63_what_is_direct() {
    for json in [
        r#"{"type":"REQUEST","methodArn":"arn:m","httpMethod":"GET","path":"/","headers":{},"requestContext":{"path":"/"}}"#,
        r#"{"type":"REQUEST","routeArn":"arn:r","rawPath":"/","requestContext":{"http":{"method":"GET"}}}"#,
        r#"{"job":1}"#,
        r#""hi""#,
        "null",
        "[]",
        r#" {"Records":[{"cf":{}}]} "#,
        r#"{"Records":"x"}"#,
        r#"{"headers":5,"body":{"a":[]},"cookies":"x","requestContext":7,"queryStringParameters":[1]}"#,
        r#"{"body":"AP8","isBase64Encoded":true}"#,
    ] {
        let decoded = aws::decode(&Bytes::from(json), &Frame::new("f").with_function_arn("arn:f")).unwrap();
        let event = &decoded.events()[0];
        assert_eq!((decoded.shape(), event.trigger()), (Shape::Direct, &Trigger::Direct), "{json}");
        assert_eq!((event.data().unwrap().as_ref(), event.raw().as_ref()), (json.as_bytes(), json.as_bytes()));
        assert_eq!((event.id(), event.source(), event.datacontenttype()), ("f", "arn:f", Some("application/json")));
    }
}

fn reply(shape: Shape, builder: http::response::Builder, body: &'static [u8]) -> Value {
    let (parts, ()) = builder.body(()).unwrap().into_parts();
    serde_json::from_slice(&encode::http(shape, &parts, &Bytes::from_static(body))).unwrap()
}

fn two_of_each() -> http::response::Builder {
    Response::builder().header("vary", "A").header("set-cookie", "a=1").header("vary", "B").header("set-cookie", "b=2")
}

#[test]
fn row_40_repeated_headers_all_reach_the_caller() {
    let lists = json!({"vary": ["A", "B"], "set-cookie": ["a=1", "b=2"]});
    let apart = (json!({"vary": "A, B"}), json!(["a=1", "b=2"]));
    let last = json!({"vary": "A, B", "set-cookie": "b=2"});
    for shape in [Shape::Rest, Shape::HttpApi1, Shape::AlbMulti] {
        assert_eq!(reply(shape, two_of_each(), b"")["multiValueHeaders"], lists, "{shape:?}");
    }
    for shape in [Shape::HttpApi2, Shape::FunctionUrl] {
        let reply = reply(shape, two_of_each(), b"");
        assert_eq!((&reply["headers"], &reply["cookies"]), (&apart.0, &apart.1), "{shape:?}");
    }
    for shape in [Shape::AlbSingle, Shape::Lattice1, Shape::Lattice2] {
        assert_eq!(reply(shape, two_of_each(), b"")["headers"], last, "{shape:?}");
        let (parts, ()) = two_of_each().body(()).unwrap().into_parts();
        assert!(encode::loses_cookies(shape, &parts));
    }
}

#[test]
fn rows_41_42_bodies_that_are_no_text_are_base64() {
    for shape in Shape::HTTP {
        for (builder, body, want) in [
            (Response::builder().header("content-encoding", "gzip"), &b"\x1f\x8b"[..], "H4s="),
            (Response::builder().header("content-encoding", "br"), b"text", "dGV4dA=="),
            (Response::builder().header("content-type", "text/plain"), b"\xff\xfe", "//4="),
        ] {
            let reply = reply(shape, builder, body);
            assert_eq!((&reply["body"], &reply["isBase64Encoded"]), (&json!(want), &json!(true)), "{shape:?}");
        }
        let text = reply(shape, Response::builder(), "\u{0}é\u{1f600}\"".as_bytes());
        assert_eq!(text["body"], "\u{0}é\u{1f600}\"", "{shape:?}");
        if shape != Shape::WebSocket {
            assert_eq!(text["isBase64Encoded"], false, "{shape:?}");
            let empty = reply(shape, Response::builder().header("content-encoding", "gzip"), b"");
            assert_eq!((&empty["body"], &empty["isBase64Encoded"]), (&json!(""), &json!(false)), "{shape:?}");
        }
    }
}

#[test]
fn replies_have_the_members_of_their_front_end_and_no_others() {
    let keys = |shape| {
        let reply = reply(shape, Response::builder().status(201).header("a", "b"), b"x");
        reply.as_object().unwrap().keys().cloned().collect::<Vec<_>>().join(" ")
    };
    for shape in [Shape::Rest, Shape::HttpApi1] {
        assert_eq!(keys(shape), "body isBase64Encoded multiValueHeaders statusCode");
    }
    for shape in [Shape::HttpApi2, Shape::FunctionUrl] {
        assert_eq!(keys(shape), "body cookies headers isBase64Encoded statusCode");
    }
    assert_eq!(keys(Shape::AlbSingle), "body headers isBase64Encoded statusCode statusDescription");
    assert_eq!(keys(Shape::AlbMulti), "body isBase64Encoded multiValueHeaders statusCode statusDescription");
    for shape in [Shape::Lattice1, Shape::Lattice2] {
        assert_eq!(keys(shape), "body headers isBase64Encoded statusCode");
    }
    assert_eq!(keys(Shape::WebSocket), "body statusCode");
    let protocol = reply(Shape::WebSocket, Response::builder().header("sec-websocket-protocol", "v1"), b"");
    assert_eq!(protocol, json!({"statusCode": 200, "headers": {"Sec-WebSocket-Protocol": "v1"}}));
}

#[test]
fn a_status_without_a_phrase_is_the_number_alone() {
    let builder = || Response::builder().status(StatusCode::from_u16(599).unwrap());
    for shape in [Shape::AlbSingle, Shape::AlbMulti] {
        assert_eq!(reply(shape, builder(), b"")["statusDescription"], "599");
    }
}

#[test]
fn row_64_members_come_in_any_order() {
    let forward = r#"{"version":"2.0","routeKey":"GET /x","rawPath":"/d/x","rawQueryString":"a=1","cookies":["c=1"],"headers":{"a":"b"},"requestContext":{"stage":"d","http":{"sourceIp":"192.0.2.1","method":"GET"},"requestId":"r"},"body":"hi","isBase64Encoded":false}"#;
    let backward = r#"{"isBase64Encoded":false,"body":"hi","headers":{"a":"b"},"cookies":["c=1"],"rawQueryString":"a=1","rawPath":"/d/x","routeKey":"GET /x","version":"2.0","requestContext":{"requestId":"r","http":{"method":"GET","sourceIp":"192.0.2.1"},"stage":"d"}}"#;
    let (a, b) = (read(forward).unwrap(), read(backward).unwrap());
    assert_eq!(a.clone().with_raw(""), b.with_raw(""));
    assert_eq!(a.http().unwrap().path, "/x");
}

#[test]
fn row_65_what_is_no_json_is_refused() {
    for json in ["", " ", r#"{"a":1} x"#, r#"{"a":1}{"#, "{", "nul", "\u{feff}{}", r#"{"a":"#] {
        let error = read(json).unwrap_err();
        assert_eq!(error.path(), "", "{json}");
    }
    assert!(aws::decode(&Bytes::from_static(b"{\"body\":\"\xff\"}"), &Frame::default()).is_err());
}
