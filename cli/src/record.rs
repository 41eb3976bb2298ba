use std::{path::PathBuf, process::ExitCode, process::Stdio};

use clap::Args;

use crate::{
    failure::Failure,
    program::{Build, Run, Signals, Unbuilt},
    terminal::say,
};

/// Run the program on this machine, and record every delivery to it
///
/// Recordings are JSON files for people, one a delivery, to commit and to `replay`; passwords, tokens, cookies and other
/// secrets are redacted in them.
#[derive(Args, Debug)]
#[command(after_help = "Example:
  cargo polyfn record recordings")]
pub(crate) struct Record {
    /// The folder of the recordings; new ones stand after those that are there
    #[arg(value_name = "DIR")]
    folder: PathBuf,
    #[command(flatten)]
    run: Run,
    #[command(flatten)]
    build: Build,
}

impl Record {
    pub(crate) async fn run(&self) -> Result<ExitCode, Failure> {
        let mut signals = Signals::watch()?;
        let folder =
            std::path::absolute(&self.folder).map_err(|error| Failure::new(format!("{}: {error}", self.folder.display())))?;
        // Better now than at the first delivery.
        std::fs::create_dir_all(&folder).map_err(|error| Failure::new(format!("cannot make {}: {error}", folder.display())))?;
        let before = recordings(&folder)?;
        let Some(name) = folder.to_str() else {
            return Err(Failure::usage(format!("{}: the name of the folder is no UTF-8", folder.display())));
        };
        let run = self.run.clone().with("POLYFN_RECORD", name);
        let address = run.address()?;
        let built = async {
            let workspace = self.build.workspace().await?;
            let chosen = workspace.chosen(&self.build)?;
            Ok((self.build.build(&chosen).await?, chosen))
        };
        let (built, chosen) = tokio::select! {
            // Dropped by a signal alone, which ends the build too.
            built = built => built.map_err(Unbuilt::into_failure)?,
            () = signals.next() => return Ok(ExitCode::SUCCESS),
        };
        let mut running = run.start(&built.executable, address, Stdio::inherit())?;
        let ended = tokio::select! {
            ended = running.ended() => Some(ended?),
            () = signals.next() => None,
        };
        running.stop(Some(&mut signals)).await;
        let written = recordings(&folder)?.saturating_sub(before);
        let plural = if written == 1 { "" } else { "s" };
        say(format_args!("{written} recording{plural} written to {}", self.folder.display()));
        match ended {
            Some(status) if !status.success() => Err(Failure::new(format!("`{}` ended by itself ({status})", chosen.bin))),
            _ => Ok(ExitCode::SUCCESS),
        }
    }
}

/// How many there are.
fn recordings(folder: &std::path::Path) -> Result<usize, Failure> {
    let cannot = |error| Failure::new(format!("cannot read {}: {error}", folder.display()));
    let names = std::fs::read_dir(folder).map_err(cannot)?.filter_map(Result::ok).map(|entry| entry.file_name());
    // `0001-queue-fulfil.json`
    Ok(names
        .filter(|name| {
            let number = name.to_str().and_then(|name| name.strip_suffix(".json")?.split_once('-')?.0.parse::<u32>().ok());
            number.is_some()
        })
        .count())
}
