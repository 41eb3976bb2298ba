//! `cargo polyfn new`: a project that runs, tests and deploys at once.

mod ask;
mod draft;
mod files;
mod name;
mod vcs;

use std::{
    path::{Path, PathBuf},
    process::{Command, ExitCode, Stdio},
};

use clap::{Args, ValueEnum};

use self::{draft::Draft, files::Project};
use crate::{
    failure::Failure,
    sketch::{Function, Trigger},
    terminal::{on_one_line, print, say},
};

pub(crate) use self::{ask::triggers, name::function};

/// Make a new project that runs, tests and deploys at once
///
/// It has a function for each trigger, and tests that call it as each provider would. A folder that exists is left as it is.
#[derive(Args, Debug)]
#[command(after_help = "Examples:
  cargo polyfn new shop
  cargo polyfn new shop --trigger http --trigger queue
  cargo polyfn new services/shop --trigger http,schedule --vcs none")]
pub(crate) struct New {
    /// The project's folder, whose last part is its name [default: asked for at a terminal]
    #[arg(value_name = "NAME")]
    path: Option<PathBuf>,
    /// What starts its functions, one each [default: asked for at a terminal, else http]
    #[arg(long = "trigger", value_name = "TRIGGER", value_delimiter = ',')]
    triggers: Vec<Trigger>,
    /// Take the crate `polyfn` from this checkout rather than from the registry
    #[arg(long, value_name = "DIR")]
    polyfn_path: Option<PathBuf>,
    /// Whether to start a repository [default: git, unless the folder is in one]
    #[arg(long)]
    vcs: Option<Vcs>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Vcs {
    Git,
    None,
}

impl New {
    pub(crate) fn run(&self) -> Result<ExitCode, Failure> {
        let path = match &self.path {
            Some(path) => path.clone(),
            None => ask::name()?,
        };
        let name = name::project(&path)?;
        let polyfn = self.polyfn_path.as_deref().map(checkout).transpose()?;
        let draft = Draft::begin(&path)?;
        let functions =
            functions(if self.triggers.is_empty() { ask::triggers(&[Trigger::Http])? } else { self.triggers.clone() });
        let project = Project { name: &name, polyfn: polyfn.as_deref(), functions: &functions };
        for (path, text) in project.files(draft.folder()) {
            draft.write(path, &text)?;
        }
        let wanted = self.vcs.unwrap_or_else(|| if vcs::is_inside(draft.parent()) { Vcs::None } else { Vcs::Git });
        if wanted == Vcs::Git {
            vcs::begin(draft.folder(), self.vcs.is_some())?;
        }
        draft.put()?;
        let place = path.display();
        say(format_args!("made {place}, with {}", files::listed(&functions)));
        if let Some(reason) = refused(&path, &name) {
            say(format_args!("cargo does not take it yet: {reason}"));
        }
        print(format_args!(
            "cd {place}\ncargo polyfn dev   # runs it on this machine\ncargo test         # calls it as each provider would\n"
        ));
        Ok(ExitCode::SUCCESS)
    }
}

/// One for each trigger, however often that was said.
fn functions(triggers: Vec<Trigger>) -> Vec<Function> {
    let mut functions = Vec::<Function>::new();
    for trigger in triggers {
        if !functions.iter().any(|function| function.trigger == trigger) {
            functions.push(Function::usual(trigger));
        }
    }
    functions
}

/// The folder of the crate `polyfn` in this checkout.
fn checkout(folder: &Path) -> Result<PathBuf, Failure> {
    let is_polyfn = |folder: &PathBuf| {
        let manifest = std::fs::read_to_string(folder.join("Cargo.toml")).unwrap_or_default();
        manifest
            .lines()
            .any(|line| line.split_once('=').is_some_and(|(key, value)| (key.trim(), value.trim()) == ("name", "\"polyfn\"")))
    };
    let found = [folder.join("sdk"), folder.to_owned()].into_iter().find(is_polyfn);
    let found = found.ok_or_else(|| Failure::usage(format!("there is no crate `polyfn` in {}", folder.display())))?;
    found.canonicalize().map_err(|error| Failure::new(format!("{}: {error}", found.display())))
}

/// Why Cargo does not take the new project, and what to do about it.
fn refused(folder: &Path, name: &str) -> Option<String> {
    let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo.args(["metadata", "--no-deps", "--offline", "--format-version", "1", "--color", "never"]).current_dir(folder);
    let output = cargo.stdin(Stdio::null()).output().ok().filter(|output| !output.status.success())?;
    let folder = folder.canonicalize().ok()?;
    let above = folder.ancestors().skip(1).map(|folder| folder.join("Cargo.toml")).find(|manifest| manifest.is_file());
    Some(match above {
        Some(above) => {
            let member = above.parent().and_then(|parent| folder.strip_prefix(parent).ok()).unwrap_or(Path::new(name));
            format!("it is in the workspace of {}; add `{}` to the `members` there", above.display(), member.display())
        }
        None => on_one_line(&String::from_utf8_lossy(&output.stderr)),
    })
}
