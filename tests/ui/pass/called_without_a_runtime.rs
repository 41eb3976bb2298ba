//! The function stays an ordinary one.

use polyfn::{Context, function};

/// Adds.
#[function]
fn add((a, b): (i64, i64), _cx: Context) -> i64 {
    a + b
}

fn main() {
    assert_eq!(add((1, 2), Context::for_test("add")), 3);
}
