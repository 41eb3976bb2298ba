use std::{fs, path::Path};

use polyfn_tests::{Process, Response, example, free_port, post};
use serde_json::{Value, json};

/// The example `fulfil-orders`, as `cargo run` starts it.
pub(crate) struct Shop {
    pub(crate) port: u16,
    home: String,
    process: Process,
}

impl Shop {
    pub(crate) fn open(name: &str) -> Self {
        let home = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("console-{name}"));
        let _ = fs::remove_dir_all(&home);
        Self::start(free_port(), home.to_str().expect("a path of text").to_owned())
    }

    fn start(port: u16, home: String) -> Self {
        let text = port.to_string();
        let env = [("POLYFN_PORT", text.as_str()), ("POLYFN_HOME", home.as_str()), ("POLYFN_CLOCK", "off")];
        let process = Process::start(example("fulfil-orders"), &env).listening_on(port);
        Self { port, home, process }
    }

    /// Ends the program, and starts it again where it was.
    pub(crate) fn restart(self, while_away: impl AsyncFnOnce()) -> impl Future<Output = Self> {
        let Self { port, home, process } = self;
        drop(process);
        async move {
            while_away().await;
            Self::start(port, home)
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
