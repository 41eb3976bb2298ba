//! What runs behind `cargo run`: every event on its way to its functions, the newest of them kept for the console.

mod consumer;
mod consumers;
mod courier;
mod journal;
mod program;
mod recorded;
mod settings;

pub(super) use self::{
    consumers::{Consumers, blocking, is_kept},
    courier::{Courier, How, NotSent},
    journal::{Change, Entry, Journal, Note},
    program::{Written, program},
    recorded::recording,
    settings::Settings,
};
