//! Tower, in and out: a service as a function, and functions as a service.

mod inward;
#[cfg(any(feature = "gcp", feature = "azure", feature = "container", feature = "local"))]
mod outward;

pub use self::inward::{SERVICE, service};
#[cfg(any(feature = "gcp", feature = "azure", feature = "container", feature = "local"))]
pub use self::outward::FunctionService;
