//! Sources of AWS as Lambda drives them: what each delivers again, when, and what becomes of it in the end.

mod asynchronous;
mod batch;
mod shards;
mod sqs;

pub use self::{asynchronous::Asynchronous, shards::Shards, sqs::Sqs};
