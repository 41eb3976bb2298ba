//! The inspect example under AWS's own Runtime Interface Emulator: ten deliveries of different shapes, cold and warm.
//!
//! The emulator hands on what it is posted and hands back what the function answered, so a delivery is what a gateway would
//! send, and the reply what it would read.

#![expect(clippy::expect_used, reason = "what a test needs and does not find fails the test")]

mod deliveries;

use std::{env, path::PathBuf, process::Command};

use polyfn_tests::{Process, free_port, post};
use serde_json::Value;

use self::deliveries::Delivery;

const INVOCATIONS: &str = "/2015-03-31/functions/function/invocations";

/// The emulator, with the program that it starts at the first invocation.
struct Emulator {
    port: u16,
    _process: Process,
}

impl Emulator {
    fn start(program: &str) -> Self {
        let emulator = env::var("POLYFN_RIE").expect("POLYFN_RIE is the path of AWS's Runtime Interface Emulator");
        let (port, api) = (free_port(), free_port());
        let args = [
            "--runtime-interface-emulator-address",
            &format!("127.0.0.1:{port}"),
            "--runtime-api-address",
            &format!("127.0.0.1:{api}"),
            "--log-level",
            "warn",
            program,
            "bootstrap",
        ];
        let env = [("AWS_LAMBDA_FUNCTION_NAME", "inspect")];
        let process = Process::start_with(emulator, &args, &env).listening_on(port);
        Self { port, _process: process }
    }

    /// Fails unless the delivery is answered as it should be.
    fn check(&self, delivery: &Delivery) {
        let response = post(self.port, INVOCATIONS, delivery.event);
        assert_eq!(response.status(), 200, "{}", delivery.name);
        let mut reply = response.json();
        // An HTTP reply carries the common event as the text of its body.
        let mut event = match reply.get_mut("body") {
            Some(body) => serde_json::from_str(body.take().as_str().expect("a body of text")).expect("the event as JSON"),
            None => reply.clone(),
        };
        if delivery.id.is_none() {
            // The emulator's own request id, another one each time.
            let id = event.as_object_mut().and_then(|event| event.remove("id"));
            assert!(id.as_ref().and_then(Value::as_str).is_some_and(|id| !id.is_empty()), "{}: id {id:?}", delivery.name);
        }
        assert_eq!(event, delivery.expected(), "{}", delivery.name);
        if let Some(expected) = &delivery.reply {
            assert_eq!(&reply, expected, "{}", delivery.name);
        }
    }
}

/// Builds the inspect example and tells where it lies.
fn inspect() -> String {
    let cargo = env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned());
    let built = Command::new(cargo).args(["build", "--quiet", "-p", "inspect"]).status().expect("cargo runs");
    assert!(built.success(), "the inspect example does not build");
    let test = env::current_exe().expect("a test knows its path");
    let folder = test.parent().and_then(|deps| deps.parent()).map(PathBuf::from).expect("a test lies in target/debug/deps");
    folder.join("inspect").to_str().expect("a path of text").to_owned()
}

#[test]
#[ignore = "needs AWS's Runtime Interface Emulator: set POLYFN_RIE to its path"]
fn every_shape_is_answered_cold() {
    let inspect = inspect();
    for delivery in deliveries::all() {
        Emulator::start(&inspect).check(&delivery);
    }
}

#[test]
#[ignore = "needs AWS's Runtime Interface Emulator: set POLYFN_RIE to its path"]
fn every_shape_is_answered_warm() {
    let emulator = Emulator::start(&inspect());
    for delivery in deliveries::all().iter().chain(&deliveries::all()) {
        emulator.check(delivery);
    }
}

#[test]
#[ignore = "needs AWS's Runtime Interface Emulator: set POLYFN_RIE to its path"]
fn a_delivery_that_is_no_json_fails_and_the_next_is_answered() {
    let emulator = Emulator::start(&inspect());
    let reply = post(emulator.port, INVOCATIONS, r#"{"a":"#).json();
    assert!(reply["errorType"].as_str().is_some_and(|name| name.starts_with("Function.")), "{reply}");
    let [first, ..] = &deliveries::all()[..] else { panic!("there are deliveries") };
    emulator.check(first);
}
