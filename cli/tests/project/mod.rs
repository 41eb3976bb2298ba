//! A small program in a folder of its own, and the command that builds and runs it.

#![expect(clippy::unwrap_used, clippy::panic, reason = "what a test needs and does not find fails the test")]
#![allow(dead_code, reason = "each test file uses a part")]

use std::{
    fs,
    io::{BufRead, BufReader, Read},
    path::{Path, PathBuf},
    process::{Child, Command, ExitStatus, Stdio},
    sync::mpsc::{Receiver, Sender, channel},
    thread,
    time::{Duration, Instant},
};

/// A compiler on a busy machine takes its time.
const PATIENCE: Duration = Duration::from_secs(300);

/// A program `clerk` without dependencies but `parts` beside it, which holds its version.
pub(crate) struct Project {
    folder: PathBuf,
}

/// Answers every request with its version, and prints what is asked of it.
const CLERK: &str = r#"
use std::{env, fs, io::{BufRead, BufReader, Read, Write}, net::TcpListener};

fn main() {
    let port: u16 = env::var("POLYFN_PORT").unwrap().parse().unwrap();
    let arguments: Vec<_> = env::args().skip(1).collect();
    if arguments == ["fail"] {
        std::process::exit(3);
    }
    let listener = TcpListener::bind(("127.0.0.1", port)).unwrap();
    if let Ok(folder) = env::var("POLYFN_RECORD") {
        fs::write(format!("{folder}/0002-queue-clerk.json"), "{}").unwrap();
    }
    println!("clerk {} as {:?} in {:?} with {arguments:?}", parts::VERSION, env::var("POLYFN_AS").ok(), env::var("POLYFN_PROVIDER").ok());
    for stream in listener.incoming() {
        let stream = stream.unwrap();
        let mut reader = BufReader::new(&stream);
        let mut length = 0;
        let mut line = String::new();
        let mut first = String::new();
        while reader.read_line(&mut line).unwrap_or(0) > 2 {
            if first.is_empty() {
                first = line.trim_end().to_owned();
            }
            if let Some(value) = line.to_lowercase().strip_prefix("content-length:") {
                length = value.trim().parse().unwrap();
            }
            line.clear();
        }
        let mut body = vec![0; length];
        if reader.read_exact(&mut body).is_ok() && !first.is_empty() {
            println!("asked {first} {}", String::from_utf8_lossy(&body));
        }
        let _ = write!(&stream, "HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n{}", parts::VERSION.len(), parts::VERSION);
    }
}
"#;

impl Project {
    pub(crate) fn new(name: &str) -> Self {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("project-{name}"));
        let _ = fs::remove_dir_all(&folder);
        let project = Self { folder };
        let manifest = |name: &str, more: &str| {
            format!("[package]\nname = \"{name}\"\nversion = \"0.1.0\"\nedition = \"2024\"\n{more}\n[workspace]\n")
        };
        project.write("clerk/Cargo.toml", &manifest("clerk", "[dependencies]\nparts = { path = \"../parts\" }"));
        project.write("clerk/src/main.rs", CLERK);
        project.write("parts/Cargo.toml", &manifest("parts", ""));
        project.version("one");
        project
    }

    pub(crate) fn write(&self, path: &str, text: &str) {
        let path = self.folder.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    /// Changes what the program answers with.
    pub(crate) fn version(&self, version: &str) {
        self.write("parts/src/lib.rs", &format!("pub const VERSION: &str = \"{version}\";\n"));
    }

    pub(crate) fn folder(&self) -> PathBuf {
        self.folder.join("clerk")
    }

    /// Runs `cargo polyfn` in the program's folder.
    pub(crate) fn polyfn(&self, args: &[&str]) -> Running {
        Running::start(&self.folder(), &self.folder.join("built"), args)
    }
}

/// A command that goes on until it is told to stop; it ends with the test.
pub(crate) struct Running {
    child: Child,
    lines: Receiver<String>,
}

impl Running {
    pub(crate) fn start(folder: &Path, target: &Path, args: &[&str]) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_cargo-polyfn"))
            .arg("polyfn")
            .args(args)
            .current_dir(folder)
            .env("CARGO_TARGET_DIR", target)
            .env_remove("POLYFN_ADDRESS")
            // It has to be the local shim all the same.
            .env("PORT", "1")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let (sender, lines) = channel();
        forward(child.stdout.take().unwrap(), sender.clone());
        forward(child.stderr.take().unwrap(), sender);
        Self { child, lines }
    }

    /// Waits for a line with this in it; gives back all until then.
    pub(crate) fn until(&self, part: &str) -> Vec<String> {
        let end = Instant::now() + PATIENCE;
        let mut seen = Vec::new();
        while let Ok(line) = self.lines.recv_timeout(end.saturating_duration_since(Instant::now())) {
            let found = line.contains(part);
            seen.push(line);
            if found {
                return seen;
            }
        }
        panic!("no line with {part:?}; there were {seen:#?}");
    }

    /// Presses Ctrl-C, or what a service manager does for it.
    pub(crate) fn signal(&self, signal: &str) {
        let sent = Command::new("kill").args([signal, &self.child.id().to_string()]).status().unwrap();
        assert!(sent.success());
    }

    /// Waits for its end; gives back how it was, and the lines that were left.
    pub(crate) fn end(mut self) -> (ExitStatus, Vec<String>) {
        let end = Instant::now() + PATIENCE;
        loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                return (status, self.lines.iter().collect());
            }
            assert!(Instant::now() < end, "it does not end");
            thread::sleep(Duration::from_millis(10));
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // So that it stops its own child, too.
        if matches!(self.child.try_wait(), Ok(None)) {
            self.signal("-TERM");
            let _ = self.child.wait();
        }
    }
}

fn forward(output: impl Read + Send + 'static, sender: Sender<String>) {
    thread::spawn(move || BufReader::new(output).lines().map_while(Result::ok).try_for_each(|line| sender.send(line)));
}
