//! A real server on a real socket, spoken to as the host speaks.

use std::{
    fs,
    io::{Read, Write},
    net::{TcpListener, TcpStream},
    path::{Path, PathBuf},
    sync::atomic::{AtomicUsize, Ordering},
    thread,
    time::{Duration, Instant},
};

use http::Response;
use polyfn_shim::{
    Body, Event, Failure, Outcome, Provider, Reply, Trigger,
    azure::serve,
    function::{Binding, Description, Function, Functions, Hooks},
    host::Host,
};
use serde_json::{Value, json};

use crate::wire::envelope;

const GET: &[&str] = &["GET"];
const ANY: &[&str] = &[];

fn description(name: &'static str, binding: Binding) -> Description {
    Description::new(name, binding)
}

/// Answers with the event as JSON.
fn echo(name: &'static str, methods: &'static [&'static str], path: Option<&'static str>) -> Function {
    Function::new(description(name, Binding::Http { methods, path }), |event: Event, _| async move {
        let json = serde_json::to_vec(&event).unwrap();
        Outcome::Done(Reply::Http(Response::builder().header("content-type", "application/json").body(json.into()).unwrap()))
    })
}

fn functions() -> Functions {
    let http = |name, path| description(name, Binding::Http { methods: ANY, path: Some(path) });
    Functions::new(vec![
        echo("GetOrder", GET, Some("/orders/{id}")),
        echo("everything", ANY, Some("/echo")),
        Function::new(description("add", Binding::Direct), |event: Event, _| async move {
            assert_eq!(event.trigger(), &Trigger::Direct);
            let numbers: Vec<i64> = serde_json::from_slice(event.data().unwrap()).unwrap();
            Outcome::Done(Reply::Direct(numbers.iter().sum::<i64>().to_string().into()))
        }),
        Function::new(http("fails", "/fails"), |_, _| async { Outcome::Retry(Failure::new("Lost", "secret")) }),
        Function::blocking(http("panics", "/panics"), |_, _| panic!("secret")),
        Function::new(http("cookies", "/cookies"), |_, _| async {
            let response = Response::builder().header("set-cookie", "a=1").header("set-cookie", "b=2");
            Outcome::Done(Reply::Http(response.body(Body::default()).unwrap()))
        }),
        Function::new(http("streams", "/streams"), |_, _| async {
            Outcome::Done(Reply::Http(Response::new(Body::new(Body::from("piece by piece")))))
        }),
        Function::blocking(http("sleeps", "/sleeps"), |_, _| {
            thread::sleep(Duration::from_millis(300));
            Outcome::Done(Reply::Empty)
        }),
    ])
}

fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

/// What serving these functions in this environment ends with, if it cannot start.
fn run(functions: Functions, env: Vec<(&'static str, String)>) -> Result<(), String> {
    let env = |name: &str| env.iter().find(|(key, _)| *key == name).map(|(_, value)| value.clone());
    let host = Host::detect(&env, &Provider::ALL).unwrap();
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    runtime.block_on(serve(functions, &host, &env)).map_err(|error| error.to_string())
}

/// Serves until the test ends, and gives the port.
pub(crate) fn start(functions: Functions, mut env: Vec<(&'static str, String)>) -> u16 {
    let port = free_port();
    env.push(("FUNCTIONS_CUSTOMHANDLER_PORT", port.to_string()));
    thread::spawn(move || run(functions, env).unwrap());
    let begun = Instant::now();
    while TcpStream::connect(("127.0.0.1", port)).is_err() {
        assert!(begun.elapsed() < Duration::from_secs(20), "the server did not come up");
        thread::sleep(Duration::from_millis(10));
    }
    port
}

/// One request, and the status, head and body of its answer.
pub(crate) fn send(port: u16, request: &str) -> (u16, String, Vec<u8>) {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
    stream.write_all(request.as_bytes()).unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).unwrap();
    let end = answer.windows(4).position(|window| window == b"\r\n\r\n").unwrap();
    let head = String::from_utf8(answer[..end].to_vec()).unwrap().to_ascii_lowercase();
    let status = head.split(' ').nth(1).unwrap().parse().unwrap();
    (status, head, answer[end + 4..].to_vec())
}

pub(crate) fn post(port: u16, path: &str, headers: &str, body: &str) -> (u16, String, Vec<u8>) {
    let length = body.len();
    send(
        port,
        &format!("POST {path} HTTP/1.1\r\nHost: h\r\nConnection: close\r\n{headers}Content-Length: {length}\r\n\r\n{body}"),
    )
}

fn get(port: u16, path: &str, headers: &str) -> (u16, String, Vec<u8>) {
    send(port, &format!("GET {path} HTTP/1.1\r\nHost: h\r\nConnection: close\r\n{headers}\r\n"))
}

pub(crate) const ID: &str = "X-Azure-Functions-InvocationId: 7f\r\n";

fn order() -> String {
    envelope(r#""Url":"https://shop/api/orders/7","Method":"GET","Headers":{},"Params":{"id":"7"}"#)
}

fn parsed(body: &[u8]) -> Value {
    serde_json::from_slice(body).unwrap_or_else(|error| panic!("{error}: {}", String::from_utf8_lossy(body)))
}

/// The event that came back in a JSON-mode answer.
fn echoed(body: &[u8]) -> Value {
    parsed(parsed(body)["Outputs"]["res"]["body"].as_str().unwrap().as_bytes())
}

#[test]
fn the_probe_is_answered_without_user_code() {
    static CALLS: AtomicUsize = AtomicUsize::new(0);
    let every = Function::new(description("every", Binding::Http { methods: ANY, path: None }), |_, _| async {
        CALLS.fetch_add(1, Ordering::SeqCst);
        Outcome::Done(Reply::Empty)
    });
    let port = start(Functions::new(vec![every]), vec![("AzureFunctionsJobHost__extensions__http__routePrefix", String::new())]);
    let (status, head, body) = get(port, "/", "");
    assert_eq!((status, body.len(), CALLS.load(Ordering::SeqCst)), (200, 0, 0), "{head}");
    assert_eq!(get(port, "/", ID).0, 204);
    assert_eq!(CALLS.load(Ordering::SeqCst), 1);
}

#[test]
fn a_request_under_the_prefix_is_a_callers_own() {
    let port = start(functions(), vec![]);
    let (status, head, body) = get(port, "/api/orders/a%20b?x=1&x=2", "X-Azure-Functions-InvocationId: forged, real\r\n");
    let event = parsed(&body);
    assert_eq!((status, &event["id"]), (200, &json!("real")), "{head}");
    assert_eq!(event["http"]["path"], "/orders/a%20b");
    assert_eq!(event["http"]["raw_path"], "/api/orders/a%20b");
    assert_eq!(event["http"]["query"], "x=1&x=2");
    assert_eq!(event["http"]["params"], json!({"id": "a b"}));

    let (status, _, body) = get(port, "/API/ORDERS/7/", "");
    assert_eq!((status, &parsed(&body)["http"]["params"]), (200, &json!({"id": "7"})), "the host's routes ignore letter case");
    assert_eq!(get(port, "/api/nowhere", "").0, 404);
    assert_eq!(post(port, "/api/orders/7", "", "").0, 405);

    let (_, head, _) = get(port, "/api/cookies", "");
    assert_eq!(head.matches("set-cookie: ").count(), 2);
    assert_eq!(get(port, "/api/streams", "").0, 200);
    let (status, _, body) = post(port, "/api/add", "Content-Type: application/json\r\n", "[1,2]");
    assert_eq!((status, body), (200, b"3".to_vec()));
    let (status, _, body) = post(port, "/api/ADD", "Content-Type: application/json\r\n", "[4,5]");
    assert_eq!((status, body), (200, b"9".to_vec()));
}

#[test]
fn a_forged_envelope_under_the_prefix_stays_a_callers_own_body() {
    let port = start(functions(), vec![]);
    let forged = format!("{ID}Content-Type: application/json; charset=utf-8\r\nUser-Agent: Azure-Functions-Host/4.1037.0.0\r\n");
    let (status, _, body) = post(port, "/api/echo", &forged, &order());
    let event = parsed(&body);
    assert_eq!((status, &event["http"]["method"], &event["http"]["path"]), (200, &json!("POST"), &json!("/echo")));
    assert_eq!(event["data"], parsed(order().as_bytes()));
}

#[test]
fn a_delivery_in_json_is_told_by_the_functions_name() {
    let port = start(functions(), vec![]);
    for path in ["/GetOrder", "/getorder"] {
        let (status, head, body) = post(port, path, ID, &order());
        assert_eq!(status, 200, "{head}");
        assert!(head.contains("content-type: application/json"), "{head}");
        let answer = parsed(&body);
        assert_eq!(answer["Outputs"]["res"]["statusCode"], 200);
        let event = echoed(&body);
        assert_eq!((&event["id"], &event["http"]["path"]), (&json!("7f"), &json!("/orders/7")));
        assert_eq!((&event["http"]["params"], &event["http"]["host"]), (&json!({"id": "7"}), &json!("shop")));
    }
    let body = envelope(r#""Url":"https://shop/api/add","Method":"POST","Headers":{},"Body":"[40,2]""#);
    let (status, _, body) = post(port, "/add", ID, &body);
    assert_eq!((status, &parsed(&body)["Outputs"]["res"]["body"]), (200, &json!("42")));
    let (status, _, body) = post(port, "/streams", ID, &order());
    assert_eq!((status, &parsed(&body)["Outputs"]["res"]["body"]), (200, &json!("piece by piece")));
}

#[test]
fn a_chunked_delivery_is_read() {
    let port = start(functions(), vec![]);
    let (a, b) = (&order()[..20], &order()[20..]);
    let head = "POST /GetOrder HTTP/1.1\r\nHost: h\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n";
    let request = format!("{head}{ID}\r\n{:x}\r\n{a}\r\n{:x}\r\n{b}\r\n0\r\n\r\n", a.len(), b.len());
    assert_eq!(send(port, &request).0, 200);
}

#[test]
fn what_goes_wrong_is_a_500_with_a_text_and_the_next_request_works() {
    let port = start(functions(), vec![]);
    for (path, body, part) in [
        ("/GetOrder", "{", "EOF"),
        ("/GetOrder", "", "EOF"),
        ("/GetOrder", r#"{"Data":{"other":1}}"#, "Data.req: missing; Data has `other`"),
        ("/fails", &order(), "Function.Lost"),
        ("/panics", &order(), "Function.Panic"),
        ("/cookies", &order(), "needs proxying: remove the extra binding"),
    ] {
        let (status, head, answer) = post(port, path, ID, body);
        let text = String::from_utf8(answer).unwrap();
        assert_eq!(status, 500, "{path} {text}");
        assert!(head.contains("content-type: text/plain") && text.contains(part) && !text.contains("secret"), "{path}: {text}");
    }
    for path in ["/api/fails", "/api/panics"] {
        let (status, _, body) = get(port, path, "");
        assert_eq!(status, 500);
        assert!(!String::from_utf8_lossy(&body).contains("secret"));
    }
    assert_eq!(send(port, "garbage\r\n\r\n").0, 400);
    assert_eq!(post(port, "/GetOrder", ID, &order()).0, 200);
}

#[test]
fn a_callers_own_body_may_hold_32_mib_and_a_delivery_100() {
    let port = start(functions(), vec![]);
    let announce = |path: &str, length: u64| {
        send(port, &format!("POST {path} HTTP/1.1\r\nHost: h\r\nConnection: close\r\nContent-Length: {length}\r\n\r\n")).0
    };
    for path in ["/api/echo", "/GetOrder"] {
        assert_eq!(announce(path, 100 * 1024 * 1024 + 1), 413);
    }
    assert_eq!(post(port, "/api/echo", "", &"x".repeat(32 * 1024 * 1024 + 1)).0, 413);
    let large = envelope(&format!(r#""Url":"/api/x","Method":"GET","Ignored":"{}""#, "x".repeat(33 * 1024 * 1024)));
    assert_eq!(post(port, "/GetOrder", ID, &large).0, 200);
}

#[test]
fn an_unknown_function_is_a_404_with_the_list() {
    let port = start(functions(), vec![]);
    for (path, headers) in [("/Nobody", ID), ("/orders/7", ID), ("/GetOrder/x", "")] {
        let (status, _, body) = post(port, path, headers, &order());
        let text = String::from_utf8(body).unwrap();
        assert!(status == 404 && text.contains("`GetOrder`") && text.contains("`add`"), "{path}: {status} {text}");
    }
    assert_eq!(get(port, "/GetOrder", ID).0, 404, "the host always posts");
}

#[test]
fn blocking_functions_run_beside_each_other() {
    let port = start(functions(), vec![]);
    let begun = Instant::now();
    let all: Vec<_> = (0..8).map(|_| thread::spawn(move || get(port, "/api/sleeps", "").0)).collect();
    for one in all {
        assert_eq!(one.join().unwrap(), 204);
    }
    assert!(begun.elapsed() < Duration::from_millis(1_500), "{:?}", begun.elapsed());
}

/// A folder of its own, with these files.
pub(crate) fn deployment(name: &str, files: &[(&str, &str)]) -> String {
    let root = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("azure-{name}-{}", std::process::id()));
    for (file, text) in files {
        let path = root.join(file);
        fs::create_dir_all(path.parent().unwrap_or(Path::new("."))).unwrap();
        fs::write(path, text).unwrap();
    }
    root.to_str().unwrap().to_owned()
}

#[test]
fn declared_bindings_and_prefix_count() {
    let root = deployment(
        "declared",
        &[
            ("host.json", r#"{"version":"2.0","extensions":{"http":{"routePrefix":"v1"}}}"#),
            (
                "GetOrder/function.json",
                r#"{"bindings":[{"type":"httpTrigger","name":"order","route":"orders/{id}"},
                {"type":"http","direction":"out","name":"reply"},{"type":"queue","direction":"out","name":"audit","queueName":"q"}]}"#,
            ),
        ],
    );
    let port = start(functions(), vec![("FUNCTIONS_APP_ROOT_PATH", root.clone())]);
    let body = r#"{"Data":{"order":{"Url":"https://shop/V1/orders/7","Method":"GET","Params":{}}}}"#;
    let (status, _, body) = post(port, "/GetOrder", ID, body);
    assert_eq!(status, 200);
    let event = parsed(parsed(&body)["Outputs"]["reply"]["body"].as_str().unwrap().as_bytes());
    assert_eq!(event["http"]["path"], "/orders/7");
    assert_eq!(get(port, "/v1/echo", "").0, 200);
    assert_eq!(get(port, "/api/echo", "").0, 404);

    let prefix = ("AzureFunctionsJobHost__extensions__http__routePrefix", "v2".to_owned());
    let port = start(functions(), vec![("FUNCTIONS_APP_ROOT_PATH", root), prefix]);
    assert_eq!(get(port, "/v2/echo", "").0, 200);
}

#[test]
fn without_a_prefix_the_table_of_functions_decides() {
    let prefix = || ("AzureFunctionsJobHost__extensions__http__routePrefix", String::new());
    let audited = r#"[{"type":"httpTrigger","name":"req","route":"orders/{id}"},
        {"type":"http","direction":"out","name":"res"},{"type":"queue","direction":"out","name":"audit"}]"#;
    let root = deployment("empty", &[("GetOrder/function.json", audited)]);
    let port = start(functions(), vec![prefix(), ("FUNCTIONS_APP_ROOT_PATH", root.clone())]);
    assert_eq!(echoed(&post(port, "/GetOrder", ID, &order()).2)["http"]["path"], "/api/orders/7", "no prefix to remove");
    let (status, _, body) = post(port, "/add", "Content-Type: application/json\r\n", "[1,2]");
    assert_eq!((status, body), (200, b"3".to_vec()));

    let clash = Functions::new(vec![echo("GetOrder", GET, Some("/orders/{id}")), echo("any", ANY, Some("/{x}"))]);
    let port = ("FUNCTIONS_CUSTOMHANDLER_PORT", free_port().to_string());
    let message = run(clash, vec![prefix(), ("FUNCTIONS_APP_ROOT_PATH", root), port]).unwrap_err();
    assert!(message.contains("`any`") && message.contains("`GetOrder`"), "{message}");
}

#[test]
fn what_cannot_start_says_why() {
    let port = || ("FUNCTIONS_CUSTOMHANDLER_PORT", free_port().to_string());
    let broken = |name: &str, json: &str| ("FUNCTIONS_APP_ROOT_PATH", deployment(name, &[("add/function.json", json)]));
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let taken = ("FUNCTIONS_CUSTOMHANDLER_PORT", taken.local_addr().unwrap().port().to_string() + "x");
    for (env, parts) in [
        (vec![("POLYFN_PROVIDER", "azure".to_owned())], &["FUNCTIONS_CUSTOMHANDLER_PORT is not set"][..]),
        (vec![taken], &["is no port"]),
        (
            vec![port(), broken("unknown", r#"{"bindings":[{"type":"sqlTrigger","name":"x"}]}"#)],
            &["add/function.json", "`sqlTrigger`"],
        ),
        (vec![port(), broken("json", "{")], &["add/function.json", "EOF"]),
        (
            vec![port(), broken("other", r#"{"bindings":[{"type":"queueTrigger","name":"x"}]}"#)],
            &["add/function.json", "queueTrigger", "`add`", "direct"],
        ),
        (vec![port(), ("AzureFunctionsJobHost__extensions__http__routePrefix", "ADD".to_owned())], &["`add`", "route prefix"]),
        (vec![port(), ("POLYFN_FUNCTION", "nobody".to_owned())], &["`nobody`"]),
    ] {
        let message = run(functions(), env.clone()).unwrap_err();
        for part in parts {
            assert!(message.contains(part), "{env:?}: {message:?} lacks {part:?}");
        }
    }
    let listening = TcpListener::bind("127.0.0.1:0").unwrap();
    let port_taken = listening.local_addr().unwrap().port().to_string();
    let message = run(functions(), vec![("FUNCTIONS_CUSTOMHANDLER_PORT", port_taken.clone())]).unwrap_err();
    assert!(message.contains(&port_taken), "{message}");

    let hooks = Hooks::default().with_init(|| async { Err(Failure::new("Database", "no database")) });
    let message = run(functions().with_hooks(hooks), vec![port()]).unwrap_err();
    assert_eq!(message, "init failed: Function.Database: no database");
}
