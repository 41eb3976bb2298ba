//! `cargo polyfn`: the command line of polyfn.

mod decode;
mod request;
mod taken;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// Write a function once, run it on every cloud.
#[derive(Parser)]
#[command(name = "cargo polyfn", bin_name = "cargo polyfn", version)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    Decode(decode::Decode),
}

fn main() -> ExitCode {
    // Cargo calls `cargo-polyfn polyfn ..` for `cargo polyfn ..`.
    let mut args: Vec<_> = std::env::args_os().collect();
    if args.get(1).is_some_and(|arg| arg == "polyfn") {
        args.remove(1);
    }
    let Cli { command } = Cli::parse_from(args);
    let done = match command {
        Command::Decode(decode) => decode.run(),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("error: {message}");
            ExitCode::FAILURE
        }
    }
}
