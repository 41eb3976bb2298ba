//! A greeting over HTTP, and a sum as a direct call.

use polyfn::{Path, function};

/// Greets a person by name.
#[function(http = "GET /hello/{name}")]
async fn hello(Path(name): Path<String>) -> String {
    format!("Hello, {name}!")
}

/// Adds two numbers.
#[function]
fn add((a, b): (i64, i64)) -> i64 {
    a.saturating_add(b)
}

polyfn::main!(hello, add);

#[cfg(test)]
mod tests;
