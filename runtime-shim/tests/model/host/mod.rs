//! The hosts that a source delivers to, each around what a program really runs: the loop over Lambda's Runtime API, or a server.

pub(crate) mod lambda;
pub(crate) mod process;
mod runtime_api;

use crate::{
    plan::Mishap,
    source::{Answer, Delivery},
};

/// What is between a source and the functions.
pub(crate) trait Host {
    /// Hands deliveries over that are out at the same time; `None` for each that is not answered.
    async fn deliver(&mut self, wave: &[Delivery], mishap: Mishap) -> Vec<Option<Answer>>;
}
