use clap::Args;
use polyfn_shim::Event;
use serde::Serialize;
use serde_json::value::RawValue;

use super::{Letter, Of};
use crate::{
    client::Client,
    failure::Failure,
    queues::Depth,
    terminal::{Paint, on_one_line, print},
};

/// Print the dead letters, the oldest first
#[derive(Args, Debug)]
pub(super) struct List {
    #[command(flatten)]
    of: Of,
    /// Print one line of JSON for each
    #[arg(long)]
    json: bool,
}

#[derive(Serialize)]
struct Line<'a> {
    id: &'a str,
    kind: &'a str,
    name: &'a str,
    consumer: &'a str,
    died: &'a str,
    attempts: u32,
    reason: &'a str,
    event: &'a RawValue,
}

impl List {
    pub(super) async fn run(&self, client: Client) -> Result<(), Failure> {
        let letters = self.of.letters(client).await?;
        if letters.is_empty() && !self.json {
            print("no dead letters\n");
        }
        for (depth, letter) in &letters {
            print(if self.json { json(depth, letter)? } else { text(depth, letter, Paint::stdout()) });
        }
        Ok(())
    }
}

fn json(depth: &Depth, letter: &Letter) -> Result<String, Failure> {
    let (Depth { kind, name, consumer, .. }, Letter { id, died, attempts, reason, event }) = (depth, letter);
    let line = Line { id, kind, name, consumer, died, attempts: *attempts, reason, event };
    serde_json::to_string(&line).map(|line| format!("{line}\n")).map_err(|error| Failure::new(error.to_string()))
}

fn text(depth: &Depth, letter: &Letter, paint: Paint) -> String {
    let Letter { id, died, attempts, reason, event } = letter;
    let Paint { bold, dim, plain, .. } = paint;
    let times = if *attempts == 1 { "once".to_owned() } else { format!("{attempts} times") };
    let data = Event::from_json(event.get()).ok().and_then(|event| event.data().cloned()).unwrap_or_default();
    let [kind, name, consumer, died, reason] =
        [&depth.kind, &depth.name, &depth.consumer, died, reason].map(|text| on_one_line(text));
    let id = on_one_line(id);
    let data = on_one_line(&String::from_utf8_lossy(&data));
    format!("{bold}{id}{plain}  {kind} `{name}` for {consumer}, tried {times} until {died}\n  {reason}\n  {dim}{data}{plain}\n")
}
