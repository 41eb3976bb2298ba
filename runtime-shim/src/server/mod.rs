//! The HTTP server that every host but Lambda delivers to: HTTP/1.1, and h2c on the same port where the feature `h2c` is on.
//!
//! It knows no provider: it turns bytes on a socket into a [`Delivery`], and sends what the provider's answer to it is.
//! Whatever comes in, the process goes on; whoever is slow is told so and sent away.

mod answering;
mod bind;
mod close;
mod connection;
mod delivery;
mod encoded;
#[cfg(any(feature = "gcp", feature = "container"))]
mod events;
mod forwarded;
#[cfg(feature = "h2c")]
mod h2c;
mod id;
mod limits;
#[cfg(any(feature = "gcp", feature = "container"))]
mod neighbours;
mod phase;
mod reading;
mod serve;
mod stop;
mod trace;
mod writing;

#[cfg(any(feature = "gcp", feature = "container"))]
pub(crate) use self::events::{AnswerEvents, answer_events};
pub use self::{
    bind::{bind, port},
    close::close,
    delivery::{Delivery, Front},
    encoded::encoded_path,
    forwarded::{forwarded_for, forwarded_proto},
    id::new_id,
    limits::Limits,
    serve::serve,
    stop::Stop,
    trace::traceparent,
};
