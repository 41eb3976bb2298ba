//! A program as a service of Cloud Run.

use std::{
    net::TcpListener,
    time::{Duration, Instant},
};

use bytes::Bytes;
use http::Request;
use polyfn_shim::local::{
    Process, ProcessError,
    gcp::{Form, delivery, host::Service, source::PubSub},
};

use crate::hosted::{program::Watched, published};

fn get(path: &str) -> Request<Bytes> {
    Request::get(path).body(Bytes::new()).unwrap()
}

#[tokio::test]
async fn a_program_has_the_environment_of_a_service() {
    let watched = Watched::new("gcp-env", "serve");
    let service = Service::new("shop", watched.program.clone()).with_timeout(Duration::from_secs(7));
    let env = service.deliver(get("/env")).await.unwrap();
    let env = String::from_utf8(env.into_body().to_vec()).unwrap();
    let value = |name: &str| env.lines().find_map(|line| line.strip_prefix(&format!("{name}=")).map(str::to_owned));
    assert_eq!(value("K_SERVICE").as_deref(), Some("shop"));
    assert_eq!(value("K_CONFIGURATION").as_deref(), Some("shop"));
    assert_eq!(value("K_REVISION").as_deref(), Some("shop-00001-local"));
    assert_eq!(value("CLOUD_RUN_TIMEOUT_SECONDS").as_deref(), Some("7"));
    assert_eq!(value("FUNCTION_TARGET"), None);
    assert!(value("PORT").is_some_and(|port| port.parse::<u16>().is_ok()));
    assert_eq!(value("FUNCTIONS_CUSTOMHANDLER_PORT"), None);

    let service = Service::new("shop", watched.program.clone()).with_function("env");
    let env = service.deliver(get("/env")).await.unwrap();
    assert!(String::from_utf8(env.into_body().to_vec()).unwrap().contains("FUNCTION_TARGET=env\n"));
}

#[tokio::test]
async fn a_push_reaches_a_program_and_what_failed_comes_again() {
    let watched = Watched::new("gcp-push", "serve");
    let service = Service::new("shop", watched.program.clone());
    let messages = [published("1", None, ""), published("2", None, "drop"), published("3", None, "fail")];
    let source = PubSub::new(Form::WrappedPush).with_dead_letters_after(5);
    let source = source.with_delays(polyfn_shim::local::Delays::fixed(Duration::from_millis(10)));
    let tally = source.run(&service, messages).await.unwrap();
    assert_eq!((tally.acknowledged, tally.deliveries, tally.dead.len()), (2, 7, 1));
    assert_eq!(watched.starts(), 1);
    service.stop().await;
    assert_eq!(
        watched.lines.lock().unwrap().iter().filter(|line| *line == "stopped").count(),
        1,
        "SIGTERM lets it end by itself"
    );
    // The next request starts it anew.
    let reply = service.deliver(delivery(Form::WrappedPush, &published("4", None, "")).unwrap()).await.unwrap();
    assert_eq!((reply.status().as_u16(), watched.starts()), (204, 2));
}

#[tokio::test]
async fn what_goes_wrong_is_one_line_that_says_what_to_do() {
    let told = |error: ProcessError, parts: &[&str]| {
        let text = error.to_string();
        assert_eq!(text.lines().count(), 1, "{text}");
        for part in parts {
            assert!(text.contains(part), "{text:?} lacks {part:?}");
        }
    };
    let mut missing = Watched::new("gcp-missing", "serve").program;
    missing.path = "/no/such/program".into();
    told(Service::new("shop", missing).start().await.unwrap_err(), &["`/no/such/program`", "build it first"]);

    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port();
    let service = Service::new("shop", Watched::new("gcp-taken", "serve").program).with_port(port);
    told(service.start().await.unwrap_err(), &[&format!("port {port} is taken"), "choose another"]);

    let exits = Watched::new("gcp-exits", "exit 3");
    let error = Service::new("shop", exits.program.clone()).start().await.unwrap_err();
    told(error, &["exit status: 3", "its last line: no database to be had"]);

    let silent = Service::new("shop", Watched::new("gcp-silent", "silent").program);
    let error = silent.with_start_timeout(Duration::from_millis(300)).start().await.unwrap_err();
    assert!(matches!(error, ProcessError::TimedOut(_)));
    told(error, &["does not listen on 127.0.0.1:", "PORT"]);

    let mute = Watched::new("gcp-mute", "mute");
    let service = Service::new("shop", mute.program.clone()).with_timeout(Duration::from_millis(300));
    for _ in 0..2 {
        let error = service.deliver(get("/x")).await.unwrap_err();
        assert!(matches!(error, ProcessError::TimedOut(_)));
        told(error, &["no reply after 300ms", "504", "answer sooner"]);
    }
    assert_eq!(mute.starts(), 1, "the program goes on");

    let crash = Watched::new("gcp-crash", "crash 4");
    let service = Service::new("shop", crash.program.clone());
    for starts in 1..3 {
        let began = Instant::now();
        told(service.deliver(get("/x")).await.unwrap_err(), &["exit status: 4", "no database to be had"]);
        assert!(began.elapsed() < Duration::from_secs(20), "its end is no timeout");
        assert_eq!(crash.starts(), starts, "the next request starts it anew");
    }
}
