//! The end of a process in which a plain function was left alone at its timeout.
#![cfg(unix)]

use std::{
    io::{Read, Write},
    net::{TcpListener, TcpStream},
    process::{Child, Command, ExitCode},
    thread::sleep,
    time::{Duration, Instant},
};

use polyfn::{
    __private::{Program, run},
    function, functions,
};

const ROLE: &str = "POLYFN_TEST_RUNS";
/// Longer than any test waits.
const LONG: Duration = Duration::from_secs(60);

#[function(queue = "orders", timeout = "100ms")]
fn never_done(_order: String) {
    sleep(LONG);
}

#[test]
#[ignore = "needs the test beside it, which starts it as a process of its own"]
fn child() {
    if std::env::var_os(ROLE).is_some() {
        assert_eq!(run(functions![never_done], Program::new(), &[]), ExitCode::SUCCESS);
    }
}

/// A program of its own, killed at the latest when the test is over.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn until<T>(what: &str, mut there: impl FnMut() -> Option<T>) -> T {
    let from = Instant::now();
    loop {
        if let Some(there) = there() {
            return there;
        }
        assert!(from.elapsed() < Duration::from_secs(20), "{what}");
        sleep(Duration::from_millis(20));
    }
}

#[test]
fn what_outlives_its_timeout_keeps_neither_its_reply_nor_the_process() {
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let mut running = Running(
        Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "child", "--include-ignored"])
            .env(ROLE, "1")
            .env("POLYFN_PROVIDER", "container")
            .env("PORT", port.to_string())
            .spawn()
            .unwrap(),
    );
    let mut stream = until("it does not serve", || TcpStream::connect(("127.0.0.1", port)).ok());
    stream.set_read_timeout(Some(LONG / 2)).unwrap();
    let from = Instant::now();
    let event = "ce-id: 1\r\nce-source: /s\r\nce-specversion: 1.0\r\nce-type: polyfn.queue.message\r\nce-queue: orders\r\n";
    write!(stream, "POST / HTTP/1.1\r\nhost: a\r\nconnection: close\r\n{event}content-length: 1\r\n\r\nx").unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 500") && answer.contains("Function.Timeout"), "{answer}");
    assert!(from.elapsed() < Duration::from_secs(10), "{:?}", from.elapsed());
    assert!(Command::new("kill").args(["-TERM", &running.0.id().to_string()]).status().unwrap().success());
    assert!(until("it does not end", || running.0.try_wait().unwrap()).success());
}
