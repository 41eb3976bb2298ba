//! The hosts that a source delivers to: Lambda's way of the pure pieces, and whole servers on a socket.

pub(crate) mod lambda;
pub(crate) mod process;

use crate::{
    plan::Mishap,
    source::{Answer, Delivery},
};

/// What is between a source and the functions.
pub(crate) trait Host {
    /// Hands deliveries over that are out at the same time; `None` for each that is not answered.
    async fn deliver(&mut self, wave: &[Delivery], mishap: Mishap) -> Vec<Option<Answer>>;
}
