use std::{
    env,
    ffi::OsString,
    path::PathBuf,
    process::{ExitStatus, Stdio},
};

use clap::Args;
use serde::Deserialize;
use tokio::{
    io::{AsyncBufReadExt, AsyncReadExt, BufReader},
    process::Command,
};

use super::{Chosen, Workspace};
use crate::{failure::Failure, terminal::Paint};

/// Which program to build, and how; as `cargo run` has it.
#[derive(Args, Clone, Debug, Default)]
#[command(next_help_heading = "Build")]
pub(crate) struct Build {
    /// The package that has the program
    #[arg(short, long)]
    pub(crate) package: Option<String>,
    /// The program, if the package has several
    #[arg(long, value_name = "NAME")]
    pub(crate) bin: Option<String>,
    /// Build it as for production
    #[arg(short, long)]
    pub(super) release: bool,
    /// Features to switch on
    #[arg(short = 'F', long)]
    pub(crate) features: Vec<String>,
    /// Leave the default features off
    #[arg(long)]
    pub(super) no_default_features: bool,
    /// Use no network
    #[arg(long)]
    pub(crate) offline: bool,
}

/// A program that was built.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Built {
    pub(crate) executable: PathBuf,
    /// Whether it was there already, and nothing has changed.
    pub(crate) fresh: bool,
}

/// Why a program could not be built.
#[derive(Debug)]
pub(crate) enum Unbuilt {
    /// Cargo said why, on standard error too.
    Refused(String),
    /// Cargo could not be asked.
    Failed(Failure),
}

impl Unbuilt {
    /// For a command that ends with it: what Cargo said, it has shown already.
    pub(crate) fn into_failure(self) -> Failure {
        match self {
            Self::Refused(_) => Failure::new("the program does not build"),
            Self::Failed(failure) => failure,
        }
    }
}

impl From<Failure> for Unbuilt {
    fn from(failure: Failure) -> Self {
        Self::Failed(failure)
    }
}

/// One line of what Cargo prints with `--message-format=json`.
#[derive(Deserialize)]
struct Message {
    reason: String,
    target: Option<Target>,
    executable: Option<PathBuf>,
    #[serde(default)]
    fresh: bool,
}

#[derive(Deserialize)]
struct Target {
    name: String,
}

impl Build {
    /// The program of this package and name, built as nobody has said otherwise.
    pub(crate) fn of(package: Option<&str>, bin: Option<&str>) -> Self {
        Self { package: package.map(str::to_owned), bin: bin.map(str::to_owned), ..Self::default() }
    }

    /// Asks Cargo what the workspace around this folder is.
    ///
    /// What is wrong with a manifest Cargo has said on standard error.
    pub(crate) async fn workspace(&self) -> Result<Workspace, Failure> {
        // What other systems need is not fetched.
        let mut command = self.cargo(&["metadata", "--format-version", "1", "--filter-platform", "host-tuple"]);
        command.stdout(Stdio::piped());
        let (status, json, errors) = output(command).await?;
        if !status.success() {
            if errors.contains(NO_PROJECT) {
                return Err(Failure::new(
                    "this is no folder of a project; go into one, or make one with `cargo polyfn new NAME`",
                ));
            }
            return Err(Failure::new("cargo cannot read the workspace"));
        }
        Workspace::read(&json)
    }

    /// Builds the program. What the compiler says goes to standard error as it comes.
    ///
    /// # Cancel safety
    /// The build is cut off.
    pub(crate) async fn build(&self, chosen: &Chosen) -> Result<Built, Unbuilt> {
        let mut command = self.cargo(&["build", "--message-format=json-render-diagnostics"]);
        command.args(["--package", &chosen.package, "--bin", &chosen.bin]);
        if self.release {
            command.arg("--release");
        }
        command.stdout(Stdio::piped());
        let (status, messages, errors) = output(command).await?;
        if !status.success() {
            return Err(Unbuilt::Refused(errors));
        }
        let built = messages.split(|byte| *byte == b'\n').filter_map(|line| serde_json::from_slice::<Message>(line).ok());
        let mut built = built.filter(|message| {
            message.reason == "compiler-artifact" && message.target.as_ref().is_some_and(|target| target.name == chosen.bin)
        });
        let found = built.find_map(|message| Some(Built { executable: message.executable?, fresh: message.fresh }));
        found.ok_or_else(|| Failure::new(format!("cargo says it has built `{}`, but not where it is", chosen.bin)).into())
    }

    /// The same for one provider alone, as it is deployed: for production, and with that feature in the place of the default ones.
    pub(crate) fn for_provider(&self, target: crate::target::Target) -> Self {
        let mut features = self.features.clone();
        features.push(target.as_str().to_owned());
        Self { release: true, no_default_features: true, features, ..self.clone() }
    }

    fn cargo(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env::var_os("CARGO").unwrap_or_else(|| OsString::from("cargo")));
        command.args(arguments);
        for features in &self.features {
            command.args(["--features", features]);
        }
        for (flag, wanted) in [("--no-default-features", self.no_default_features), ("--offline", self.offline)] {
            if wanted {
                command.arg(flag);
            }
        }
        // Cargo sees a pipe where a person sees a terminal.
        if Paint::stderr().is_on() && env::var_os("CARGO_TERM_COLOR").is_none() {
            command.args(["--color", "always"]);
        }
        command.stdin(Stdio::null()).stderr(Stdio::piped()).kill_on_drop(true);
        command
    }
}

/// What Cargo says where there is no project.
const NO_PROJECT: &str = "could not find `Cargo.toml` in `";

/// Runs it to its end: what it wrote to standard output, and what it wrote to standard error, which a person sees as it comes.
async fn output(mut command: Command) -> Result<(ExitStatus, Vec<u8>, String), Failure> {
    let cannot = |error: std::io::Error| Failure::new(format!("`cargo` cannot be run: {error}"));
    let mut child = command.spawn().map_err(cannot)?;
    let (stdout, stderr) = (child.stdout.take(), child.stderr.take());
    let collected = async {
        let mut bytes = Vec::new();
        if let Some(mut stdout) = stdout {
            stdout.read_to_end(&mut bytes).await?;
        }
        Ok(bytes)
    };
    let shown = async {
        let (mut text, mut line) = (String::new(), Vec::new());
        if let Some(stderr) = stderr {
            let mut stderr = BufReader::new(stderr);
            while stderr.read_until(b'\n', &mut line).await? > 0 {
                let read = String::from_utf8_lossy(&line);
                // Whoever asked says it, with what to do.
                if !read.contains(NO_PROJECT) {
                    eprint!("{read}");
                }
                text.push_str(&without_colours(&read));
                line.clear();
            }
        }
        Ok(text)
    };
    let (bytes, text, status) = tokio::try_join!(collected, shown, child.wait()).map_err(cannot)?;
    Ok((status, bytes, text))
}

/// A text without the escape sequences of a terminal.
pub(crate) fn without_colours(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("\x1b[") {
        plain.push_str(before);
        // Parameters, and the letter that ends them.
        let end = after.find(|c: char| ('@'..='~').contains(&c));
        rest = end.and_then(|end| after.get(end + 1..)).unwrap_or_default();
    }
    plain.push_str(rest);
    plain
}

#[cfg(test)]
mod tests {
    use super::without_colours;

    #[test]
    fn colours_are_for_terminals() {
        assert_eq!(without_colours("\x1b[1m\x1b[91merror\x1b[0m: x\n"), "error: x\n");
        assert_eq!(without_colours("no\x1b[1"), "no");
    }
}
