//! The code for deliveries of events, of each provider that is built.
//!
//! A program is as large as what its functions can be started by: one that takes requests and calls alone never names
//! [`SOURCES`], so the linker leaves all of it out.

#[cfg(feature = "aws")]
use crate::aws;
#[cfg(feature = "container")]
use crate::container;
#[cfg(feature = "gcp")]
use crate::gcp;
#[cfg(any(feature = "container", feature = "gcp"))]
use crate::server::AnswerEvents;

/// What a host does with a delivery that is no request and no call.
#[derive(Debug)]
pub struct Sources {
    #[cfg(feature = "aws")]
    pub(crate) aws: aws::Events,
    #[cfg(feature = "container")]
    pub(crate) container: AnswerEvents,
    #[cfg(feature = "gcp")]
    pub(crate) gcp: AnswerEvents,
}

/// Every source of events that this build knows.
pub static SOURCES: Sources = Sources {
    #[cfg(feature = "aws")]
    aws: aws::EVENTS,
    #[cfg(feature = "container")]
    container: container::events,
    #[cfg(feature = "gcp")]
    gcp: gcp::events,
};
