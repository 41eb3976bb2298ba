//! How a process chooses the function of an event and what it answers when there is none.

#![expect(clippy::unwrap_used, reason = "what a test needs and does not find fails the test")]

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use http::{Method, Response};
use polyfn_shim::{
    Body, Event, Failure, Invocation, Outcome, Provider, Reply, Trigger,
    event::{Http, Kind, Queue},
    function::{Binding, Description, Filter, Function, Functions, Hooks, State, Table, response},
};

fn description(name: &'static str, binding: Binding) -> Description {
    Description { module: "app", ..Description::new(name, binding) }
}

/// A function that answers with its own name and the route's parameters.
fn named(name: &'static str, binding: Binding) -> Function {
    Function::new(description(name, binding), move |event, invocation| async move {
        assert_eq!(invocation.function(), name);
        match event.trigger() {
            Trigger::Http(http) => Outcome::Done(Reply::Http(Response::new(Body::from(format!("{name} {:?}", http.params))))),
            Trigger::Direct => Outcome::Done(Reply::Direct(format!("\"{name}\"").into())),
            _ => Outcome::Done(Reply::Empty),
        }
    })
}

fn http(name: &'static str, methods: &'static [&'static str], path: Option<&'static str>) -> Function {
    named(name, Binding::Http { methods, path })
}

fn table(functions: Vec<Function>) -> Table {
    Table::new(Functions::new(functions), None, true).unwrap()
}

fn request(method: Method, path: &str) -> Event {
    Event::new(Provider::Container, Trigger::Http(Box::new(Http::new(method, path, None))))
}

fn invocation() -> Invocation {
    Invocation::new(Provider::Container, "1")
}

async fn answer(table: &Table, event: Event) -> (u16, Option<String>, String) {
    let response = response(table.invoke(event, invocation()).await);
    let allow = response.headers().get("allow").map(|allow| allow.to_str().unwrap().to_owned());
    let status = response.status().as_u16();
    let body = response.into_body().collect().await.unwrap();
    (status, allow, String::from_utf8(body.to_vec()).unwrap())
}

#[tokio::test]
async fn a_request_finds_its_function_by_route() {
    let table = table(vec![http("hello", &["GET"], Some("/hello/{name}")), http("rest", &[], Some("/files/{*rest}"))]);
    assert_eq!(answer(&table, request(Method::GET, "/hello/a%20b")).await, (200, None, r#"hello [("name", "a b")]"#.into()));
    assert_eq!(answer(&table, request(Method::PUT, "/files/a/b")).await, (200, None, r#"rest [("rest", "a/b")]"#.into()));
    assert_eq!(answer(&table, request(Method::GET, "/other")).await.0, 404);
    let (status, allow, _) = answer(&table, request(Method::PUT, "/hello/a")).await;
    assert_eq!((status, allow.as_deref()), (405, Some("GET, HEAD, OPTIONS")));
    let (status, allow, body) = answer(&table, request(Method::OPTIONS, "/hello/a")).await;
    assert_eq!((status, allow.as_deref(), body.as_str()), (204, Some("GET, HEAD, OPTIONS"), ""));
}

#[tokio::test]
async fn head_is_get_without_the_body() {
    let table = table(vec![http("hello", &["GET"], Some("/hello/{name}"))]);
    let response = response(table.invoke(request(Method::HEAD, "/hello/a"), invocation()).await);
    assert_eq!((response.status().as_u16(), response.headers()["content-length"].to_str().unwrap()), (200, "21"));
    assert!(response.body().bytes().unwrap().is_empty());
}

#[tokio::test]
async fn a_direct_function_answers_a_post_to_its_name_or_to_any_path_if_it_is_alone() {
    let two = table(vec![named("add", Binding::Direct), http("home", &["GET"], Some("/"))]);
    assert_eq!(answer(&two, request(Method::POST, "/add")).await, (200, None, "\"add\"".into()));
    assert_eq!(answer(&two, request(Method::POST, "/other")).await.0, 404);
    assert_eq!(answer(&two, request(Method::GET, "/add")).await.0, 405);
    let alone = table(vec![named("add", Binding::Direct)]);
    assert_eq!(answer(&alone, request(Method::POST, "/any/path")).await, (200, None, "\"add\"".into()));
}

#[tokio::test]
async fn an_event_that_no_function_or_several_take_is_an_error_with_the_list() {
    let call = || Event::new(Provider::Aws, Trigger::Direct);
    let none = table(vec![http("home", &["GET"], Some("/"))]);
    let Outcome::Retry(failure) = none.invoke(call(), invocation()).await else { panic!("not a failure") };
    assert_eq!(failure.to_string(), "Function.NoFunction: no function takes a direct event; there are `app::home`");
    let two = table(vec![named("a", Binding::Direct), named("b", Binding::Direct)]);
    let Outcome::Retry(failure) = two.invoke(call(), invocation()).await else { panic!("not a failure") };
    assert!(failure.message().contains("POLYFN_FUNCTION to one of `app::a`, `app::b`"), "{failure}");
    let queue = table(vec![named("work", Binding::Resource { kind: Kind::Queue, name: "orders", filter: Filter::default() })]);
    let message = Event::new(Provider::Aws, Trigger::Queue(Queue::default()));
    assert!(queue.invoke(message, invocation()).await.is_done());
}

#[test]
fn a_selected_function_is_the_only_one() {
    let functions = || Functions::new(vec![named("a", Binding::Direct), named("b", Binding::Direct), http("b", &[], None)]);
    let one = Table::new(functions(), Some("a"), true).unwrap();
    assert_eq!(one.functions().len(), 1);
    let error = Table::new(functions(), Some("c"), true).unwrap_err().to_string();
    assert_eq!(error, "no function is called `c`; there are `app::a`, `app::b`, `app::b`");
    let error = Table::new(functions(), Some("b"), true).unwrap_err().to_string();
    assert_eq!(error, "several functions are called `b`: `app::b`, `app::b`");
}

#[test]
fn two_functions_for_the_same_requests_are_an_error_that_names_both() {
    for (first, second) in [
        (http("a", &["GET"], Some("/x/{y}")), http("b", &["GET"], Some("/x/{z}"))),
        (http("a", &["POST"], Some("/b")), named("b", Binding::Direct)),
        (http("a", &[], None), http("b", &[], None)),
    ] {
        let error = Table::new(Functions::new(vec![first, second]), None, true).unwrap_err().to_string();
        assert!(error.contains("`app::a` and `app::b`"), "{error}");
    }
}

#[tokio::test]
async fn a_panic_is_a_failed_event() {
    let panics: [Function; 3] = [
        Function::new(description("now", Binding::Direct), |_, _| -> std::future::Ready<Outcome> { panic!("at once") }),
        Function::new(description("later", Binding::Direct), |_, _| async {
            tokio::task::yield_now().await;
            panic!("at {}", "last")
        }),
        Function::blocking(description("plain", Binding::Direct), |_, _| panic!("in a thread")),
    ];
    for (function, text) in panics.into_iter().zip(["at once", "at last", "in a thread"]) {
        for concurrent in [false, true] {
            let table = Table::new(Functions::new(vec![function.clone()]), None, concurrent).unwrap();
            let Outcome::Retry(failure) = table.invoke(Event::new(Provider::Aws, Trigger::Direct), invocation()).await else {
                panic!("not a failure")
            };
            assert_eq!(failure.to_string(), format!("Function.Panic: the function panicked: {text}"));
        }
    }
}

#[tokio::test]
async fn plain_functions_do_not_hold_each_other_up() {
    let function = Function::blocking(description("slow", Binding::Direct), |_, _| {
        std::thread::sleep(Duration::from_millis(300));
        Outcome::Done(Reply::Empty)
    });
    let table = Arc::new(table(vec![function]));
    let start = Instant::now();
    let calls: Vec<_> = (0..10)
        .map(|_| {
            let table = Arc::clone(&table);
            tokio::spawn(async move { table.invoke(Event::new(Provider::Aws, Trigger::Direct), invocation()).await.is_done() })
        })
        .collect();
    for call in calls {
        assert!(call.await.unwrap());
    }
    // One after the other they would take three seconds.
    assert!(start.elapsed() < Duration::from_secs(2));
}

#[tokio::test]
async fn the_hooks_run_around_the_invocations() {
    let (said, heard) = std::sync::mpsc::channel();
    let function = Function::new(description("count", Binding::Direct), |_, invocation| async move {
        let state = invocation.state().and_then(|state| state.downcast_ref::<u8>()).copied();
        Outcome::Done(Reply::Direct(format!("{state:?}").into()))
    });
    let hooks = Hooks::default()
        .with_init(|| async {
            let state: State = Arc::new(7_u8);
            Ok(state)
        })
        .with_shutdown(move |state| async move {
            said.send(state.and_then(|state| state.downcast_ref::<u8>().copied())).unwrap();
        });
    let mut table = Table::new(Functions::new(vec![function]).with_hooks(hooks), None, true).unwrap();
    table.init().await.unwrap();
    let Outcome::Done(Reply::Direct(json)) = table.invoke(Event::new(Provider::Aws, Trigger::Direct), invocation()).await else {
        panic!("not done")
    };
    assert_eq!(json, "Some(7)");
    table.shutdown().await;
    assert_eq!(heard.recv(), Ok(Some(7)));
}

#[tokio::test]
async fn an_init_that_fails_says_so() {
    let hooks = Hooks::default().with_init(|| async { Err(Failure::new("NoDatabase", "refused")) });
    let mut table = Table::new(Functions::default().with_hooks(hooks), None, true).unwrap();
    assert_eq!(table.init().await.unwrap_err().to_string(), "Function.NoDatabase: refused");
}
