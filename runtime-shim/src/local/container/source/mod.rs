//! Sources of CloudEvents over HTTP: what they deliver again, when, and how often.

mod broker;

pub use self::broker::Broker;
