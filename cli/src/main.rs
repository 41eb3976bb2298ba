//! `cargo polyfn`: the command line of polyfn.

mod add;
mod build;
mod check;
mod client;
mod columns;
mod completions;
mod data;
mod dead;
mod decode;
mod deploy;
mod dev;
mod failure;
mod form;
mod invoke;
mod list;
mod manifest;
mod measure;
mod new;
mod program;
mod queues;
mod record;
mod replay;
mod report;
mod request;
mod send;
mod sketch;
mod taken;
mod target;
mod terminal;
mod whole;

use std::{future::Future, process::ExitCode};

use clap::{CommandFactory, Parser, Subcommand};

use self::{failure::Failure, terminal::Paint};

/// Write a function once, run it on every cloud.
#[derive(Parser)]
#[command(name = "cargo polyfn", bin_name = "cargo polyfn", version)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    New(new::New),
    Add(add::Add),
    List(list::List),
    Dev(dev::Dev),
    Send(send::Send),
    Invoke(invoke::Invoke),
    Queues(queues::Queues),
    Dead(dead::Dead),
    Record(record::Record),
    Replay(replay::Replay),
    Check(check::Check),
    Build(build::Build),
    Manifest(manifest::Make),
    Deploy(deploy::Deploy),
    Report(measure::Report),
    Decode(decode::Decode),
    Completions(completions::Completions),
}

fn main() -> ExitCode {
    // Cargo calls `cargo-polyfn polyfn ..` for `cargo polyfn ..`.
    let mut args: Vec<_> = std::env::args_os().collect();
    if args.get(1).is_some_and(|arg| arg == "polyfn") {
        args.remove(1);
    }
    let Cli { command } = Cli::parse_from(args);
    let done = match command {
        Command::New(new) => new.run(),
        Command::Add(add) => wait(add.run()),
        Command::List(list) => wait(list.run()),
        Command::Deploy(deploy) => wait(deploy.run()),
        Command::Dev(dev) => wait(dev.run()),
        Command::Build(build) => wait(build.run()),
        Command::Record(record) => wait(record.run()),
        Command::Replay(replay) => wait(replay.run()),
        Command::Send(send) => wait(send.run()),
        Command::Invoke(invoke) => wait(invoke.run()),
        Command::Queues(queues) => wait(queues.run()),
        Command::Dead(dead) => wait(dead.run()),
        Command::Manifest(make) => wait(make.run()),
        Command::Check(check) => wait(check.run()),
        Command::Report(report) => wait(report.run()),
        Command::Decode(decode) => decode.run().map(|()| ExitCode::SUCCESS).map_err(Failure::from),
        Command::Completions(completions) => {
            completions.run(Cli::command());
            Ok(ExitCode::SUCCESS)
        }
    };
    done.unwrap_or_else(|failure| {
        let Paint { bold, red, plain, .. } = Paint::stderr();
        eprintln!("{bold}{red}error:{plain} {failure}");
        ExitCode::from(failure.code())
    })
}

/// Runs what waits for other programs.
fn wait(command: impl Future<Output = Result<ExitCode, Failure>>) -> Result<ExitCode, Failure> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    runtime.map_err(|error| Failure::new(format!("this machine gives no threads: {error}")))?.block_on(command)
}
