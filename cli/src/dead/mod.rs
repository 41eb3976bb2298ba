//! `cargo polyfn dead`: the messages that were tried as often as they may be.

mod discard;
mod list;
mod resend;

use std::process::ExitCode;

use clap::{Args, Subcommand};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Deserialize;
use serde_json::value::RawValue;

use crate::{
    client::{Address, Client},
    failure::Failure,
    queues::{Depth, depths},
};

/// List the dead letters of the running program, send them again or discard them
#[derive(Args, Debug)]
pub(crate) struct Dead {
    #[command(subcommand)]
    what: What,
    #[command(flatten)]
    address: Address,
}

#[derive(Subcommand, Debug)]
enum What {
    List(list::List),
    Resend(resend::Resend),
    Discard(discard::Discard),
}

impl Dead {
    pub(crate) async fn run(&self) -> Result<ExitCode, Failure> {
        let client = self.address.client().await?;
        match &self.what {
            What::List(list) => list.run(client).await?,
            What::Resend(resend) => resend.run(client).await?,
            What::Discard(discard) => discard.run(client).await?,
        }
        Ok(ExitCode::SUCCESS)
    }
}

/// Which dead letters are meant.
#[derive(Args, Debug)]
struct Of {
    /// Only of the queues, topics and streams of this name
    #[arg(long, value_name = "NAME")]
    of: Option<String>,
    /// Only those meant for this function
    #[arg(long, value_name = "FUNCTION")]
    function: Option<String>,
}

impl Of {
    /// What is there and meant, also if it holds no dead letter.
    async fn queues(&self, client: Client) -> Result<Vec<Depth>, Failure> {
        let all = depths(client).await?;
        let fits = |wanted: &Option<String>, is: &str| wanted.as_deref().is_none_or(|wanted| wanted == is);
        let mut known: Vec<_> = all.iter().map(|depth| format!("{} ({})", depth.name, depth.consumer)).collect();
        let queues: Vec<_> =
            all.into_iter().filter(|depth| fits(&self.of, &depth.name) && fits(&self.function, &depth.consumer)).collect();
        if queues.is_empty() && (self.of.is_some() || self.function.is_some()) {
            known.dedup();
            let known = if known.is_empty() { "none".to_owned() } else { known.join(", ") };
            return Err(Failure::new(format!("there is no such queue, topic or stream; there are: {known}")));
        }
        Ok(queues)
    }

    /// Each of them that holds dead letters, with those.
    async fn letters(&self, client: Client) -> Result<Vec<(Depth, Letter)>, Failure> {
        let mut letters = Vec::new();
        for depth in self.queues(client).await?.into_iter().filter(|depth| depth.dead > 0) {
            let Depth { kind, name, consumer, .. } = &depth;
            let text = |text: &str| utf8_percent_encode(text, NON_ALPHANUMERIC).to_string();
            let of = format!("kind={}&name={}&consumer={}", text(kind), text(name), text(consumer));
            let mut after = None;
            loop {
                let page = page(client, &of, after.as_deref()).await?;
                after = page.last().filter(|_| page.len() >= PAGE).map(|letter| text(&letter.id));
                letters.extend(page.into_iter().map(|letter| (depth.clone(), letter)));
                if after.is_none() {
                    break;
                }
            }
        }
        Ok(letters)
    }
}

/// How many are asked for at once.
const PAGE: usize = 100;

async fn page(client: Client, of: &str, after: Option<&str>) -> Result<Vec<Letter>, Failure> {
    #[derive(Deserialize)]
    struct Page {
        dead: Vec<Letter>,
    }
    let after = after.map(|after| format!("&after={after}")).unwrap_or_default();
    client.get(&format!("dead?{of}{after}&limit={PAGE}")).await.map(|Page { dead }| dead)
}

/// A message that was given up.
#[derive(Debug, Deserialize)]
struct Letter {
    id: String,
    #[serde(default)]
    died: String,
    #[serde(default)]
    attempts: u32,
    #[serde(default)]
    reason: String,
    event: Box<RawValue>,
}

/// The path of what is done with one.
fn path(id: &str, what: &str) -> String {
    format!("dead/{}/{what}", utf8_percent_encode(id, NON_ALPHANUMERIC))
}
