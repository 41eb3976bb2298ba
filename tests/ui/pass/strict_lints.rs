#![forbid(unsafe_code)]
#![deny(warnings, missing_docs, unreachable_pub, unused_qualifications, unused_results, single_use_lifetimes)]
#![forbid(non_camel_case_types)]
//! Lints of the user's crate do not reach into generated code.

use polyfn::{Context, Json, function};

/// Says hello.
#[function(http = "GET /hello")]
pub async fn hello(_: Context, body: Option<Json<u8>>) -> String {
    format!("{body:?}")
}

/// Not to be used any more.
#[deprecated]
#[function]
pub fn old(n: u8) -> u8 {
    n
}

#[function]
#[must_use]
fn unused_elsewhere() -> u8 {
    3
}

mod program {
    polyfn::main!(super::hello, super::old, super::unused_elsewhere);
}

fn main() {}
