//! `cargo polyfn dev`: the program on this machine, built anew whenever its sources change.

mod page;
mod stage;
mod watch;

use std::{path::PathBuf, process::ExitCode};

use clap::Args;

use self::{stage::Stage, watch::Watch};
use crate::{
    failure::Failure,
    program::{Build, Built, Chosen, Run, Signals, Unbuilt},
    terminal::{on_one_line, say},
};

/// Run the program on this machine, and again whenever its sources change
///
/// The port stays the same. While a new program is built the old one goes on; what does not build is shown here, in the
/// console, and on the port if there is nothing else to answer there.
#[derive(Args, Debug)]
#[command(after_help = "Examples:
  cargo polyfn dev
  cargo polyfn dev --provider aws -p shop")]
pub(crate) struct Dev {
    #[command(flatten)]
    run: Run,
    #[command(flatten)]
    build: Build,
}

impl Dev {
    pub(crate) async fn run(&self) -> Result<ExitCode, Failure> {
        let mut signals = Signals::watch()?;
        // Without a first look at the workspace nobody knows what to watch.
        let (mut chosen, mut watch) = look(&self.build).await?;
        let mut stage = Stage::new(self.run.clone(), self.run.address()?);
        loop {
            let built = tokio::select! {
                // Dropped by a signal alone, which ends the build too.
                built = self.build.build(&chosen) => built,
                () = signals.next() => break,
            };
            // What has changed meanwhile is looked at first.
            if !watch.is_behind() {
                self.built(built, &chosen, &mut stage).await?;
            }
            let changed = tokio::select! {
                // Dropped by a signal alone.
                changed = wait(&mut watch, &mut stage, &chosen) => changed?,
                () = signals.next() => break,
            };
            say(format_args!("{}, building", told(&changed)));
            if changed.iter().any(|path| path.file_name().is_some_and(|name| name == "Cargo.toml")) {
                match look(&self.build).await {
                    Ok(looked) => (chosen, watch) = looked,
                    // The build fails as well, and is shown everywhere.
                    Err(failure) => say(failure),
                }
            }
        }
        say("stopping");
        stage.clear(Some(&mut signals)).await;
        Ok(ExitCode::SUCCESS)
    }

    async fn built(&self, built: Result<Built, Unbuilt>, chosen: &Chosen, stage: &mut Stage) -> Result<(), Failure> {
        match built {
            Ok(Built { fresh: true, .. }) if stage.is_running() => stage.take_back().await,
            Ok(Built { executable, .. }) => stage.start(&executable).await?,
            Err(Unbuilt::Refused(errors)) => {
                let still = if stage.is_running() { "the program before this change goes on" } else { "waiting for a change" };
                say(format_args!("`{}` does not build; {still}", chosen.bin));
                stage.show(&format!("`{}` does not build", chosen.bin), &errors).await;
            }
            Err(Unbuilt::Failed(failure)) => return Err(failure),
        }
        Ok(())
    }
}

/// Reads the workspace, and begins to watch what the program is built from.
async fn look(build: &Build) -> Result<(Chosen, Watch), Failure> {
    let workspace = build.workspace().await?;
    let chosen = workspace.chosen(build)?;
    let watch = Watch::new(&workspace, &chosen)?;
    Ok((chosen, watch))
}

/// Waits for a change; a program that ends meanwhile is told of.
async fn wait(watch: &mut Watch, stage: &mut Stage, chosen: &Chosen) -> Result<Vec<PathBuf>, Failure> {
    // One wait from beginning to end, so that no change is lost.
    let mut changed = std::pin::pin!(watch.changed());
    loop {
        tokio::select! {
            changed = &mut changed => return Ok(changed),
            // Nothing is lost by waiting anew.
            status = stage.ended() => {
                let text = format!("`{}` ended ({}); it starts again after a change", chosen.bin, status?);
                say(&text);
                stage.show(&format!("`{}` ended", chosen.bin), &format!("{text}.\nThe terminal shows what it said.")).await;
            }
        }
    }
}

/// `src/main.rs changed`, from where this command was called.
fn told(paths: &[PathBuf]) -> String {
    let here = std::env::current_dir().unwrap_or_default();
    let first = paths.first().map(|path| path.strip_prefix(&here).unwrap_or(path).display().to_string()).unwrap_or_default();
    match paths.len() {
        0 | 1 => format!("{} changed", on_one_line(&first)),
        more => format!("{} and {} more changed", on_one_line(&first), more - 1),
    }
}
