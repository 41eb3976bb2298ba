//! Azure Functions, as a custom handler: the Functions host starts the binary and sends it HTTP on loopback.
//!
//! What a delivery looks like follows from the function's declared binding (its `function.json`), never from the values:
//! [`Bindings`] reads it, [`Declaration`] joins it with the function's name and kind.
//!
//! - [`decode()`]: a request of the host becomes events; [`Mode`] tells the form of it.
//! - [`encode()`]: outcomes become the answer to the host.
//! - [`App`]: calls functions between the two.
//! - [`serve()`]: the server that the host delivers to.
//! - [`function_json()`]: the binding that a function's own description asks for, as the file that declares it.
//!
//! Source: [Azure Functions custom handlers](https://learn.microsoft.com/azure/azure-functions/functions-custom-handlers).

mod app;
mod binding;
mod bindings;
mod declaration;
mod decode;
mod encode;
mod function_json;
mod mode;
mod prefix;
mod route;
mod routes;
mod schedule;
mod serve;
mod trigger_type;

pub use self::{
    app::App,
    binding::{Binding, Cardinality, DataType, Direction},
    bindings::Bindings,
    declaration::Declaration,
    decode::decode,
    encode::{Encoded, combine, encode},
    function_json::{Undeclarable, function_json},
    mode::Mode,
    serve::serve,
    trigger_type::TriggerType,
};
#[cfg(feature = "local")]
pub(crate) use self::{decode::invocation_id, function_json::retries, prefix::strip as strip_prefix};
