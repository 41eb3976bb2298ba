//! What a delivery can look like at its edges.

use bytes::Bytes;
use http::Request;
use polyfn_shim::{
    Trigger,
    azure::{Bindings, Declaration, Mode, decode},
    event::Kind,
};

use crate::wire::{envelope, function, json, raw};

const URL: &str = r#""Url":"https://h/api/f","Method":"POST""#;

fn error(body: impl Into<Bytes>) -> String {
    json(body).unwrap_err().to_string()
}

#[test]
fn the_query_comes_from_the_url_whatever_the_query_member_says() {
    for member in [r#""{}""#, "{}", r#"{"a":"1,2"}"#, "null", "7"] {
        let body = format!(r#""Url":"https://h/api/f?a=1&a=2","Method":"GET","Query":{member}"#);
        let event = json(envelope(&body)).unwrap();
        assert_eq!(event.http().unwrap().query.as_deref(), Some("a=1&a=2"), "{member}");
    }
}

#[test]
fn a_chunked_upload_has_no_data() {
    let event = json(envelope(&format!(r#"{URL},"Headers":{{"Transfer-Encoding":["chunked"]}}"#))).unwrap();
    assert_eq!(event.data(), None);
}

#[test]
fn octet_streams_and_multipart_are_base64_in_any_letter_case() {
    for media_type in ["Application/Octet-Stream; x=y", "multipart/form-data; boundary=b", "x-Multipart/y"] {
        let body = format!(r#"{URL},"Headers":{{"content-type":["{media_type}"]}},"Body":"AP/+""#);
        let event = json(envelope(&body)).unwrap();
        assert_eq!(event.data().map(|data| &data[..]), Some(&[0, 255, 254][..]), "{media_type}");
        assert_eq!(event.datacontenttype(), Some(media_type));
    }
    let body = format!(r#"{URL},"Headers":{{"content-type":["application/octet-stream"]}},"Body":"no base64""#);
    assert!(error(envelope(&body)).starts_with("Data.req.Body: expected base64"));
}

#[test]
fn every_other_body_is_the_text_itself() {
    for headers in [r#"{"Content-Type":["text/plain"]}"#, "{}", r#"{"Content-Type":["image/png"]}"#] {
        let event = json(envelope(&format!(r#"{URL},"Headers":{headers},"Body":"LS0t""#))).unwrap();
        assert_eq!(event.data().unwrap(), "LS0t", "{headers}");
    }
    let event = json(envelope(&format!(r#"{URL},"Body":"\"q\"\u00e9""#))).unwrap();
    assert_eq!(event.data().unwrap(), "\"q\"\u{e9}");
}

#[test]
fn a_null_parameter_is_no_parameter() {
    let event = json(envelope(&format!(r#"{URL},"Params":{{"id":null,"b":"x","n":7}}"#))).unwrap();
    assert_eq!(event.http().unwrap().params, [("b".into(), "x".into()), ("n".into(), "7".into())]);
}

#[test]
fn the_prefix_is_one_whole_segment_in_any_letter_case() {
    for (url, path) in [
        ("https://h/API/Orders/7", "/Orders/7"),
        ("https://h/api/apiary/1", "/apiary/1"),
        ("https://h/apiary/1", "/apiary/1"),
        ("https://h/api", "/"),
        ("https://h", "/"),
        ("/api/a%2Fb", "/a%2Fb"),
    ] {
        let event = json(envelope(&format!(r#""Url":"{url}","Method":"GET""#))).unwrap();
        assert_eq!(event.http().unwrap().path, path, "{url}");
        let raw_path = url.trim_start_matches("https://h");
        let event = raw(Request::get(url).body(Bytes::new()).unwrap(), None);
        assert_eq!(
            (&*event.http().unwrap().path, &*event.http().unwrap().raw_path),
            (path, if raw_path.is_empty() { "/" } else { raw_path })
        );
    }
}

#[test]
fn the_last_invocation_id_counts() {
    for values in [&["a, b, real"][..], &["a", "b, real"], &["a", "real"], &["real"], &["a,real "]] {
        let mut request = Request::get("/api/f");
        for value in values {
            request = request.header("X-Azure-Functions-InvocationId", *value);
        }
        assert_eq!(raw(request.body(Bytes::new()).unwrap(), None).id(), "real", "{values:?}");
    }
    assert_eq!(raw(Request::get("/api/f").body(Bytes::new()).unwrap(), None).id(), "");
}

#[test]
fn a_raw_request_stays_what_it_is_whatever_its_body_and_headers_claim() {
    let body = Bytes::from(envelope(r#""Url":"https://evil/api/g","Method":"DELETE""#));
    let request = Request::post("/api/f")
        .header("content-type", "application/json; charset=utf-8")
        .header("host", "shop")
        .header("x-forwarded-for", "203.0.113.9")
        .header("x-forwarded-proto", "https")
        .header("user-agent", "Azure-Functions-Host/4.1037.0.0")
        .body(body.clone())
        .unwrap();
    let event = raw(request, None);
    let http = event.http().unwrap();
    assert_eq!((http.method.as_str(), &*http.path, http.host.as_deref()), ("POST", "/f", Some("shop")));
    assert_eq!((http.client_ip, http.scheme.as_deref()), (None, None));
    assert_eq!((event.data(), event.raw()), (Some(&body), &body));
}

#[test]
fn what_is_no_envelope_is_an_error_that_names_the_place() {
    for (body, part) in [
        (r#"{"Metadata":{},"x":1}"#, "unknown shape with the keys `Metadata`, `x`"),
        (r#"{}"#, "unknown shape without keys"),
        (r#"{"data":{}}"#, "unknown shape with the keys `data`"),
        (r#"{"Data":[]}"#, "Data: expected"),
        (r#"{"Data":"secret"}"#, "Data: expected an object"),
        (r#"{"Data":null}"#, "Data: expected"),
        (r#"{"Data":{},"Data":{}}"#, "duplicate field `Data`"),
        (r#""secret""#, "expected an object with `Data`"),
        ("[]", "expected an object with `Data`"),
        ("", "EOF"),
        ("{\"Data\":{\"req\":{\"Url\":\"https://h/\"", "EOF"),
        (r#"{"Data":{"req":{"Method":"GET"}}}"#, "Data.req: missing field `Url`"),
        (r#"{"Data":{"req":{"Url":"/"}}}"#, "Data.req: missing field `Method`"),
        (r#"{"Data":{"req":{"Url":"h","Method":"GET"}}}"#, "Data.req.Url: expected"),
        (r#"{"Data":{"req":{"Url":7,"Method":"GET"}}}"#, "Data.req.Url: expected"),
        (r#"{"Data":{"req":{"Url":"/","Method":"G T"}}}"#, "Data.req.Method: not an HTTP method"),
        (r#"{"Data":{"req":"hello"}}"#, "Data.req: expected an object or a string that holds one"),
        (r#"{"Data":{"req":"{}"}}"#, "Data.req: in the string: missing field `Url`"),
        (
            r#"{"Data":{"req":{"Url":"/","Method":"GET","Headers":{"a b":["x"]}}}}"#,
            "Data.req.Headers.a b: not an HTTP header name",
        ),
        (
            r#"{"Data":{"req":{"Url":"/","Method":"GET","Headers":{"a":["x","y\n"]}}}}"#,
            "Data.req.Headers.a: not an HTTP header value",
        ),
        (r#"{"Data":{"req":{"Url":"/","Method":"GET","Headers":{"a":["x",{}]}}}}"#, "Data.req.Headers.a[1]: expected"),
        (r#"{"Data":{"req":{"Url":"/","Method":"GET","Headers":[]}}}"#, "Data.req.Headers: expected"),
        (r#"{"Data":{"req":{"Url":"/","Method":"GET","Params":{"a":[]}}}}"#, "Data.req.Params.a: expected"),
        (r#"{"Data":{"req":{"Url":"/","Method":"GET","Body":{}}}}"#, "Data.req.Body: expected"),
        (r#"{"Data":{"req":{"Url":"/","Method":"GET"}}} x"#, "trailing characters"),
    ] {
        let message = error(body);
        assert!(message.contains(part), "{body}: {message:?} lacks {part:?}");
        assert!(!message.contains("secret"), "{message}");
    }
    let not_utf8 = [br#"{"Data":{"req":{"Url":"/","Method":"GET"}},"Metadata":{"x":""#.as_slice(), b"\xff", br#""}}"#].concat();
    assert!(error(not_utf8).contains("not UTF-8"));
}

#[test]
fn a_binding_of_another_name_is_an_error_that_names_both() {
    for (name, others) in [("other", "`other`"), ("Req", "`Req`")] {
        let message = error(format!(r#"{{"Data":{{"{name}":{{}}}}}}"#));
        assert!(message.starts_with("Data.req: missing") && message.contains(others), "{message}");
    }
    assert!(error(r#"{"Data":{}}"#).contains("nothing"));
}

#[test]
fn an_unknown_trigger_type_is_an_error_that_names_it() {
    let message = Bindings::read(br#"[{"type":"sqlTrigger","name":"x"}]"#).unwrap_err().to_string();
    assert!(message.contains("`sqlTrigger`"), "{message}");
}

#[test]
fn other_triggers_come_in_json_mode_only() {
    let bindings = Bindings::read(br#"[{"type":"queueTrigger","name":"item","queueName":"q"}]"#).unwrap();
    let function = Declaration::new("F", Kind::Queue, bindings);
    let (parts, ()) = Request::post("/F").body(()).unwrap().into_parts();
    let error = decode(&parts, &Bytes::new(), &function, Mode::Forward, "api").unwrap_err();
    assert_eq!(error.to_string(), "queueTrigger: comes in JSON mode only");
}

#[test]
fn the_functions_own_kind_tells_a_call_from_a_request() {
    let (parts, ()) = Request::post("/F").body(()).unwrap().into_parts();
    let body = Bytes::from(envelope(&format!(r#"{URL},"Headers":{{"Content-Type":"application/json"}},"Body":"[1]""#)));
    for mode in [Mode::Json, Mode::Forward] {
        let event = decode(&parts, &body, &function("F", Kind::Direct, None), mode, "api").unwrap().remove(0);
        assert_eq!((event.trigger(), event.ty()), (&Trigger::Direct, "polyfn.direct.call"));
        assert_eq!(event.data().unwrap().as_ref(), if mode == Mode::Json { b"[1]".as_slice() } else { &body });
    }
}

#[test]
fn an_early_host_puts_objects_into_strings() {
    let inner = r#"{"Url":"https://h/api/f","Method":"POST","Headers":"{\"A\":[\"1\"]}","Params":"{\"p\":\"v\"}","Body":"b"}"#;
    let body = serde_json::json!({"Data": {"req": inner}, "Metadata": {"sys": "{}"}}).to_string();
    let event = json(body).unwrap();
    let http = event.http().unwrap();
    assert_eq!(
        (http.headers.text("a"), http.params.len(), event.data().map(|data| &data[..])),
        (Some("1"), 1, Some(b"b".as_slice()))
    );
}

#[test]
fn members_of_a_body_cannot_change_the_event_by_leaking_into_metadata() {
    let body = r#"{"Data":{"req":{"Url":"/api/f","Method":"POST","Body":"{}"}},"Metadata":{"RetryContext":{"RetryCount":7},"Url":"\"x\"","sys":1}}"#;
    let event = json(body).unwrap();
    assert_eq!((event.attempt(), event.id(), &*event.http().unwrap().path), (1, "i1", "/f"));
}

#[test]
fn declared_routes_give_raw_requests_their_parameters() {
    for (route, uri, want) in [
        (Some("orders/{id:int?}"), "/api/ORDERS/a%2Fb%2520", vec![("id", "a/b%20")]),
        (Some("files/{*rest}"), "/api/files/a/b%20c", vec![("rest", "a/b c")]),
        (None, "/api/f", vec![]),
        (Some("other/{x}"), "/api/f", vec![]),
    ] {
        let event = raw(Request::get(uri).body(Bytes::new()).unwrap(), route);
        let params: Vec<_> = event.http().unwrap().params.iter().map(|(name, value)| (&**name, &**value)).collect();
        assert_eq!(params, want, "{route:?} {uri}");
    }
}

#[test]
fn a_delivery_cut_off_anywhere_is_an_error() {
    let body = envelope(
        r#""Url":"https://h/api/f?é=1","Method":"POST","Headers":{"Content-Type":["multipart/x"],"A":"b"},"Params":{"x":null},"Body":"AAE=","Identities":[{"Claims":[]}]"#,
    );
    json(body.clone()).unwrap();
    for end in 0..body.len() {
        assert!(json(body.as_bytes()[..end].to_vec()).is_err(), "{end}");
    }
}

#[test]
fn deep_nesting_is_an_error_and_not_a_crash() {
    for body in [
        format!(r#"{{"Data":{{"req":{}"#, "[".repeat(100_000)),
        format!(r#"{{"Data":{{"req":{}"#, r#"{"Url":"#.repeat(100_000)),
        format!(r#"{{"Metadata":{}"#, r#"{"a":"#.repeat(100_000)),
    ] {
        assert!(json(body).is_err());
    }
}
