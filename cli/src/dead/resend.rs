use clap::Args;
use serde::Deserialize;
use serde_json::json;

use super::{Of, path};
use crate::{client::Client, failure::Failure, terminal::print};

/// Send dead letters again, as new messages of their queue
#[derive(Args, Debug)]
pub(super) struct Resend {
    /// Their ids, as `list` prints them
    #[arg(value_name = "ID", required_unless_present = "all", conflicts_with = "all")]
    ids: Vec<String>,
    /// All of them, or all of those meant by `--of` and `--function`
    #[arg(long)]
    all: bool,
    #[command(flatten)]
    of: Of,
}

#[derive(Deserialize)]
struct Queued {
    queued: Vec<String>,
}

#[derive(Deserialize)]
struct Resent {
    resent: u64,
}

impl Resend {
    pub(super) async fn run(&self, client: Client) -> Result<(), Failure> {
        for id in &self.ids {
            let answer = client.post(&path(id, "resend"), "{}").await?;
            let Queued { queued } = client.read(&answer)?;
            print(format_args!("{id} queued as {}\n", queued.join(", ")));
        }
        if self.all {
            let mut all = 0;
            for depth in self.of.queues(client).await?.into_iter().filter(|depth| depth.dead > 0) {
                let of = json!({"kind": depth.kind, "name": depth.name, "consumer": depth.consumer});
                let answer = client.post("dead/resend-all", of.to_string()).await?;
                all += client.read::<Resent>(&answer)?.resent;
            }
            print(format_args!("{all} queued again\n"));
        }
        Ok(())
    }
}
