//! Tests of functions as each provider would call them, with nothing installed.
//!
#![cfg_attr(all(feature = "aws", feature = "azure", feature = "container", feature = "gcp"), doc = "```")]
#![cfg_attr(not(all(feature = "aws", feature = "azure", feature = "container", feature = "gcp")), doc = "```no_run")]
//! use polyfn::{Error, Json, Provider, function, functions, testing::App};
//!
//! #[derive(serde::Serialize, serde::Deserialize)]
//! struct Order {
//!     sku: String,
//! }
//!
//! #[function(queue = "orders")]
//! async fn fulfil(Json(order): Json<Order>) -> Result<(), Error> {
//!     if order.sku.is_empty() { Err(Error::msg("no sku")) } else { Ok(()) }
//! }
//!
//! # fn main() {
//! let app = App::new(functions![fulfil]);
//! let order = Order { sku: "a-1".into() };
//!
//! // In an async test it is `.await` in place of `.wait()`.
//! let delivered = app.queue("orders", &order).wait();
//! assert!(delivered.is_done());
//!
//! // Through the bytes that Azure's host sends, and back through those that it is answered with.
//! let delivered = app.on(Provider::Azure).queue("orders", &Order { sku: String::new() }).wait();
//! assert!(!delivered.is_acknowledged());
//!
//! // On every provider, which must all agree.
//! app.everywhere().queue("orders", &order).wait();
//! # }
//! ```

mod agreement;
mod app;
mod everywhere;
pub mod sample;
mod sending;

/// The hosts and sources of each provider on this machine, for functions here and for programs of their own.
pub use polyfn_shim::local as hosts;
pub use polyfn_shim::local::{Call, Delivered, Ended, Form, Settled};

pub use self::{app::App, everywhere::Everywhere, sending::Sending};
