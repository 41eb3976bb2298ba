use std::{env, fs, path::Path, process::Command};

use polyfn_tests::{Process, Response, free_port, post};
use serde_json::{Value, json};

/// The example `fulfil-orders`, as `cargo run` starts it.
pub(crate) struct Shop {
    pub(crate) port: u16,
    program: String,
    home: String,
    process: Process,
}

impl Shop {
    pub(crate) fn open(name: &str) -> Self {
        let home = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("console-{name}"));
        let _ = fs::remove_dir_all(&home);
        Self::start(program(), free_port(), home.to_str().expect("a path of text").to_owned())
    }

    fn start(program: String, port: u16, home: String) -> Self {
        let text = port.to_string();
        let env = [("POLYFN_PORT", text.as_str()), ("POLYFN_HOME", home.as_str()), ("POLYFN_CLOCK", "off")];
        let process = Process::start(&program, &env).listening_on(port);
        Self { port, program, home, process }
    }

    /// Ends the program, and starts it again where it was.
    pub(crate) fn restart(self, while_away: impl AsyncFnOnce()) -> impl Future<Output = Self> {
        let Self { port, program, home, process } = self;
        drop(process);
        async move {
            while_away().await;
            Self::start(program, port, home)
        }
    }

    /// Puts an order on the queue.
    pub(crate) fn order(&self, sku: &str) -> Response {
        self.send(&json!({"trigger": "queue", "queue": {"name": "orders"}, "datacontenttype": "application/json",
            "data": {"sku": sku, "count": 1}}))
    }

    pub(crate) fn send(&self, event: &Value) -> Response {
        let sent = post(self.port, "/_polyfn/api/send", &json!({ "event": event }).to_string());
        assert!([200, 202].contains(&sent.status()), "{}", sent.text());
        sent
    }
}

/// Builds the example as its users do, by its own workspace, and tells where it lies.
fn program() -> String {
    let cargo = env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned());
    let manifest = concat!(env!("CARGO_MANIFEST_DIR"), "/../../Cargo.toml");
    let build = ["build", "--quiet", "--message-format=json", "-p", "fulfil-orders", "--manifest-path", manifest];
    let built = Command::new(cargo).args(build).output().expect("cargo runs");
    assert!(built.status.success(), "the example does not build: {}", String::from_utf8_lossy(&built.stderr));
    let messages = String::from_utf8_lossy(&built.stdout).into_owned();
    let messages = messages.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
    let made = messages.filter_map(|message| Some(message["executable"].as_str()?.to_owned()));
    made.last().expect("cargo tells of the program that it built")
}
