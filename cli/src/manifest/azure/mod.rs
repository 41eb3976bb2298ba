//! Azure Functions: custom handlers.

mod package;

pub(crate) use self::package::package;
