use std::process::ExitCode;

use clap::Args;
use serde::{Deserialize, Serialize};

use crate::{
    client::{Address, Client},
    columns::columns,
    failure::Failure,
    terminal::{Paint, on_one_line, print},
};

/// Show the queues, topics and streams of the running program, and how much is in each
#[derive(Args, Debug)]
pub(crate) struct Queues {
    /// Print one line of JSON for each
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    address: Address,
}

/// The messages for one function that takes those of a queue, topic or stream.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub(crate) struct Depth {
    pub(crate) kind: String,
    pub(crate) name: String,
    /// The function.
    pub(crate) consumer: String,
    waiting: u64,
    delayed: u64,
    running: u64,
    pub(crate) dead: u64,
}

#[derive(Deserialize)]
struct Answer {
    queues: Vec<Depth>,
}

/// What the shim says of all of them.
pub(crate) async fn depths(client: Client) -> Result<Vec<Depth>, Failure> {
    client.get("queues").await.map(|Answer { queues }| queues)
}

impl Queues {
    pub(crate) async fn run(&self) -> Result<ExitCode, Failure> {
        let depths = depths(self.address.client().await?).await?;
        if self.json {
            for depth in &depths {
                print(format_args!("{}\n", serde_json::to_string(depth).map_err(|error| Failure::new(error.to_string()))?));
            }
        } else if depths.is_empty() {
            print("no queue, topic or stream has had a message yet\n");
        } else {
            print(table(&depths, Paint::stdout()));
        }
        Ok(ExitCode::SUCCESS)
    }
}

fn table(depths: &[Depth], paint: Paint) -> String {
    let head = ["kind", "name", "function", "waiting", "delayed", "running", "dead"].map(str::to_owned);
    let row = |depth: &Depth| {
        let count = |count: u64| count.to_string();
        let Depth { kind, name, consumer, waiting, delayed, running, dead } = depth;
        let texts = [kind, name, consumer].map(|text| on_one_line(text));
        let [kind, name, consumer] = texts;
        [kind, name, consumer, count(*waiting), count(*delayed), count(*running), count(*dead)]
    };
    let rows: Vec<_> = std::iter::once(head).chain(depths.iter().map(row)).collect();
    columns(&rows, 3..7, paint)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_as_wide_as_their_widest() {
        let depth = |name: &str, waiting| Depth {
            kind: "queue".into(),
            name: name.into(),
            consumer: "fulfil".into(),
            waiting,
            delayed: 0,
            running: 1,
            dead: 2,
        };
        let text = "kind   name     function   waiting  delayed  running  dead
queue  orders   fulfil          10        0        1     2
queue  a-queue  fulfil           0        0        1     2
";
        let text = text.replace("function ", "function").replace("fulfil  ", "fulfil ");
        assert_eq!(table(&[depth("orders", 10), depth("a-queue", 0)], Paint::default()), text);
    }
}
