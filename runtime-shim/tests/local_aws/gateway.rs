//! The front ends: from a caller's request to Lambda, and back.

use std::time::Duration;

use bytes::Bytes;
use http::{HeaderValue, Method, Request, Response, StatusCode, header::HeaderName};
use polyfn_shim::{
    aws::Shape,
    event::Http,
    local::{
        Delivering, Process, ProcessError,
        aws::{FUNCTION_ERROR, Gateway, REQUEST_ID},
    },
};
use serde_json::{Value, json};

fn request(target: &str, headers: &[(&str, &str)]) -> Http {
    let (path, query) = target.split_once('?').map_or((target, None), |(path, query)| (path, Some(query)));
    let mut request = Http::new(Method::POST, path, query);
    for (name, value) in headers {
        request.headers.append(name.parse::<HeaderName>().unwrap(), value.parse().unwrap());
    }
    request
}

fn delivery(shape: Shape, request: &Http, body: &'static [u8]) -> Value {
    let delivery = Gateway::new(shape).delivery(request, &Bytes::from_static(body), "r-1").unwrap();
    assert_eq!((delivery.method(), &delivery.headers()[REQUEST_ID]), (&Method::POST, &HeaderValue::from_static("r-1")));
    serde_json::from_slice(delivery.body()).unwrap()
}

#[test]
fn each_front_end_keeps_the_bytes_that_its_own_kind_keeps() {
    let request = request("/a%2Fb/%C3%BC?q=a%2Bb+c&q=2", &[("x-a", "1"), ("cookie", "a=1"), ("x-a", "2"), ("cookie", "b=2")]);
    let of = |shape| delivery(shape, &request, b"\xff\0");
    let rest = of(Shape::Rest);
    assert_eq!((&rest["path"], &rest["body"], &rest["isBase64Encoded"]), (&json!("/a%2Fb/%C3%BC"), &json!("/wA="), &json!(true)));
    assert_eq!(rest["multiValueHeaders"]["x-a"], json!(["1", "2"]));
    assert_eq!(rest["multiValueQueryStringParameters"], json!({"q": ["a+b c", "2"]}));
    let v2 = of(Shape::HttpApi2);
    assert_eq!((&v2["rawPath"], &v2["rawQueryString"]), (&json!("/a/b/ü"), &json!("q=a%2Bb+c&q=2")));
    assert_eq!((&v2["headers"]["x-a"], &v2["cookies"]), (&json!("1,2"), &json!(["a=1", "b=2"])));
    assert_eq!(of(Shape::FunctionUrl)["rawPath"], "/a%2Fb/%C3%BC");
    let alb = of(Shape::AlbMulti);
    assert_eq!(alb["multiValueQueryStringParameters"], json!({"q": ["a%2Bb+c", "2"]}));
    assert_eq!(of(Shape::AlbSingle)["headers"]["x-a"], "2");
}

