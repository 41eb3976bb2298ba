use std::env;

use polyfn_tests::{Process, Response, free_port, post};
use serde_json::Value;

/// Where the emulator takes deliveries.
const INVOCATIONS: &str = "/2015-03-31/functions/function/invocations";

/// AWS's Runtime Interface Emulator, with the program that it starts at the first invocation.
pub(crate) struct Emulator {
    port: u16,
    _process: Process,
}

impl Emulator {
    pub(crate) fn start(program: &str) -> Self {
        Self::start_with(program, &[])
    }

    /// The same with more in the program's environment.
    pub(crate) fn start_with(program: &str, more: &[(&str, &str)]) -> Self {
        Self::run(&[program, "bootstrap"], more)
    }

    /// Starts it with this command line for the program.
    pub(crate) fn run(command: &[&str], more: &[(&str, &str)]) -> Self {
        let emulator = env::var("POLYFN_RIE").expect("POLYFN_RIE is the path of AWS's Runtime Interface Emulator");
        let (port, api) = (free_port(), free_port());
        let (address, api) = (format!("127.0.0.1:{port}"), format!("127.0.0.1:{api}"));
        let own = ["--runtime-interface-emulator-address", &address, "--runtime-api-address", &api, "--log-level", "warn"];
        let env = [&[("AWS_LAMBDA_FUNCTION_NAME", "inspect")], more].concat();
        let process = Process::start_with(emulator, &[&own, command].concat(), &env).listening_on(port);
        Self { port, _process: process }
    }

    /// The answer to a delivery.
    pub(crate) fn answer(&self, delivery: &str) -> Response {
        post(self.port, INVOCATIONS, delivery)
    }

    /// The reply to a delivery, whether the invocation went well or not: the emulator's status is the same.
    pub(crate) fn reply(&self, delivery: &str) -> Value {
        let response = self.answer(delivery);
        assert_eq!(response.status(), 200, "{delivery}");
        response.json()
    }
}
