//! A program as a container.

use std::{net::TcpListener, time::Duration};

use bytes::Bytes;
use http::Request;
use polyfn_shim::{
    cloudevents::Mode,
    local::{
        Process, ProcessError,
        container::{host::Container, source::Broker},
    },
};

use crate::hosted::{ids, program::Watched, queued};

#[tokio::test]
async fn a_program_knows_its_port_and_nothing_else_of_its_host() {
    let watched = Watched::new("container-env", "serve");
    let container = Container::new(watched.program.clone());
    let env = container.deliver(Request::get("/env").body(Bytes::new()).unwrap()).await.unwrap();
    let env = String::from_utf8(env.into_body().to_vec()).unwrap();
    assert_eq!(env.lines().filter(|line| line.starts_with("PORT=")).count(), 1);
    for other in ["K_SERVICE=", "FUNCTION_TARGET=", "AWS_LAMBDA_RUNTIME_API=", "FUNCTIONS_CUSTOMHANDLER_PORT="] {
        assert!(!env.lines().any(|line| line.starts_with(other)), "{other}");
    }
    let events = [queued("1", None, ""), queued("2", None, "fail")];
    let tally = Broker::new(Mode::Binary).with_retries(2).run(&container, events).await.unwrap();
    assert_eq!((tally.acknowledged, tally.deliveries, ids(&tally.dead)), (1, 4, vec!["2"]));
    container.stop().await;
    assert!(watched.lines.lock().unwrap().iter().any(|line| line == "stopped"), "SIGTERM lets it end by itself");
}

#[tokio::test]
async fn what_goes_wrong_is_one_line_that_says_what_to_do() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port();
    let container = Container::new(Watched::new("container-taken", "serve").program).with_port(port);
    let error = container.start().await.unwrap_err().to_string();
    assert_eq!(error, format!("port {port} is taken; choose another, or end the program that listens there"));

    let error = Container::new(Watched::new("container-exits", "exit 1").program).start().await.unwrap_err().to_string();
    assert!(error.contains("exit status: 1") && error.ends_with("its last line: no database to be had"), "{error}");

    let silent = Container::new(Watched::new("container-silent", "silent").program);
    let error = silent.with_start_timeout(Duration::from_millis(300)).start().await.unwrap_err();
    assert!(matches!(error, ProcessError::TimedOut(_)), "{error}");
}