#[test]
fn a_request_that_is_too_large_is_refused_at_the_door() {
    let of = |shape, bytes: usize| {
        let refused = Gateway::new(shape).delivery(&request("/", &[]), &Bytes::from(vec![b'a'; bytes]), "r-1");
        refused.err().map(|response| (response.status().as_u16(), text(&response)))
    };
    let html = "<html>\r\n<head><title>413 Payload Too Large</title></head>\r\n<body>\r\n\
        <center><h1>413 Payload Too Large</h1></center>\r\n</body>\r\n</html>\r\n";
    for (shape, most, body) in [
        (Shape::Rest, 10_485_760, r#"{"message": "Request Too Long"}"#),
        (Shape::HttpApi2, 10_485_760, r#"{"message":"Request Entity Too Large"}"#),
        (Shape::AlbSingle, 1_048_576, html),
        (Shape::FunctionUrl, 6_291_456, "Payload Too Large"),
    ] {
        assert_eq!(of(shape, most), None, "{shape:?}");
        assert_eq!(of(shape, most + 1), Some((413, body.to_owned())), "{shape:?}");
    }
}

fn text(response: &Response<Bytes>) -> String {
    String::from_utf8(response.body().to_vec()).unwrap()
}

fn reply(body: &'static str) -> Result<Response<Bytes>, ProcessError> {
    Ok(Response::new(Bytes::from_static(body.as_bytes())))
}

fn failed() -> Result<Response<Bytes>, ProcessError> {
    Ok(Response::builder().header(FUNCTION_ERROR, "Unhandled").body(Bytes::from(r#"{"statusCode":200}"#)).unwrap())
}

const HTML_502: &str = "<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>\r\n\
    <center><h1>502 Bad Gateway</h1></center>\r\n</body>\r\n</html>\r\n";

#[test]
fn a_reply_becomes_the_response_of_its_front_end() {
    let response = Gateway::new(Shape::HttpApi2).response(&reply(
        r#"{"statusCode":201,"headers":{"x":"1"},"cookies":["a=1","b=2"],"body":"/wA=","isBase64Encoded":true}"#,
    ));
    assert_eq!((response.status().as_u16(), &response.body()[..]), (201, &b"\xff\0"[..]));
    assert_eq!(response.headers().get_all("set-cookie").iter().collect::<Vec<_>>(), ["a=1", "b=2"]);
}

#[test]
fn a_failed_function_and_a_malformed_reply_are_a_502_of_each_front_ends_own() {
    for (shape, kind, body) in [
        (Shape::Rest, "application/json", r#"{"message": "Internal server error"}"#),
        (Shape::HttpApi1, "application/json", r#"{"message":"Internal Server Error"}"#),
        (Shape::HttpApi2, "application/json", r#"{"message":"Internal Server Error"}"#),
        (Shape::FunctionUrl, "text/plain", "Internal Server Error"),
        (Shape::AlbSingle, "text/html", HTML_502),
        (Shape::AlbMulti, "text/html", HTML_502),
        (Shape::Lattice2, "text/plain", "Bad Gateway"),
    ] {
        let malformed = [r#"{"statusCode":99999}"#, r#"{"statusCode":200,"body":"%","isBase64Encoded":true}"#, "{cut", ""];
        let dead = Err(ProcessError::Exited("gone".to_owned()));
        for reply in malformed.map(reply).into_iter().chain([failed(), dead]) {
            let response = Gateway::new(shape).response(&reply);
            let told = (response.status().as_u16(), response.headers()["content-type"].to_str().unwrap(), text(&response));
            assert_eq!(told, (502, kind, body.to_owned()), "{shape:?} {reply:?}");
        }
    }
}

#[test]
fn an_invocation_that_lambda_refused_is_a_500_behind_api_gateway() {
    for (shape, status) in [(Shape::Rest, 500), (Shape::HttpApi2, 500), (Shape::AlbSingle, 502)] {
        let refused = Response::builder().status(413).body(Bytes::new()).unwrap();
        assert_eq!(Gateway::new(shape).response(&Ok(refused)).status(), status, "{shape:?}");
    }
}

#[test]
fn json_without_a_status_is_the_body_in_format_2_and_malformed_elsewhere() {
    for body in [r#"{"a":1}"#, r#""hi""#, "[200]", "null"] {
        for shape in [Shape::HttpApi2, Shape::FunctionUrl] {
            let response = Gateway::new(shape).response(&reply(body));
            assert_eq!((response.status().as_u16(), text(&response).as_str()), (200, body), "{shape:?}");
            assert_eq!(response.headers()["content-type"], "application/json");
        }
        for shape in [Shape::Rest, Shape::AlbMulti] {
            assert_eq!(Gateway::new(shape).response(&reply(body)).status(), 502, "{shape:?} {body}");
        }
    }
}

#[test]
fn a_load_balancer_sends_on_one_mebibyte() {
    for (bytes, status) in [(1_048_576, 200), (1_048_577, 502)] {
        let body = json!({"statusCode": 200, "headers": {}, "body": "a".repeat(bytes)}).to_string();
        let reply = Ok(Response::new(Bytes::from(body)));
        assert_eq!(Gateway::new(Shape::AlbSingle).response(&reply).status(), status);
        assert_eq!(Gateway::new(Shape::Rest).response(&reply).status(), 200);
    }
}

fn streamed(body: &'static [u8]) -> Result<Response<Bytes>, ProcessError> {
    let kind = "application/vnd.awslambda.http-integration-response";
    Ok(Response::builder().header("content-type", kind).body(Bytes::from_static(body)).unwrap())
}

#[test]
fn a_streamed_reply_has_its_head_in_a_prelude() {
    let gateway = Gateway::new(Shape::FunctionUrl).streaming();
    let response =
        gateway.response(&streamed(b"{\"statusCode\":404,\"headers\":{\"x\":\"y\"},\"cookies\":[\"a=1\"]}\0\0\0\0\0\0\0\0a\0b"));
    assert_eq!((response.status().as_u16(), &response.body()[..]), (404, &b"a\0b"[..]));
    assert_eq!(
        (&response.headers()["x"], &response.headers()["set-cookie"]),
        (&HeaderValue::from_static("y"), &HeaderValue::from_static("a=1"))
    );
    let bare = gateway.response(&streamed(b"{}\0\0\0\0\0\0\0\0"));
    assert_eq!((bare.status().as_u16(), bare.body().len()), (200, 0));
    for broken in [&b"{}"[..], b"{}\0\0\0\0\0\0\0", b"{cut\0\0\0\0\0\0\0\0", b"{\"statusCode\":7}\0\0\0\0\0\0\0\0"] {
        assert_eq!(gateway.response(&streamed(broken)).status(), 502);
    }
}

#[test]
fn a_mode_that_does_not_fit_breaks_the_reply_as_it_does_on_aws() {
    let prelude = b"{\"statusCode\":200}\0\0\0\0\0\0\0\0hi";
    for shape in [Shape::FunctionUrl, Shape::Rest] {
        assert_eq!(Gateway::new(shape).response(&streamed(prelude)).status(), 502);
    }
    // A load balancer cannot stream, whatever it is told.
    assert_eq!(Gateway::new(Shape::AlbSingle).streaming().response(&streamed(prelude)).status(), 502);
    let whole = r#"{"statusCode":404,"body":"no"}"#;
    let response = Gateway::new(Shape::FunctionUrl).streaming().response(&reply(whole));
    assert_eq!((response.status(), text(&response).as_str()), (StatusCode::OK, whole));
    assert_eq!(response.headers()["content-type"], "application/octet-stream");
}

/// A function that never answers.
struct Silent;

impl Process for Silent {
    fn deliver(&self, _: Request<Bytes>) -> Delivering<'_> {
        Box::pin(std::future::pending())
    }
}

#[tokio::test(start_paused = true)]
async fn a_gateway_waits_half_a_minute() {
    for (shape, seconds, status, body) in [
        (Shape::Rest, 29, 504, r#"{"message": "Endpoint request timed out"}"#),
        (Shape::HttpApi2, 30, 503, r#"{"message":"Service Unavailable"}"#),
    ] {
        let began = tokio::time::Instant::now();
        let response = Gateway::new(shape).answer(&Silent, &request("/", &[]), &Bytes::new(), "r-1").await;
        assert_eq!((response.status().as_u16(), text(&response).as_str()), (status, body));
        assert_eq!(began.elapsed(), Duration::from_secs(seconds));
    }
}
