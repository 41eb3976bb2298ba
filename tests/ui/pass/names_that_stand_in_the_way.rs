//! Functions called like keywords, like our own words, and like what generated code binds.

use polyfn::{function, functions};

#[function]
fn r#async(n: u8) -> u8 {
    n
}

#[function]
async fn event(n: u8) -> u8 {
    n
}

#[function]
fn cx() {}

#[function(http)]
async fn returned() {}

#[allow(non_upper_case_globals, reason = "it only stands in the way")]
const p0: u8 = 3;

fn main() {
    let list = functions![r#async, event, cx, returned];
    let names: Vec<_> = list.iter().map(|f| f.name).collect();
    assert_eq!(names, ["async", "event", "cx", "returned"]);
    let _ = p0;
}
