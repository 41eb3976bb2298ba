//! What a program carries of its functions is what its hosts know of them.
#![allow(clippy::unwrap_used, reason = "what a test needs and does not find fails the test")]

use polyfn::{
    __private::{BUILT, Manifest as Program, Register, Said, length, page},
    Batch, Error, Event, Json, Message, Object, Tick, function, functions,
};
use polyfn_shim::{
    event::Kind,
    function::{Description, Sample},
    manifest::{Entry, Manifest},
};
use serde::Deserialize;

/// Says "hello"\
/// in two lines.
#[function(http = "GET|POST /hello/{name}", public, timeout = "3s", memory = "2GB", env = "GREETING")]
async fn hello() -> Result<Json<u8>, Error> {
    Ok(Json(1))
}

#[function(http)]
fn nothing() {}

#[function(name = "sum-up", memory = "256MB", secrets = ["API_KEY", "DB_URL"], env = ["A", "B_2"])]
fn sum((a, b): (i64, i64)) -> i64 {
    a + b
}

type Orders = Batch<Message<Json<u8>>>;

#[function(queue = "orders.fifo", batch = 10, concurrency = 2, retries = 0, timeout = "30s", ordered, on_malformed = "drop")]
async fn fulfil(orders: Orders) -> Result<(), Error> {
    drop(orders);
    Ok(())
}

#[function(object = "up\"loads", on = ["created", "deleted"], prefix = "a/", suffix = ".png", retries = 7)]
fn thumbnail(_: Object) {}

#[function(schedule = "0 5 * * 1-5")]
fn nightly(_: Tick) {}

#[derive(Deserialize)]
struct Native {}

#[function(event = "order.*", source = "*.shop")]
fn watch(event: Event) -> Result<(), Error> {
    let _: Native = event.native()?;
    event.raw();
    Ok(())
}

#[cfg(any())]
#[function]
fn absent() {}

const SAID: &[Said<'static>] = &[
    <hello as Register>::SAID,
    <nothing as Register>::SAID,
    <sum as Register>::SAID,
    <fulfil as Register>::SAID,
    <thumbnail as Register>::SAID,
    <nightly as Register>::SAID,
    <watch as Register>::SAID,
    #[cfg(any())]
    <absent as Register>::SAID,
];
const PROGRAM: Program<'static> = Program { name: "shop", version: "1.2.3", providers: BUILT, functions: SAID };
static CARRIED: [u8; length(&PROGRAM)] = page(&PROGRAM);

fn manifest() -> Manifest {
    Manifest::find(&CARRIED).unwrap()
}

fn entry(name: &str) -> Entry {
    manifest().functions.into_iter().find(|entry| entry.name == name).unwrap()
}

#[test]
fn a_manifest_says_what_the_hosts_know() {
    let told = functions![hello, nothing, sum, fulfil, thumbnail, nightly, watch];
    let told: Vec<_> = told.iter().map(|told| Description { sample: Sample::default(), ..told.clone() }).collect();
    let carried: Vec<_> = manifest().functions.iter().map(Entry::description).collect();
    assert_eq!(carried, told);
    assert_eq!((manifest().program, manifest().version), ("shop".to_owned(), "1.2.3".to_owned()));
    assert_eq!(manifest().providers, BUILT);
}

#[test]
fn a_manifest_says_what_only_the_deployment_wants_to_know() {
    let hello = entry("hello");
    assert_eq!((hello.trigger, hello.memory_mb, hello.timeout_ms), (Kind::Http, Some(2048), Some(3000)));
    assert_eq!((&hello.env, hello.doc.as_str()), (&vec!["GREETING".to_owned()], "Says \"hello\"\\\nin two lines."));
    assert_eq!(hello.replies, "200 application/json");
    assert_eq!(entry("nothing").replies, "204");

    let sum = entry("sum-up");
    assert_eq!((sum.memory_mb, sum.replies.as_str()), (Some(256), "200 application/json"));
    assert_eq!((sum.env, sum.secrets), (vec!["A".to_owned(), "B_2".to_owned()], vec!["API_KEY".to_owned(), "DB_URL".to_owned()]));

    let (file, line) = (include_str!("manifest.rs"), usize::try_from(hello.line).unwrap());
    assert!(hello.file.ends_with("tests/manifest.rs"), "{}", hello.file);
    assert!(file.lines().nth(line - 1).unwrap().starts_with("#[function(http = \"GET|POST"), "{line}");

    // A type by another name is the same type.
    assert!(entry("fulfil").batches && !entry("thumbnail").batches);
    assert!(entry("fulfil").portable);
    let watch = entry("watch");
    assert!(!watch.portable);
    assert_eq!(watch.native, ["it calls `event.native()`", "it calls `event.raw()`"]);
}

#[test]
fn what_it_says_is_read_and_written_alike() {
    let json = serde_json::to_vec(&manifest()).unwrap();
    assert_eq!(Manifest::read(&json).unwrap(), manifest());
}
