//! Programs for hosts to start: this very test, as a process of its own that plays a role.

use std::{
    fs::OpenOptions,
    io::{BufRead, BufReader, Read, Write},
    net::{TcpListener, TcpStream},
    path::PathBuf,
    sync::{Arc, Mutex},
    thread,
    time::Duration,
};

use http::Response;
use polyfn_shim::{
    Body, Outcome, Provider, Reply, azure, container,
    event::Kind,
    function::{Binding, Description, Function, Functions},
    gcp,
    host::Host,
    local::Program,
};

use super::obedient;

const ROLE: &str = "POLYFN_TEST_CHILD";
const STARTS: &str = "POLYFN_TEST_STARTS";

/// What a program of this test wrote, and how often it was started.
pub(crate) struct Watched {
    pub(crate) program: Program,
    pub(crate) lines: Arc<Mutex<Vec<String>>>,
    starts: PathBuf,
}

impl Watched {
    /// This test in that role; each test has a name of its own.
    pub(crate) fn new(test: &str, role: &str) -> Self {
        let starts = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("starts-{test}-{}", std::process::id()));
        let _ = std::fs::remove_file(&starts);
        let lines = Arc::new(Mutex::new(Vec::new()));
        let seen = Arc::clone(&lines);
        let env = [(ROLE, role), (STARTS, starts.to_str().unwrap())];
        let program = Program {
            path: std::env::current_exe().unwrap(),
            arguments: ["--exact", "child", "--include-ignored", "--nocapture"].map(Into::into).to_vec(),
            env: env.map(|(name, value)| (name.to_owned(), value.to_owned())).to_vec(),
            lines: Arc::new(move |line| seen.lock().unwrap().push(line.to_owned())),
        };
        Self { program, lines, starts }
    }

    pub(crate) fn starts(&self) -> usize {
        std::fs::read_to_string(&self.starts).map_or(0, |text| text.lines().count())
    }
}

/// Plays the role that the environment says, if this process has one.
pub(crate) fn play() {
    let Ok(role) = std::env::var(ROLE) else { return };
    let starts = std::env::var(STARTS).unwrap();
    writeln!(OpenOptions::new().create(true).append(true).open(starts).unwrap(), "started").unwrap();
    let role: &'static str = role.leak();
    match role.split_once(' ').unwrap_or((role, "")) {
        ("serve", _) => serve(),
        ("exit", code) => exit(code),
        ("silent", _) => thread::sleep(Duration::from_secs(600)),
        // These answer a probe, and then do as they are told.
        ("mute", _) => answer(|_| thread::sleep(Duration::from_secs(600))),
        ("empty", _) => answer(|stream| reply(stream, "204 No Content", "")),
        ("crash", code) => answer(|_| exit(code)),
        (other, _) => panic!("no role {other}"),
    }
}

fn exit(code: &str) -> ! {
    println!("no database to be had");
    std::process::exit(code.parse().unwrap())
}

/// Serves functions as the host in the environment has it.
fn serve() {
    let env = |name: &str| std::env::var(name).ok();
    let host = Host::detect(&env, &Provider::ALL).unwrap();
    let shown = Binding::Http { methods: &[], path: Some("/env") };
    let shown = Function::blocking(Description::new("env", shown), |_, _| {
        let all: Vec<_> = std::env::vars().map(|(name, value)| format!("{name}={value}\n")).collect();
        Outcome::Done(Reply::Http(Response::new(Body::from(all.concat()))))
    });
    let functions = vec![
        shown,
        obedient("fulfil", Kind::Queue, "orders"),
        obedient("topic", Kind::Topic, "orders"),
        Function::blocking(Description::new("pid", Binding::Direct), |_, _| {
            Outcome::Done(Reply::Direct(std::process::id().to_string().into()))
        }),
    ];
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    runtime.block_on(async {
        match host.provider() {
            Provider::Azure => azure::serve(Functions::new(functions), &host, &env).await.unwrap(),
            Provider::Gcp => gcp::serve(Functions::new(functions), &host, &env).await.unwrap(),
            _ => container::serve(Functions::new(functions), &host, &env).await.unwrap(),
        }
        println!("stopped");
    });
}

/// Answers `GET /` with 200, and anything else so.
fn answer(told: impl Fn(&mut TcpStream) + Send + Sync + Copy + 'static) {
    let port = std::env::var("FUNCTIONS_CUSTOMHANDLER_PORT").or_else(|_| std::env::var("PORT")).unwrap();
    let listener = TcpListener::bind(("127.0.0.1", port.parse().unwrap())).unwrap();
    for stream in listener.incoming() {
        let mut stream = stream.unwrap();
        thread::spawn(move || {
            let mut reader = BufReader::new(stream.try_clone().unwrap());
            let (mut line, mut length) = (String::new(), 0);
            reader.read_line(&mut line).unwrap();
            // A host may ask by a connection alone whether somebody listens.
            if line.is_empty() {
                return;
            }
            let is_probe = line.starts_with("GET / ");
            while line.trim_end() != "" {
                line.clear();
                reader.read_line(&mut line).unwrap();
                if let Some(value) = line.to_ascii_lowercase().strip_prefix("content-length:") {
                    length = value.trim().parse().unwrap();
                }
            }
            reader.read_exact(&mut vec![0; length]).unwrap();
            if is_probe { reply(&mut stream, "200 OK", "") } else { told(&mut stream) }
        });
    }
}

fn reply(stream: &mut TcpStream, status: &str, body: &str) {
    // The client may be gone.
    let _ = write!(stream, "HTTP/1.1 {status}\r\nconnection: close\r\ncontent-length: {}\r\n\r\n{body}", body.len());
}
