//! `cargo polyfn check`: whether a program can be deployed, and its manifests say what it says.

mod committed;
mod finding;
mod format;
mod lint;
mod rules;

use std::{
    path::{Path, PathBuf},
    process::ExitCode,
};

use clap::Args;

use self::{finding::Finding, format::Format};
use crate::{
    deploy::quoted,
    failure::Failure,
    manifest::{Units, folder_of},
    measure::{self, Budget, Built},
    program::{Build, Described},
    target::Target,
    terminal::{Paint, print, say},
};

/// Check that the program can be deployed, and that its manifests are what it says of itself
///
/// Every trigger, option, name and route is held against what the providers take, and the manifests in `polyfn/PROVIDER` against
/// the program. Errors end the command with 1; `lints.md` in the documentation has every code.
#[derive(Args, Debug)]
#[command(after_help = "Examples:
  cargo polyfn check
  cargo polyfn check --provider aws --provider gcp --format github
  cargo polyfn check --provider azure --allow PF006
  cargo polyfn check --provider aws --budget size=3MB --budget cold-start=50ms")]
pub(crate) struct Check {
    /// Who is to run the functions [default: each provider that has manifests; all of them if none has]
    #[arg(long, value_enum)]
    provider: Vec<Target>,
    /// The manifests have to be one unit of deployment for each function, and not one for all
    #[arg(long)]
    split: bool,
    /// The folder of the manifests [default: `polyfn` beside the package's Cargo.toml]
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// A lint to leave out
    #[arg(long, value_name = "CODE", value_parser = code)]
    allow: Vec<&'static str>,
    /// The most that the program may have where it is deployed: `size=3MB`, `cold-start=50ms`, `memory=10MB`; it is built for each
    /// provider, and one of its functions is really called
    #[arg(long, value_name = "NAME=VALUE")]
    budget: Vec<Budget>,
    /// How findings are written
    #[arg(long, value_enum, default_value_t)]
    format: Format,
    #[command(flatten)]
    build: Build,
}

impl Check {
    /// The check of what is about to be deployed.
    pub(crate) fn before(target: Target, manifests: Option<PathBuf>, build: Build) -> Self {
        Self {
            provider: vec![target],
            split: false,
            out: manifests,
            allow: Vec::new(),
            budget: Vec::new(),
            format: Format::Text,
            build,
        }
    }

    pub(crate) async fn run(&self) -> Result<ExitCode, Failure> {
        let described = self.build.described().await?;
        let out = folder_of(self.out.as_deref(), &described.package)?;
        if let Some(said) = self.out.as_deref().filter(|_| !out.is_dir()) {
            return Err(Failure::new(format!(
                "there is no folder {}; `cargo polyfn manifest --provider PROVIDER{}` writes manifests there",
                said.display(),
                self.options()
            )));
        }
        let units = if self.split { Units::Split } else { Units::One };
        let (mut errors, mut warnings) = (0_usize, 0_usize);
        let targets = self.targets(&out);
        let compared = targets.iter().any(|target| out.join(target.as_str()).is_dir());
        for target in targets {
            let folder = out.join(target.as_str());
            let mut findings = self.findings(&described, target, units, &folder)?;
            findings.extend(self.over_budget(&described, target).await?);
            for finding in findings {
                *(if finding.is_error() { &mut errors } else { &mut warnings }) += 1;
                print(self.format.write(&finding, Paint::stdout()));
            }
        }
        let nothing = if compared { "" } else { "; there are no manifests to compare with" };
        say(format_args!("{}, {}{nothing}", counted(errors, "error"), counted(warnings, "warning")));
        Ok(if errors == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
    }

    /// What there is to say on this provider. Manifests are looked at where there are some: nobody has to commit them.
    fn findings(&self, described: &Described, target: Target, units: Units, folder: &Path) -> Result<Vec<Finding>, Failure> {
        let mut findings = rules::findings(&described.manifest, target);
        if folder.is_dir() && !findings.iter().any(Finding::is_error) {
            let options = self.options();
            let mut written = committed::findings(described, target, units, folder, &options)?;
            // One unit or many: the manifests themselves decide, if nobody says.
            if !self.split && !written.findings.is_empty() {
                let split = committed::findings(described, target, Units::Split, folder, &options)?;
                if split.findings.is_empty() || split.missing < written.missing {
                    written = split;
                }
            }
            findings.extend(written.findings);
        }
        findings.retain(|finding| !self.allow.contains(&finding.lint.code));
        Ok(findings)
    }

    /// What `cargo polyfn manifest` has to be told, too, to write these manifests.
    fn options(&self) -> String {
        let out = self.out.as_ref().map(|out| ("--out", out.display().to_string()));
        let package = self.build.package.as_ref().map(|name| ("-p", name.clone()));
        let bin = self.build.bin.as_ref().map(|name| ("--bin", name.clone()));
        [out, package, bin].into_iter().flatten().map(|(option, value)| format!(" {option} {}", quoted(&value))).collect()
    }

    /// What of the program is over its budgets, as it would be deployed.
    async fn over_budget(&self, described: &Described, target: Target) -> Result<Vec<Finding>, Failure> {
        if self.budget.is_empty() {
            return Ok(Vec::new());
        }
        let chosen = described.workspace.chosen(&self.build)?;
        let built = Built::new(&self.build, &chosen, target).await?;
        let over = measure::exceeded(&self.budget, &built.program, &built.manifest, target).await?;
        Ok(over.into_iter().map(|message| Finding::on(lint::BUDGET, target, message)).collect())
    }

    fn targets(&self, out: &Path) -> Vec<Target> {
        if !self.provider.is_empty() {
            return self.provider.clone();
        }
        let have: Vec<_> = Target::ALL.into_iter().filter(|target| out.join(target.as_str()).is_dir()).collect();
        if have.is_empty() { Target::ALL.to_vec() } else { have }
    }
}

/// The code of a lint that there is.
fn code(text: &str) -> Result<&'static str, String> {
    let known = lint::ALL.iter().map(|lint| lint.code).find(|code| code.eq_ignore_ascii_case(text));
    known.ok_or_else(|| {
        let all: Vec<_> = lint::ALL.iter().map(|lint| lint.code).collect();
        format!("there is no lint `{text}`; there are {}", all.join(", "))
    })
}

fn counted(number: usize, what: &str) -> String {
    if number == 1 { format!("1 {what}") } else { format!("{number} {what}s") }
}
