#![allow(dead_code, unused_imports, reason = "they only stand in the way")]

use polyfn::{function, functions};

struct Result;
struct Option;
struct Vec;
struct String;
struct Box;
enum Shadow {
    Ok,
    Err,
    Some,
    None,
}
use Shadow::*;
struct Send;
struct Sync;
struct Future;
mod core {}
mod std {}
mod alloc {}

#[function(http = "GET /a/{b}")]
async fn hello(polyfn::Path(b): polyfn::Path<u8>) -> &'static str {
    if b == 0 { "zero" } else { "more" }
}

#[function]
fn add(n: u8) -> ::core::result::Result<u8, polyfn::Error> {
    ::core::result::Result::Ok(n)
}

fn main() {
    assert_eq!(functions![hello, add].iter().len(), 2);
}
