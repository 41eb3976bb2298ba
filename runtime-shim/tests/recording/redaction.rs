use bytes::Bytes;
use http::{HeaderName, HeaderValue};
use polyfn_shim::{Event, Provider, Trigger, local::recording::Recording};

use crate::recording;

/// The body of a delivery as it stands in a file.
fn body(body: &str) -> String {
    let mut recording = recording();
    recording.delivery.body = Bytes::from(body.to_owned());
    let read = Recording::from_json(&recording.to_json()).unwrap();
    String::from_utf8(read.delivery.body.to_vec()).unwrap()
}

fn header(name: &str, value: &str) -> String {
    let mut recording = recording();
    let name = HeaderName::from_bytes(name.as_bytes()).unwrap();
    recording.delivery.headers.append(name.clone(), HeaderValue::from_str(value).unwrap());
    let read = Recording::from_json(&recording.to_json()).unwrap();
    read.delivery.headers.text(name.as_str()).unwrap().to_owned()
}

fn path(path: &str) -> String {
    let mut recording = recording();
    recording.delivery.path = path.to_owned();
    Recording::from_json(&recording.to_json()).unwrap().delivery.path
}

const OUT: &str = "[redacted]";
/// `[redacted]` in base64.
const OUT64: &str = "W3JlZGFjdGVkXQ==";

#[test]
fn headers_are_redacted_by_name_and_by_what_stands_in_them() {
    for (name, value, want) in [
        ("authorization", "Bearer abc", OUT),
        ("proxy-authorization", "Basic YTpi", OUT),
        ("cookie", "a=1", OUT),
        ("set-cookie", "sid=1; Path=/", OUT),
        ("x-functions-key", "k", OUT),
        ("x-api-key", "k", OUT),
        ("x-amz-security-token", "k", OUT),
        ("x-hub-signature-256", "sha256=abc", OUT),
        ("x-forwarded-auth", "Bearer abc12345", "Bearer [redacted]"),
        ("x-forwarded-auth", "basic YW5uOnNlc2FtZQ==", "basic [redacted]"),
        ("referer", "https://ann:sesame@example.com/a?sig=abc&page=2", "https://[redacted]@example.com/a?sig=[redacted]&page=2"),
        ("x-jwt", "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl", OUT),
        // These stay.
        ("partition-key", "customer-17", "customer-17"),
        ("idempotency-key", "1f-2e", "1f-2e"),
        ("x-note", "bearer certificates and basic training", "bearer certificates and basic training"),
        ("access-control-allow-credentials", "true", "true"),
        ("access-control-allow-headers", "authorization, x-api-key", "authorization, x-api-key"),
        ("from", "https://example.com/@ann?user=ann@example.com", "https://example.com/@ann?user=ann@example.com"),
        ("etag", "\"abc=\"", "\"abc=\""),
    ] {
        assert_eq!(header(name, value), want, "{name}: {value}");
    }
}

#[test]
fn queries_are_redacted_by_key() {
    for (given, want) in [
        ("/api/f?code=abc%2F%3D%3D&x=1", "/api/f?code=[redacted]&x=1"),
        ("/c/b?sv=2022&sig=a%2Bb&se=2024-05-01", "/c/b?sv=2022&sig=[redacted]&se=2024-05-01"),
        (
            "/o?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AKIA%2F20240501&X-Amz-SignedHeaders=host&X-Amz-Signature=ab",
            "/o?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=[redacted]&X-Amz-SignedHeaders=host&X-Amz-Signature=[redacted]",
        ),
        ("/?api_key=a&access_token=b&%70assword=c", "/?api_key=[redacted]&access_token=[redacted]&%70assword=[redacted]"),
        ("/?to=https%3A%2F%2Fx%2Fy%3Ftoken%3Dabc", "/?to=https%3A%2F%2Fx%2Fy%3Ftoken%3D%5Bredacted%5D"),
        // These stay.
        (
            "/?key=uploads/cat.png&partition_key=7&next_token=5&q=code%3Dgreen",
            "/?key=uploads/cat.png&partition_key=7&next_token=5&q=code%3Dgreen",
        ),
        ("/code=1?zipcode=12345&encode=x&a=b=c", "/code=1?zipcode=12345&encode=x&a=b=c"),
        ("/%zz?%", "/%zz?%"),
    ] {
        assert_eq!(path(given), want);
    }
}

