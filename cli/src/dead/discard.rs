use clap::Args;

use super::{Of, path};
use crate::{client::Client, failure::Failure, terminal::print};

/// Throw dead letters away
#[derive(Args, Debug)]
pub(super) struct Discard {
    /// Their ids, as `list` prints them
    #[arg(value_name = "ID", required_unless_present = "all", conflicts_with = "all")]
    ids: Vec<String>,
    /// All of them, or all of those meant by `--of` and `--function`
    #[arg(long)]
    all: bool,
    #[command(flatten)]
    of: Of,
}

impl Discard {
    pub(super) async fn run(&self, client: Client) -> Result<(), Failure> {
        let mut ids = self.ids.clone();
        if self.all {
            ids = self.of.letters(client).await?.into_iter().map(|(_, letter)| letter.id).collect();
        }
        for id in &ids {
            client.post(&path(id, "discard"), "{}").await?;
        }
        print(format_args!("{} discarded\n", ids.len()));
        Ok(())
    }
}
