//! Whole invocations of the hello function, measured from outside the process: polyfn beside its peers, in one run.
//!
//! `cargo run --release -p polyfn-benches --bin invocations` builds each program on its own, so that the features of one do
//! not slip into another, and prints medians and ratios. Options: `--events N`, `--rounds N`, `--requests N`, `--no-build`.
//! It asserts that every answer is right, and nothing about time.

mod build;
mod child;
mod event;
mod load;
mod report;
mod runtime_api;

use std::{env, error::Error, net::TcpListener, time::Instant};

use self::{
    child::{Child, Figures},
    report::Report,
};

/// Any error of the program: it measures, and ends at the first thing that goes wrong.
type BoxError = Box<dyn Error + Send + Sync>;

/// The programs of each comparison: polyfn first where it is there, then its peers.
const AWS: &[&str] = &["aws-polyfn", "aws-lambda-http"];
const HTTP: &[&str] = &["http-polyfn", "http-hyper", "http-axum"];

/// Starts measured in each round; a single start says little about the next one.
const STARTS: usize = 10;

struct Options {
    events: usize,
    requests: usize,
    rounds: usize,
    build: bool,
}

impl Options {
    fn read() -> Result<Self, BoxError> {
        let mut options = Self { events: 20_000, requests: 40_000, rounds: 5, build: true };
        let mut args = env::args().skip(1);
        while let Some(arg) = args.next() {
            let mut number = || args.next().ok_or(format!("{arg} wants a number"))?.parse().map_err(BoxError::from);
            match arg.as_str() {
                "--events" => options.events = number()?,
                "--requests" => options.requests = number()?,
                "--rounds" => options.rounds = number()?,
                "--no-build" => options.build = false,
                _ => return Err(format!("unknown option {arg}; there are --events, --requests, --rounds, --no-build").into()),
            }
        }
        Ok(options)
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), BoxError> {
    let options = Options::read()?;
    let aws = build::programs(AWS, options.build)?;
    let http = build::programs(HTTP, options.build)?;

    let mut report = Report::default();
    // One round of each in turn: a machine that slows down slows all of them down.
    for _ in 0..options.rounds {
        for program in &aws {
            report.add(program, invocations(&program.path, options.events).await?);
        }
    }
    report.print("AWS: an HTTP API event through the Runtime API");

    let mut report = Report::default();
    for _ in 0..options.rounds {
        for program in &http {
            report.add(program, requests(&program.path, options.requests).await?);
        }
    }
    report.print("HTTP host: GET on kept-alive connections");
    println!("\n{}", build::versions(&["lambda_http", "lambda_runtime", "hyper", "axum", "tokio"])?);
    Ok(())
}

async fn invocations(path: &std::path::Path, events: usize) -> Result<Figures, BoxError> {
    let mut starts = Vec::new();
    for _ in 1..STARTS {
        starts.push(invoked(path, 1).await?.first);
    }
    let mut figures = invoked(path, events).await?;
    starts.push(figures.first);
    figures.first = report::median(&mut starts);
    Ok(figures)
}

/// Starts the program under a Runtime API of its own and drives `events` invocations of it.
async fn invoked(path: &std::path::Path, events: usize) -> Result<Figures, BoxError> {
    let (listener, address) = listen()?;
    let started = Instant::now();
    let child = Child::start(
        path,
        &[
            ("AWS_LAMBDA_RUNTIME_API", &address),
            ("AWS_LAMBDA_FUNCTION_NAME", "hello"),
            ("AWS_LAMBDA_FUNCTION_VERSION", "1"),
            ("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "128"),
            ("AWS_LAMBDA_LOG_LEVEL", "ERROR"),
        ],
    )?;
    let run = runtime_api::drive(listener, events, child.process()).await?;
    Figures::of(started, &run)
}

async fn requests(path: &std::path::Path, requests: usize) -> Result<Figures, BoxError> {
    let mut starts = Vec::new();
    for _ in 1..STARTS {
        starts.push(requested(path, 1).await?.first);
    }
    let mut figures = requested(path, requests).await?;
    starts.push(figures.first);
    figures.first = report::median(&mut starts);
    Ok(figures)
}

/// Starts the program as a server and sends it `requests` requests.
async fn requested(path: &std::path::Path, requests: usize) -> Result<Figures, BoxError> {
    // The port is free again when the listener is dropped; nothing else on this machine asks for one in between.
    let port = listen()?.0.local_addr()?.port();
    let started = Instant::now();
    let child = Child::start(path, &[("PORT", &port.to_string())])?;
    let run = load::drive(port, requests, child.process()).await?;
    Figures::of(started, &run)
}

fn listen() -> Result<(TcpListener, String), BoxError> {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let address = listener.local_addr()?.to_string();
    Ok((listener, address))
}
