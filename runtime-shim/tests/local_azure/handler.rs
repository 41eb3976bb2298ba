//! A program as a custom handler.

use std::{
    fs,
    net::TcpListener,
    time::{Duration, Instant},
};

use bytes::Bytes;
use http::Request;
use polyfn_shim::{
    azure::{Bindings, TriggerType},
    event::Kind,
    function::{Binding, Description, Filter, Function, Functions},
    local::{
        Process, ProcessError, Program,
        azure::{
            batch,
            host::{Files, Handler},
            source::StorageQueue,
        },
    },
};
use serde_json::Value;

use crate::{
    declared,
    hosted::{ids, obedient, program::Watched, queued},
};

fn handler(program: &Program) -> Handler {
    let function = obedient("fulfil", Kind::Queue, "orders");
    Handler::new(program.clone(), Files::of([&function], "api").unwrap())
}

fn message() -> Request<Bytes> {
    batch(&[queued("1", None, "")], &declared(&obedient("fulfil", Kind::Queue, "orders"))).unwrap()
}

fn one_line(error: &ProcessError, parts: &[&str]) {
    let text = error.to_string();
    assert_eq!(text.lines().count(), 1, "{text}");
    for part in parts {
        assert!(text.contains(part), "{text:?} lacks {part:?}");
    }
}

#[test]
fn the_files_of_a_deployment_lie_in_a_folder_until_they_are_dropped() {
    let files = Files::of([&obedient("fulfil", Kind::Queue, "orders")], "/v1/api/").unwrap();
    let root = files.root().to_owned();
    let host: Value = serde_json::from_slice(&fs::read(root.join("host.json")).unwrap()).unwrap();
    assert_eq!(host["extensions"]["http"]["routePrefix"], "v1/api");
    assert_eq!(host["customHandler"]["enableForwardingHttpRequest"], true);
    let bindings = Bindings::read(&fs::read(root.join("fulfil/function.json")).unwrap()).unwrap();
    assert_eq!(bindings.trigger_type(), TriggerType::Queue);
    drop(files);
    assert!(!root.exists());
    let many = obedient("fulfil", Kind::Queue, "*");
    let error = Files::of([&many], "api").unwrap_err().to_string();
    assert!(error.starts_with("fulfil: ") && error.contains("write its name"), "{error}");
    let functions = Functions::new(vec![Function::blocking(
        Description::new("f", Binding::Resource { kind: Kind::Event, name: "*", filter: Filter::default() }),
        |_, _| polyfn_shim::Outcome::Done(polyfn_shim::Reply::Empty),
    )]);
    assert!(Files::of(functions.iter(), "").is_ok());
}

#[tokio::test]
async fn a_program_has_the_environment_of_a_custom_handler() {
    let watched = Watched::new("azure-env", "serve");
    let handler = handler(&watched.program);
    let request = Request::get("/api/env").header("x-azure-functions-invocationid", "7").body(Bytes::new()).unwrap();
    let env = String::from_utf8(handler.deliver(request).await.unwrap().into_body().to_vec()).unwrap();
    let value = |name: &str| env.lines().find_map(|line| line.strip_prefix(&format!("{name}=")).map(str::to_owned));
    let port = value("FUNCTIONS_CUSTOMHANDLER_PORT");
    assert!(port.as_deref().is_some_and(|port| port.parse::<u16>().is_ok()));
    assert_eq!(value("FUNCTIONS_HTTPWORKER_PORT"), port);
    let id = value("FUNCTIONS_CUSTOMHANDLER_WORKER_ID").unwrap();
    assert_eq!(id.split('-').map(str::len).collect::<Vec<_>>(), [8, 4, 4, 4, 12]);
    assert_eq!(value("FUNCTIONS_HTTPWORKER_ID"), Some(id));
    assert_eq!(value("FUNCTIONS_APP_ROOT_PATH"), Some(handler.root().to_str().unwrap().to_owned()));
    assert_eq!((value("PORT"), value("K_SERVICE")), (None, None));
}

#[tokio::test]
async fn messages_reach_a_program_and_what_failed_is_poison() {
    let watched = Watched::new("azure-queue", "serve");
    let handler = handler(&watched.program);
    let declaration = declared(&obedient("fulfil", Kind::Queue, "orders"));
    let messages = [queued("1", None, ""), queued("2", None, "fail"), queued("3", None, "once")];
    let tally = StorageQueue::new(&declaration).run(&handler, messages).await.unwrap();
    assert_eq!((tally.acknowledged, tally.deliveries, ids(&tally.dead)), (2, 8, vec!["2"]));
    assert_eq!(watched.starts(), 1);
}

