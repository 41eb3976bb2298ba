use std::{
    env, fs,
    net::TcpStream,
    os::unix::process::CommandExt,
    path::PathBuf,
    process::{self, Child, Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use polyfn_tests::{Response, call, free_port};
use serde_json::Value;

/// The program under test, started as the client does it: in a process group and a working directory of its own.
///
/// Unlike the client, which knows the default port only, a test gives it a free one; and nothing else is in its environment.
pub(crate) struct Server {
    child: Child,
    port: u16,
    folder: PathBuf,
}

impl Server {
    /// Starts it for one function, which the deployment thinks has this signature.
    pub(crate) fn start(function: &str, signature: &str) -> Self {
        let port = free_port();
        let folder = env::temp_dir().join(format!("conformance-{}-{port}", process::id()));
        fs::create_dir(&folder).unwrap();
        let child = Command::new(env!("CARGO_BIN_EXE_functions-framework"))
            .current_dir(&folder)
            .process_group(0)
            .env_clear()
            .envs([("FUNCTION_TARGET", function), ("FUNCTION_SIGNATURE_TYPE", signature), ("PORT", &port.to_string())])
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let server = Self { child, port, folder };
        let end = Instant::now() + Duration::from_secs(30);
        while TcpStream::connect(("127.0.0.1", port)).is_err() {
            assert!(Instant::now() < end, "nothing listens on port {port}");
            thread::sleep(Duration::from_millis(5));
        }
        server
    }

    /// Posts this to `/`, as every request of the client.
    pub(crate) fn post(&self, headers: &[(&str, &str)], body: &[u8]) -> Response {
        let response = call(self.port, "POST", "/", headers, body);
        assert!((200..300).contains(&response.status()), "{} {}", response.line, response.text());
        response
    }

    /// Posts JSON.
    pub(crate) fn post_json(&self, body: &[u8]) -> Response {
        self.post(&[("Content-Type", "application/json")], body)
    }

    /// Posts a CloudEvent in binary mode.
    pub(crate) fn post_cloud_event(&self, event: &Value) -> Response {
        let attribute = |name: &str| event[name].as_str().unwrap_or_default();
        let headers = [
            ("Ce-Id", attribute("id")),
            ("Ce-Source", attribute("source")),
            ("Ce-Specversion", attribute("specversion")),
            ("Ce-Subject", attribute("subject")),
            ("Ce-Time", attribute("time")),
            ("Ce-Type", attribute("type")),
            ("Content-Type", attribute("datacontenttype")),
        ];
        let headers: Vec<_> = headers.into_iter().filter(|(_, value)| !value.is_empty()).collect();
        self.post(&headers, &serde_json::to_vec(&event["data"]).unwrap())
    }

    /// What the function has written. The file stays, so that a function that writes nothing shows the event before.
    pub(crate) fn written(&self) -> Value {
        serde_json::from_slice(&fs::read(self.folder.join("function_output.json")).unwrap()).unwrap()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let group = format!("-{}", self.child.id());
        let killed = Command::new("kill").args(["-KILL", "--", &group]).status();
        let _ = self.child.wait();
        let _ = fs::remove_dir_all(&self.folder);
        assert!(thread::panicking() || killed.is_ok_and(|status| status.success()), "the process group {group} is not there");
    }
}
