//! What comes back to the shop is counted several things at a time, whether it comes by a queue, a topic or a stream.

use std::time::Duration;

use polyfn::{Batch, Error, function};
use tokio::time::sleep;

/// Puts what came back on its shelf again.
#[function(queue = "returns", batch = 4, retries = 2, concurrency = 1)]
async fn restock(things: Batch<String>) -> Vec<Result<(), Error>> {
    counted(&things).await
}

/// Looks at what somebody has complained of.
#[function(topic = "complaints", batch = 4, retries = 2, concurrency = 1)]
async fn inspect(things: Batch<String>) -> Vec<Result<(), Error>> {
    counted(&things).await
}

/// Follows what is on its way back.
#[function(stream = "parcels", batch = 4, retries = 2, concurrency = 1)]
async fn track(things: Batch<String>) -> Vec<Result<(), Error>> {
    counted(&things).await
}

async fn counted(things: &[String]) -> Vec<Result<(), Error>> {
    if things.iter().any(|thing| thing == "heavy") {
        sleep(Duration::from_secs(2)).await;
    }
    let fit = |thing: &String| if thing == "broken" { Err(Error::msg("it is broken")) } else { Ok(()) };
    tracing::info!("counted {}", things.join("+"));
    things.iter().map(fit).collect()
}

polyfn::main!(restock, inspect, track);
