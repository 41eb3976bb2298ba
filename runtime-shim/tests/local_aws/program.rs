//! A program for Lambda: this test's own, started once more in another role.

use std::{
    sync::{Arc, LazyLock, Mutex},
    time::Duration,
};

use bytes::Bytes;
use polyfn_shim::{
    Failure, Outcome, Provider, Reply, aws,
    function::{Binding, Description, Function, Functions, Hooks},
    host::Host,
    local::Program,
};
use serde_json::{Value, json};
use tokio::sync::Barrier;

/// What says in its environment that this process is the program, and of which kind.
const ROLE: &str = "POLYFN_TEST_PROGRAM";

/// Lines that a program wrote.
pub(crate) type Written = Arc<Mutex<Vec<String>>>;

/// This program in a role, with what it writes.
pub(crate) fn program(role: &str) -> (Program, Written) {
    let written = Written::default();
    let to = Arc::clone(&written);
    let program = Program {
        path: std::env::current_exe().unwrap(),
        arguments: ["--exact", "program::child", "--include-ignored", "--nocapture"].map(Into::into).into(),
        env: vec![(ROLE.to_owned(), role.to_owned()), ("AWS_LAMBDA_FUNCTION_NAME".to_owned(), "cannot be set".to_owned())],
        lines: Arc::new(move |line| to.lock().unwrap().push(line.to_owned())),
    };
    (program, written)
}

#[test]
#[ignore = "the program that the tests beside it start; it is nothing by itself"]
fn child() {
    let Ok(role) = std::env::var(ROLE) else { return };
    match role.as_str() {
        "ends" => std::process::exit(3),
        "ends well" => std::process::exit(0),
        _ => {}
    }
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let env = |name: &str| std::env::var(name).ok();
    let host = Host::detect(&env, &[Provider::Aws]).unwrap();
    let served = runtime.block_on(aws::serve(functions(&role), &host, &env));
    std::process::exit(if served.is_ok() { 0 } else { 1 });
}

fn functions(role: &str) -> Functions {
    let function = Function::new(Description::new("f", Binding::Direct), |event, _| async move {
        let order: Value = serde_json::from_slice(event.data().unwrap()).unwrap();
        obey(&order).await
    });
    let functions = Functions::new(vec![function]);
    match role {
        "cannot start" => {
            functions.with_hooks(Hooks::default().with_init(|| async { Err(Failure::new("NoDatabase", "refused")) }))
        }
        "says goodbye" => functions.with_hooks(Hooks::default().with_shutdown(|_| async { println!("goodbye") })),
        _ => functions,
    }
}

async fn obey(order: &Value) -> Outcome {
    let reply = |value: Value| Outcome::Done(Reply::Direct(Bytes::from(value.to_string())));
    match order["do"].as_str() {
        Some("sleep") => {
            tokio::time::sleep(Duration::from_millis(order["ms"].as_u64().unwrap())).await;
            reply(json!(std::process::id()))
        }
        Some("meet") => {
            static MEETING: LazyLock<Barrier> = LazyLock::new(|| Barrier::new(3));
            MEETING.wait().await;
            reply(json!(std::process::id()))
        }
        Some("exit") => std::process::exit(i32::try_from(order["code"].as_i64().unwrap()).unwrap()),
        Some("abort") => std::process::abort(),
        Some("panic") => panic!("by zero"),
        Some("fail") => Outcome::Retry(Failure::new("OrderMissing", "no order 7")),
        Some("large") => reply(json!("x".repeat(usize::try_from(order["bytes"].as_u64().unwrap()).unwrap() - 2))),
        Some("env") => reply(
            order["names"].as_array().unwrap().iter().map(|name| json!(std::env::var(name.as_str().unwrap()).ok())).collect(),
        ),
        Some("id") => reply(json!(std::process::id())),
        _ => reply(order.clone()),
    }
}
