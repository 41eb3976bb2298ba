//! `cargo polyfn replay`: recorded events to the running program, and what has become different.

mod program;
mod replayed;

use std::{
    path::{Path, PathBuf},
    process::ExitCode,
};

use clap::Args;
use polyfn_shim::local::recording::Recording;
use serde_json::json;

use self::{program::Program, replayed::Replayed};
use crate::{
    client::Address,
    failure::Failure,
    form::As,
    program::Build,
    terminal::{Paint, print, say},
};

/// Send recorded events to the program again, and show what is different in its replies
///
/// If nothing listens, the program of this folder is built and runs as long as the replay does. The exit code is 0 if nothing
/// is different, 1 if something is, 2 if a recording cannot be read.
#[derive(Args, Debug)]
#[command(after_help = "Examples:
  cargo polyfn replay recordings
  cargo polyfn replay recordings/0001-queue-fulfil.json --as azure

In what is shown, `-` stands in front of what was recorded and `+` of what came now. `[redacted]` in a recording stands for
anything. A delivery of several events is replayed one by one, and only what became of each is compared. In another form than
the recorded one, what became of the event is compared, and what the caller of a request or a call gets.")]
pub(crate) struct Replay {
    /// A recording, or a folder of recordings
    #[arg(value_name = "DIR|FILE")]
    path: PathBuf,
    /// Deliver the events as this provider does, or in one of its forms [default: as they were recorded]
    #[arg(long = "as", value_name = "PROVIDER[/FORM]")]
    form: Option<As>,
    /// Build and run the program of this folder for the replay, also if something listens
    #[arg(long, conflicts_with = "address")]
    run: bool,
    /// Print one line of JSON for each recording
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    address: Address,
    #[command(flatten)]
    build: Build,
}

impl Replay {
    pub(crate) async fn run(&self) -> Result<ExitCode, Failure> {
        let recordings = recordings(&self.path)?;
        let client = self.address.client().await?;
        // Where somebody said where the program is, another one would not be the one that was meant.
        let is_there = !self.run && (self.address.is_given() || client.is_listening().await);
        let started = if is_there { None } else { Some(Program::start(&self.build).await?) };
        let client = started.as_ref().map_or(client, Program::client);
        let done = self.replay(&recordings, client).await;
        if let Some(program) = started {
            program.stop().await;
        }
        done
    }

    async fn replay(&self, recordings: &[(PathBuf, Recording)], client: crate::client::Client) -> Result<ExitCode, Failure> {
        let (mut same, mut different, mut skipped) = (0_usize, 0_usize, 0_usize);
        for (file, recording) in recordings {
            let replayed = Replayed::of(recording, self.form.as_ref(), client).await?;
            *(match replayed.is_same() {
                Some(true) => &mut same,
                Some(false) => &mut different,
                None => &mut skipped,
            }) += 1;
            print(if self.json { line(file, &replayed) } else { text(file, &replayed, Paint::stdout()) });
        }
        let form = self.form.as_ref().map(|form| format!(" as {form}")).unwrap_or_default();
        let count = same + different;
        let plural = if count == 1 { "" } else { "s" };
        let skipped = if skipped == 0 { String::new() } else { format!(", {skipped} skipped") };
        let summary = format!("{count} recording{plural} replayed{form}: {same} the same, {different} different{skipped}");
        if self.json {
            say(summary);
        } else {
            print(format_args!("{summary}\n"));
        }
        Ok(if different == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
    }
}

/// The recordings of a folder, or the one of a file; at least one.
fn recordings(path: &Path) -> Result<Vec<(PathBuf, Recording)>, Failure> {
    let broken = |error: polyfn_shim::local::recording::RecordingError| Failure::usage(error.to_string());
    if !path.is_dir() {
        return Ok(vec![(path.to_owned(), Recording::read(path).map_err(broken)?)]);
    }
    let recordings = Recording::read_all(path).map_err(broken)?;
    if recordings.is_empty() {
        let path = path.display();
        return Err(Failure::usage(format!("{path} holds no recording; `cargo polyfn record {path}` makes some")));
    }
    Ok(recordings)
}

fn text(file: &Path, replayed: &Replayed, paint: Paint) -> String {
    let Paint { red, green, dim, plain, .. } = paint;
    let name = file.file_name().unwrap_or_default().to_string_lossy();
    let Replayed { form, note, .. } = replayed;
    let note = note.map(|note| format!("; {note}")).unwrap_or_default();
    let verdict = match replayed.is_same() {
        Some(true) => format!("{green}same     {plain}"),
        Some(false) => format!("{red}different{plain}"),
        None => "skipped  ".to_owned(),
    };
    let mut text = format!("{verdict}  {name}  {dim}{form}{note}{plain}\n");
    for line in replayed.difference().lines() {
        text.push_str(&format!("  {line}\n"));
    }
    text
}

fn line(file: &Path, replayed: &Replayed) -> String {
    let line = json!({
        "file": file.to_string_lossy(), "as": replayed.form, "same": replayed.is_same(),
        "difference": replayed.difference(), "note": replayed.note,
    });
    format!("{line}\n")
}
