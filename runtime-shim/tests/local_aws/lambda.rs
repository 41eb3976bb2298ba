//! A program of its own under Lambda on this machine.

use std::{path::PathBuf, sync::Arc, time::Duration};

use polyfn_shim::local::{
    Process, ProcessError, Program,
    aws::{Configuration, Lambda, REQUEST_ID},
};
use serde_json::{Value, json};

use crate::{deliver, invoke, program::program, read};

fn configuration() -> Configuration {
    Configuration { name: "orders".to_owned(), timeout: Duration::from_secs(20), ..Configuration::default() }
}

fn lambda(role: &str, configuration: Configuration) -> Lambda {
    Lambda::new(program(role).0, configuration)
}

async fn id(lambda: &Lambda) -> Value {
    let (ok, id) = deliver(lambda, r#"{"do":"id"}"#).await;
    assert!(ok, "{id}");
    id
}

#[tokio::test]
async fn one_environment_serves_one_delivery_after_the_other() {
    let lambda = lambda("serves", configuration());
    assert_eq!(deliver(&lambda, "[1]").await, (true, json!([1])));
    assert_eq!(deliver(&lambda, "").await, (true, json!({})));
    assert_eq!(id(&lambda).await, id(&lambda).await);
}

#[tokio::test]
async fn a_reply_has_the_headers_of_invoke() {
    let lambda = lambda("serves", configuration());
    let reply = lambda.deliver(invoke("1")).await.unwrap();
    assert_eq!(reply.headers()["content-type"], "application/json");
    assert_eq!(reply.headers()["x-amz-executed-version"], "$LATEST");
    assert_eq!(reply.headers()[REQUEST_ID].len(), 36);
    assert!(!reply.headers().contains_key("x-amz-function-error"));
}

#[tokio::test]
async fn a_failure_is_a_reply_that_says_so_and_the_environment_goes_on() {
    let lambda = lambda("serves", configuration());
    let first = id(&lambda).await;
    let want = json!({"errorType": "Function.OrderMissing", "errorMessage": "no order 7"});
    assert_eq!(deliver(&lambda, r#"{"do":"fail"}"#).await, (false, want));
    let want = json!({"errorType": "Function.Panic", "errorMessage": "the function panicked: by zero"});
    assert_eq!(deliver(&lambda, r#"{"do":"panic"}"#).await, (false, want));
    assert_eq!(id(&lambda).await, first);
}

#[tokio::test]
async fn a_program_is_told_what_lambda_tells() {
    let lambda = Lambda::new(program("serves").0, Configuration { memory: 512, ..configuration() });
    let names = [
        "AWS_LAMBDA_FUNCTION_NAME",
        "AWS_LAMBDA_FUNCTION_VERSION",
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE",
        "AWS_LAMBDA_LOG_GROUP_NAME",
        "AWS_LAMBDA_INITIALIZATION_TYPE",
        "AWS_LAMBDA_MAX_CONCURRENCY",
        "_HANDLER",
        "TZ",
    ];
    let want = json!(["orders", "$LATEST", "512", "/aws/lambda/orders", "on-demand", null, "bootstrap", ":UTC"]);
    assert_eq!(deliver(&lambda, &json!({"do": "env", "names": names}).to_string()).await, (true, want));
}

#[tokio::test]
async fn an_invocation_that_takes_too_long_ends_its_environment() {
    let lambda = lambda("serves", Configuration { timeout: Duration::from_secs(1), ..configuration() });
    let first = id(&lambda).await;
    let reply = lambda.deliver(invoke(r#"{"do":"sleep","ms":60000}"#)).await;
    let request = reply.as_ref().unwrap().headers()[REQUEST_ID].to_str().unwrap().to_owned();
    let message = format!("RequestId: {request} Error: Task timed out after 1.00 seconds");
    assert_eq!(read(reply), (false, json!({"errorType": "Sandbox.Timedout", "errorMessage": message})));
    assert_ne!(id(&lambda).await, first);
}

#[tokio::test]
async fn a_program_that_ends_fails_its_invocation_and_a_new_one_takes_the_next() {
    let lambda = lambda("serves", configuration());
    for (order, how) in [
        (json!({"do": "exit", "code": 3}), "Runtime exited with error: exit status 3"),
        (json!({"do": "exit", "code": 0}), "Runtime exited without providing a reason"),
        (json!({"do": "abort"}), "Runtime exited with error: signal: aborted"),
    ] {
        let before = id(&lambda).await;
        let (ok, error) = deliver(&lambda, &order.to_string()).await;
        assert!(!ok);
        assert_eq!(error["errorType"], "Runtime.ExitError");
        assert!(error["errorMessage"].as_str().unwrap().ends_with(&format!(" Error: {how}")), "{error}");
        assert_ne!(id(&lambda).await, before);
    }
}

#[tokio::test]
async fn a_program_that_cannot_start_says_why_each_time() {
    let lambda = lambda("cannot start", configuration());
    for _ in 0..2 {
        let want = json!({"errorType": "Function.NoDatabase", "errorMessage": "refused"});
        assert_eq!(deliver(&lambda, "1").await, (false, want));
    }
    for (role, how) in [("ends", "exit status 3"), ("ends well", "without providing a reason")] {
        let (ok, error) = deliver(&self::lambda(role, configuration()), "1").await;
        assert!(!ok && error["errorMessage"].as_str().unwrap().ends_with(how), "{error}");
    }
}

#[tokio::test]
async fn what_is_no_program_is_told_in_one_line() {
    let path = PathBuf::from("/nowhere/bootstrap");
    let (program, _) = program("serves");
    let lambda = Lambda::new(Program { path, ..program.clone() }, configuration());
    let error = lambda.deliver(invoke("1")).await.unwrap_err();
    assert_eq!(error, ProcessError::Exited("there is no program `/nowhere/bootstrap`; build it first".to_owned()));
    let lambda = Lambda::new(Program { path: PathBuf::from("/etc/hostname"), ..program }, configuration());
    let ProcessError::Exited(error) = lambda.deliver(invoke("1")).await.unwrap_err() else { panic!("it did not start") };
    assert!(error.starts_with("`/etc/hostname` cannot be started: "), "{error}");
}

#[tokio::test]
async fn a_program_that_asks_for_nothing_is_given_up() {
    let (mut program, _) = program("serves");
    (program.path, program.arguments) = (PathBuf::from("/bin/sleep"), vec!["600".into()]);
    let error = Lambda::new(program, configuration()).deliver(invoke("1")).await.unwrap_err();
    let text = "`/bin/sleep` has not asked for an invocation within 10 s; is the program a function for Lambda?";
    assert_eq!(error, ProcessError::TimedOut(text.to_owned()));
}

#[tokio::test]
async fn what_comes_while_all_are_busy_waits() {
    let lambda = Arc::new(lambda("serves", configuration()));
    let running: Vec<_> = (0..3)
        .map(|_| {
            let lambda = Arc::clone(&lambda);
            tokio::spawn(async move { deliver(&*lambda, r#"{"do":"sleep","ms":50}"#).await })
        })
        .collect();
    let mut ids = Vec::new();
    for reply in running {
        ids.push(reply.await.unwrap());
    }
    ids.dedup();
    assert_eq!(ids.len(), 1, "{ids:?}");
}

#[tokio::test]
async fn several_environments_run_side_by_side() {
    let lambda = Arc::new(lambda("serves", Configuration { environments: 2, ..configuration() }));
    let order = r#"{"do":"sleep","ms":1500}"#;
    let (one, other) = tokio::join!(deliver(&*lambda, order), deliver(&*lambda, order));
    assert!(one.0 && other.0);
    assert_ne!(one.1, other.1);
}

#[tokio::test]
async fn a_managed_instance_takes_several_at_once() {
    let lambda = Arc::new(lambda("serves", Configuration { concurrency: 3, ..configuration() }));
    let env = json!({"do": "env", "names": ["AWS_LAMBDA_MAX_CONCURRENCY", "AWS_LAMBDA_INITIALIZATION_TYPE"]}).to_string();
    assert_eq!(deliver(&*lambda, &env).await, (true, json!(["3", "lambda-managed-instances"])));
    // None is answered before all three are there.
    let order = r#"{"do":"meet"}"#;
    let replies = tokio::join!(deliver(&*lambda, order), deliver(&*lambda, order), deliver(&*lambda, order));
    assert!(replies.0.0);
    assert_eq!((&replies.0, &replies.1), (&replies.1, &replies.2));
}

#[tokio::test]
async fn a_reply_may_have_six_mebibytes_and_a_little() {
    let lambda = lambda("serves", configuration());
    let (ok, reply) = deliver(&lambda, r#"{"do":"large","bytes":6291556}"#).await;
    assert!(ok && reply.as_str().unwrap().len() == 6_291_554);
    let message = "Response payload size exceeded maximum allowed payload size (6291556 bytes).";
    let want = json!({"errorType": "Function.ResponseSizeTooLarge", "errorMessage": message});
    assert_eq!(deliver(&lambda, r#"{"do":"large","bytes":6291557}"#).await, (false, want));
    assert_eq!(deliver(&lambda, "1").await, (true, json!(1)));
}

#[tokio::test]
async fn an_invocation_that_has_begun_goes_on_though_nobody_waits() {
    let lambda = lambda("serves", configuration());
    let first = id(&lambda).await;
    let gone = lambda.deliver(invoke(r#"{"do":"sleep","ms":300}"#));
    assert!(tokio::time::timeout(Duration::from_millis(100), gone).await.is_err());
    assert_eq!(id(&lambda).await, first);
}

#[tokio::test]
async fn a_program_with_a_shutdown_hook_has_time_for_it() {
    let (program, written) = program("says goodbye");
    // Its extension counts as one beside it, which has more time: a busy machine may need it.
    let lambda = Lambda::new(program, Configuration { extensions: vec!["polyfn".to_owned()], ..configuration() });
    let first = id(&lambda).await;
    lambda.shut_down().await;
    let said = async {
        while !written.lock().unwrap().iter().any(|line| line == "goodbye") {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(5), said).await.expect("it says goodbye");
    assert_ne!(id(&lambda).await, first);
}

#[tokio::test]
async fn a_program_without_one_is_killed_at_once() {
    let (program, written) = program("serves");
    let lambda = Lambda::new(program, configuration());
    id(&lambda).await;
    let began = std::time::Instant::now();
    lambda.shut_down().await;
    assert!(began.elapsed() < Duration::from_secs(5));
    assert!(!written.lock().unwrap().iter().any(|line| line == "goodbye"));
}