#[test]
fn json_is_redacted_by_name_and_looked_into() {
    for (given, want) in [
        (r#"{"password":"a","user":"ann"}"#, format!(r#"{{"password":"{OUT}","user":"ann"}}"#)),
        (
            r#"{"pin_secret":1234,"ok_token":true,"token":null}"#,
            format!(r#"{{"pin_secret":"{OUT}","ok_token":true,"token":null}}"#),
        ),
        (
            r#"{"tokens":["a","b"],"credentials":{"id":"a"}}"#,
            format!(r#"{{"tokens":["{OUT}","{OUT}"],"credentials":{{"id":"{OUT}"}}}}"#),
        ),
        // A message within a message within a message.
        (
            r#"{"Message":"{\"body\":\"{\\\"api_key\\\":\\\"a\\\",\\\"n\\\":1.50}\"}"}"#,
            format!(r#"{{"Message":"{{\"body\":\"{{\\\"api_key\\\":\\\"{OUT}\\\",\\\"n\\\":1.50}}\"}}"}}"#),
        ),
        // {"secret":"a"} and {"secret":"[redacted]"} in base64.
        (
            r#"{"body":"eyJzZWNyZXQiOiJhIn0=","isBase64Encoded":true}"#,
            r#"{"body":"eyJzZWNyZXQiOiJbcmVkYWN0ZWRdIn0=","isBase64Encoded":true}"#.to_owned(),
        ),
        // Providers' typed values stay readable to those that decode them.
        (
            r#"{"api_token":{"stringValue":"a","dataType":"String"},"b_token":{"binaryValue":"AP8=","dataType":"Binary"}}"#,
            format!(
                r#"{{"api_token":{{"stringValue":"{OUT}","dataType":"String"}},"b_token":{{"binaryValue":"{OUT64}","dataType":"Binary"}}}}"#
            ),
        ),
        (r#"{"x_token":{"Type":"Binary","Value":"AP8="}}"#, format!(r#"{{"x_token":{{"Type":"Binary","Value":"{OUT64}"}}}}"#)),
        (r#"{"password":{"S":"a"},"secret":{"N":"17"}}"#, format!(r#"{{"password":{{"S":"{OUT}"}},"secret":{{"N":"0"}}}}"#)),
        (
            r#"{"headers":[{"x-api-key":[104,105]},{"lang":[-61,-68]}]}"#,
            r#"{"headers":[{"x-api-key":[91,114,101,100,97,99,116,101,100,93]},{"lang":[-61,-68]}]}"#.to_owned(),
        ),
        (
            r#"[{"Key":"token","Value":"abc"},{"name":"page","value":"2"}]"#,
            format!(r#"[{{"Key":"token","Value":"{OUT}"}},{{"name":"page","value":"2"}}]"#),
        ),
        (r#"{"Query":{"code":"a","x":"1"}}"#, format!(r#"{{"Query":{{"code":"{OUT}","x":"1"}}}}"#)),
        (
            r#"{"multiValueQueryStringParameters":{"code":["a"]},"rawQueryString":"code=a"}"#,
            format!(r#"{{"multiValueQueryStringParameters":{{"code":["{OUT}"]}},"rawQueryString":"code={OUT}"}}"#),
        ),
        (
            r#"{"a":"AccountName=x;AccountKey=abc==;EndpointSuffix=y"}"#,
            format!(r#"{{"a":"AccountName=x;AccountKey={OUT};EndpointSuffix=y"}}"#),
        ),
    ] {
        assert_eq!(body(given), want);
    }
}

#[test]
fn what_is_no_secret_stays_byte_for_byte() {
    for given in [
        r#"{"partition_key":"customer-17","key":"uploads/cat.png","Keys":{"id":{"S":"1"}},"code":"E42"}"#,
        r#"{"n":[12345678901234567890123456789012345678,1E+400,-0.0],"s":"\u00e9\/","a":1,"a":2}"#,
        r#"{"prompt_tokens":17,"totalTokens":20,"max_tokens":4096,"tokenType":"Bearer","SignatureVersion":"1"}"#,
        r#"{"text":"{not json} [nor this","base64":"aGVsbG8gd29ybGQh","spaced":"{\"a\" : 1}"}"#,
        r#"{"half":"\ud83d"}"#,
        "user=ann&key=uploads&page=2",
        "a = b == c => d",
        "",
    ] {
        assert_eq!(body(given), given);
    }
    let deep = format!("{}{}", "[".repeat(60), "]".repeat(60));
    assert_eq!(body(&deep), deep);
}

#[test]
fn a_secret_goes_wherever_else_it_stands() {
    let mut recording = recording();
    let event = |data: &str| Event::new(Provider::Local, Trigger::Direct).with_data(data.to_owned(), Some("text/plain"));
    recording.events = vec![event("it is opensesame/1"), event("eA==opensesame"), event("b3BlbnNlc2FtZS8x and opensesame%2f1")];
    recording.delivery.body = Bytes::from(r#"{"password":"opensesame/1","x":"short"}"#);
    // Bytes that are no text keep their length.
    recording.reply.body = Bytes::from_static(b"\xff\x0copensesame/1\x00");
    recording.outcomes =
        vec![polyfn_shim::local::recording::Ended::Drop { name: "Function.Error".into(), message: "not opensesame/1".into() }];
    let json = recording.to_json();
    let read = Recording::from_json(&json).unwrap();
    assert_eq!(read.events[0].data().unwrap(), "it is [redacted]");
    assert_eq!(read.events[1].data().unwrap(), "eA==opensesame");
    assert_eq!(read.events[2].data().unwrap(), "[redacted] and [redacted]");
    assert_eq!(read.reply.body, &b"\xff\x0c[redacted]**\x00"[..]);
    assert!(json.contains("not [redacted]"));
    // Redacting once more finds nothing.
    assert_eq!(read.to_json(), json);
}

#[test]
fn a_short_secret_goes_only_from_its_place() {
    assert_eq!(body(r#"{"password":"orders","queue":"orders"}"#), r#"{"password":"[redacted]","queue":"orders"}"#);
}

#[test]
fn hostile_json_costs_neither_stack_nor_hours() {
    let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
    assert!(body(&deep).contains("[redacted]"));
    let many: String = (0..20_000).map(|n| format!(r#"{{"token":"secret-number-{n}"}},"#)).collect();
    assert!(!body(&format!("[{many}1]")).contains("secret-number"));
}

/// A recording with this body, whose headers say this of it.
fn with(content_type: &str, encoding: Option<&str>, body: &[u8]) -> Recording {
    let mut recording = recording();
    let mut add = |name: &'static str, value: &str| {
        recording.delivery.headers.append(HeaderName::from_static(name), HeaderValue::from_str(value).unwrap());
    };
    add("content-type", content_type);
    if let Some(encoding) = encoding {
        add("content-encoding", encoding);
    }
    recording.delivery.body = Bytes::copy_from_slice(body);
    recording
}

fn read_body(recording: &Recording) -> Bytes {
    Recording::from_json(&recording.to_json()).unwrap().delivery.body
}

/// `{"password":"hunter22"}` in gzip, zlib and brotli, by the zlib of Python and of Node; brotli stores so short a text as it is.
const GZIP: &str = "H4sIAAAAAAACA6tWKkgsLi7PL0pRslLKKM0rSS0yMlKqBQAIj/6PFwAAAA==";
const ZLIB: &str = "eJyrVipILC4uzy9KUbJSyijNK0ktMjJSqgUAZdgIKA==";
const BROTLI: &str = "CwuAeyJwYXNzd29yZCI6Imh1bnRlcjIyIn0D";

#[test]
fn what_is_compressed_goes_as_a_whole() {
    let bytes = |text: &str| base64::Engine::decode(&base64::engine::general_purpose::STANDARD, text).unwrap();
    // The headers say so, whatever it is; a body that is said to be as it is stays.
    for (encoding, body) in [("gzip", GZIP), ("deflate", ZLIB), ("br", BROTLI), ("x-of-our-own", "AP8A"), ("BR, gzip", "aGk=")] {
        assert_eq!(read_body(&with("application/json", Some(encoding), &bytes(body))), OUT, "{encoding}");
    }
    assert_eq!(read_body(&with("text/plain", Some("identity"), b"hi")), "hi");
    // Or the bytes do.
    for body in [GZIP, ZLIB] {
        assert_eq!(read_body(&with("application/octet-stream", None, &bytes(body))), OUT);
        let json = format!(r#"{{"body":"{body}","isBase64Encoded":true}}"#);
        assert_eq!(read_body(&with("application/json", None, json.as_bytes())), json.replace(body, OUT64));
    }
    // Brotli in the JSON of a provider is told by the header beside it; words that look like base64 are no bodies.
    let json =
        format!(r#"{{"headers":{{"Content-Encoding":"br"}},"requestId":"customer","body":"{BROTLI}","isBase64Encoded":true}}"#);
    assert_eq!(read_body(&with("application/json", None, json.as_bytes())), json.replace(BROTLI, OUT64));
    // So is what the event has of it.
    let mut encoded = with("application/json", Some("br"), &bytes(BROTLI));
    encoded.events = vec![Event::new(Provider::Aws, Trigger::Http(Box::default())).with_data(bytes(BROTLI), None)];
    assert!(!encoded.to_json().contains(BROTLI) && !encoded.to_json().contains("hunter22"), "{}", encoded.to_json());
    let mut reply = recording();
    reply.reply.headers.append(HeaderName::from_static("content-encoding"), HeaderValue::from_static("br"));
    reply.reply.body = bytes(BROTLI).into();
    assert_eq!(Recording::from_json(&reply.to_json()).unwrap().reply.body, OUT);
}

#[test]
fn fields_of_a_multipart_form_are_redacted_by_name() {
    let form = |token: &str, note: &str, file: &str| {
        format!(
            "--X1\r\nContent-Disposition: form-data; name=\"user\"\r\n\r\nann\r\n\
             --X1\r\ncontent-disposition: form-data; name=\"api_token\"\r\n\r\n{token}\r\n\
             --X1\r\nContent-Disposition: form-data; name=note\r\nContent-Type: application/json\r\n\r\n{note}\r\n\
             --X1\r\nContent-Disposition: form-data; filename=\"password.txt\"; name=\"file\"\r\n\r\n{file}\r\n--X1--\r\n"
        )
    };
    let (given, want) = (
        form("hunter22hunter22", r#"{"pin_secret":"a","n":1}"#, "see hunter22hunter22"),
        form(OUT, r#"{"pin_secret":"[redacted]","n":1}"#, "see [redacted]"),
    );
    let kind = "multipart/form-data; boundary=X1";
    assert_eq!(read_body(&with(kind, None, given.as_bytes())), want);
    // In base64 within JSON, as API Gateway has it.
    let encode = |text: &str| base64::Engine::encode(&base64::engine::general_purpose::STANDARD, text);
    let json = format!(r#"{{"body":"{}","isBase64Encoded":true}}"#, encode(&given));
    assert_eq!(read_body(&with("application/json", None, json.as_bytes())), json.replace(&encode(&given), &encode(&want)));
    // Beside a file of bytes, and where the form breaks off.
    let mut bytes = b"--X1\r\nContent-Disposition: form-data; name=\"password\"\r\n\r\nsesame\r\n--X1\r\nContent-Disposition: form-data; name=\"f\"\r\n\r\n\xff\0\r\n--X1--".to_vec();
    let redacted = read_body(&with(kind, None, &bytes));
    assert!(redacted.ends_with(b"\xff\0\r\n--X1--") && !redacted.windows(6).any(|window| window == b"sesame"), "{redacted:?}");
    bytes.truncate(60);
    assert!(!read_body(&with(kind, None, &bytes)).windows(3).any(|window| window == b"ses"));
    // One that cannot be read goes whole; what only looks like one stays.
    assert_eq!(read_body(&with(kind, None, b"a preamble\r\n--X1\r\n\r\nsesame")), OUT);
    let note = "--\r\nAnn: not a form\r\n\r\n-- ";
    assert_eq!(read_body(&with("text/plain", None, note.as_bytes())), note);
    // Forms within forms, deeper than anybody looks.
    let nested = (0..300).fold("sesame".to_owned(), |inner, at| {
        format!("--{at}\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n{inner}\r\n--{at}--")
    });
    assert!(!String::from_utf8_lossy(&read_body(&with(kind, None, nested.as_bytes()))).contains("sesame"));
}
