//! A shop's back office: orders come by HTTP and by a queue, some fail and come again, and every night there is a report.

use std::sync::atomic::{AtomicU64, Ordering};

use polyfn::{Error, Json, Message, Path, State, Tick, function};
use serde::{Deserialize, Serialize};

/// An order of one thing.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
struct Order {
    sku: String,
    count: u32,
}

/// How many things have left the shop.
#[derive(Default)]
struct Shop {
    sent: AtomicU64,
}

/// Says what a thing costs, in cents.
#[function(http = "GET /prices/{sku}", public)]
async fn price(Path(sku): Path<String>) -> Result<Json<u64>, Error> {
    match sku.as_str() {
        "tea" => Ok(Json(450)),
        "cup" => Ok(Json(1_200)),
        _ => Err(Error::status(404, format!("nobody sells `{sku}` here"))),
    }
}

/// Sends the things of an order; what is sold out is tried again.
#[function(queue = "orders", retries = 1)]
async fn fulfil(order: Message<Json<Order>>, State(shop): State<Shop>) -> Result<(), Error> {
    let Json(Order { sku, count }) = order.body;
    match sku.as_str() {
        "sold-out" => Err(Error::msg(format!("no `{sku}` left, attempt {}", order.attempt))),
        "unknown" => Err(Error::drop(format!("nobody sells `{sku}` here"))),
        // A bug that takes the whole process with it.
        "abort" if order.attempt == 1 => std::process::abort(),
        _ => {
            shop.sent.fetch_add(u64::from(count), Ordering::Relaxed);
            tracing::info!(sku, count, "sent");
            Ok(())
        }
    }
}

/// Tells the log what was sent.
#[function(schedule = "0 5 * * *")]
async fn report(_: Tick, State(shop): State<Shop>) {
    tracing::info!("{} things were sent", shop.sent.load(Ordering::Relaxed));
}

async fn open() -> Shop {
    Shop::default()
}

polyfn::main!(price, fulfil, report; init = open);

#[cfg(test)]
mod tests;
