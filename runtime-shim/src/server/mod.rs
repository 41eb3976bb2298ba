//! The HTTP server under every host but Lambda: it reads whole requests under limits, and drains when it is stopped.

mod body;
mod connection;
mod event;
mod finish;
mod id;
mod limits;
mod listen;
mod stop;

pub use self::{
    body::Refused,
    event::{Front, event, forwarded_for, trace},
    id::invocation_id,
    limits::Limits,
    listen::{Request, Server, port},
    stop::{Stop, Stopper},
};