#[tokio::test]
async fn an_exit_with_0_is_the_end_of_every_invocation() {
    let watched = Watched::new("azure-exit-0", "crash 0");
    let handler = handler(&watched.program);
    one_line(&handler.deliver(message()).await.unwrap_err(), &["exit status: 0"]);
    for _ in 0..2 {
        let error = handler.deliver(message()).await.unwrap_err();
        one_line(&error, &["takes no notice of an exit with 0", "exit with 1 on an error"]);
    }
    assert_eq!(watched.starts(), 1);
}

#[tokio::test]
async fn the_host_stops_at_the_third_error_but_an_exit_with_200_is_none() {
    let watched = Watched::new("azure-exit-3", "crash 3");
    let handler_ = handler(&watched.program);
    for starts in 1..=3 {
        one_line(&handler_.deliver(message()).await.unwrap_err(), &["exit status: 3", "its last line: no database to be had"]);
        assert_eq!(watched.starts(), starts);
    }
    let error = handler_.deliver(message()).await.unwrap_err();
    one_line(&error, &["exit status: 3", "no database to be had", "stops at the third error", "start again"]);
    assert_eq!(watched.starts(), 3);

    let watched = Watched::new("azure-exit-200", "crash 200");
    let handler = handler(&watched.program);
    for starts in 1..=5 {
        one_line(&handler.deliver(message()).await.unwrap_err(), &["exit status: 200"]);
        assert_eq!(watched.starts(), starts);
    }
}

#[tokio::test]
async fn what_is_never_ready_is_started_three_times() {
    let watched = Watched::new("azure-exits", "exit 1");
    let error = handler(&watched.program).start().await.unwrap_err();
    one_line(&error, &["exit status: 1", "its last line: no database to be had", "stops at the third error"]);
    assert_eq!(watched.starts(), 3);

    let watched = Watched::new("azure-silent", "silent");
    let handler_ = handler(&watched.program).with_start_timeout(Duration::from_millis(700));
    let error = handler_.start().await.unwrap_err();
    one_line(&error, &["does not answer `GET /` on 127.0.0.1:", "FUNCTIONS_CUSTOMHANDLER_PORT"]);
    assert_eq!(watched.starts(), 3);

    let mut program = watched.program.clone();
    program.path = "/no/such/program".into();
    one_line(&handler(&program).start().await.unwrap_err(), &["`/no/such/program`", "build it first"]);
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port();
    let error = handler(&Watched::new("azure-taken", "serve").program).with_port(port).start().await.unwrap_err();
    one_line(&error, &[&format!("port {port} is taken"), "choose another"]);
}

#[tokio::test]
async fn an_invocation_without_an_answer_has_the_program_killed_with_all_that_runs_in_it() {
    let watched = Watched::new("azure-mute", "mute");
    let handler = handler(&watched.program).with_timeout(Duration::from_secs(1));
    handler.start().await.unwrap();
    let began = Instant::now();
    let both = async {
        let first = handler.deliver(message());
        let second = async {
            tokio::time::sleep(Duration::from_millis(500)).await;
            handler.deliver(message()).await
        };
        tokio::join!(first, second)
    };
    let (first, second) = both.await;
    let error = first.unwrap_err();
    assert!(matches!(error, ProcessError::TimedOut(_)));
    one_line(&error, &["no reply after 1s", "kills the program", "longer functionTimeout"]);
    // The second had half a second left.
    let error = second.unwrap_err();
    assert!(matches!(error, ProcessError::Exited(_)), "{error}");
    assert!(began.elapsed() < Duration::from_millis(1_450), "{:?}", began.elapsed());
    // That is no error of the program's: it is started as often as it takes.
    for starts in 2..=4 {
        assert!(matches!(handler.deliver(message()).await.unwrap_err(), ProcessError::TimedOut(_)));
        assert_eq!(watched.starts(), starts);
    }
}

#[tokio::test]
async fn an_empty_answer_to_a_delivery_is_an_error_at_once_but_none_to_a_caller() {
    let watched = Watched::new("azure-empty", "empty");
    let handler = handler(&watched.program);
    let error = handler.deliver(message()).await.unwrap_err();
    assert!(matches!(error, ProcessError::TimedOut(_)));
    one_line(&error, &["empty", "would wait until the function's timeout", r#"{"Outputs":{},"Logs":[],"ReturnValue":null}"#]);
    let caller = Request::post("/api/orders").header("x-azure-functions-invocationid", "7");
    let caller = caller.header("content-type", "application/json").body(Bytes::new()).unwrap();
    assert_eq!(handler.deliver(caller).await.unwrap().status(), 204);
}
