//! `cargo polyfn list`: the functions of a program.

mod row;

use std::process::ExitCode;

use clap::{Args, ValueEnum};

use self::row::row;
use crate::{
    columns::columns,
    failure::Failure,
    program::{Build, Unbuilt, described},
    terminal::{Paint, print},
};

/// List the functions of the program, and what starts each
///
/// The program is built, and its own description is read from its file; it is not run. A function is portable if it does the same
/// on every provider.
#[derive(Args, Debug)]
#[command(after_help = "Examples:
  cargo polyfn list
  cargo polyfn list -p shop --format json")]
pub(crate) struct List {
    /// A table, or all that the program says of itself
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: Format,
    #[command(flatten)]
    build: Build,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    Text,
    Json,
}

impl List {
    pub(crate) async fn run(&self) -> Result<ExitCode, Failure> {
        let chosen = self.build.workspace().await?.chosen(&self.build)?;
        let built = self.build.build(&chosen).await.map_err(Unbuilt::into_failure)?;
        let file = std::fs::read(&built.executable);
        let file = file.map_err(|error| Failure::new(format!("{}: {error}", built.executable.display())))?;
        let manifest = described(&file)?;
        if self.format == Format::Json {
            let json = serde_json::to_string_pretty(&manifest).map_err(|error| Failure::new(error.to_string()))?;
            print(format_args!("{json}\n"));
        } else if manifest.functions.is_empty() {
            print("no functions\n");
        } else {
            let head = ["name", "trigger", "of", "options", "portable"].map(str::to_owned);
            let rows: Vec<_> = std::iter::once(head).chain(manifest.functions.iter().map(row)).collect();
            print(columns(&rows, 0..0, Paint::stdout()));
        }
        Ok(ExitCode::SUCCESS)
    }
}
