use serde_json::json;

use crate::{manifest::sample::changes, target::Target};

#[test]
fn one_attribute_is_one_value_of_the_manifest() {
    let service = |path: &str| format!("service.yaml: Service shop {path}");
    let template = |path: &str| service(&format!("spec template spec {path}"));
    for (function, member, value, want) in [
        ("fulfil", "memory_mb", json!(2048), vec![template("containers 0 resources limits memory = 2048Mi")]),
        ("fulfil", "retries", json!(8), vec!["deploy.sh: + queue orders \"$url\" 9".to_owned(), "deploy.sh: - queue orders \"$url\" 4".to_owned()]),
        ("fulfil", "resource", json!("baskets"), vec!["deploy.sh: + queue baskets \"$url\" 4".into(), "deploy.sh: - queue orders \"$url\" 4".into()]),
        ("tell", "retries", json!(9), vec!["deploy.sh: + push shop-tell news \"$url\" ordered 300 10".into(), "deploy.sh: - push shop-tell news \"$url\" ordered 300 5".into()]),
        ("tell", "timeout_ms", json!(15_000), vec!["deploy.sh: + push shop-tell news \"$url\" ordered 15 5".into(), "deploy.sh: - push shop-tell news \"$url\" ordered 300 5".into()]),
        ("tell", "timeout_ms", json!(2_000), vec!["deploy.sh: + push shop-tell news \"$url\" ordered 10 5".into(), "deploy.sh: - push shop-tell news \"$url\" ordered 300 5".into()]),
        ("tell", "ordered", json!(false), vec!["deploy.sh: + push shop-tell news \"$url\" unordered 300 5".into(), "deploy.sh: - push shop-tell news \"$url\" ordered 300 5".into()]),
        ("hello", "timeout_ms", json!(900_000), vec![template("timeoutSeconds = 900")]),
        ("nightly", "resource", json!("0 6 * * *"), vec!["deploy.sh: + job nightly \"$url\" '0 6 * * *' 300 2".into(), "deploy.sh: - job nightly \"$url\" '0 5 * * 1-7' 300 2".into()]),
        ("nightly", "retries", json!(5), vec!["deploy.sh: + job nightly \"$url\" '0 5 * * 1-7' 300 5".into(), "deploy.sh: - job nightly \"$url\" '0 5 * * 1-7' 300 2".into()]),
        (
            "sweep",
            "on",
            json!(["deleted"]),
            vec!["deploy.sh: - trigger shop-sweep-created \"$location\" shop 300 0 --event-filters=type=google.cloud.storage.object.v1.finalized --event-filters=bucket=archive".into()],
        ),
        ("refund", "secrets", json!(["STRIPE_KEY", "SALT"]), vec![
            "deploy.sh: + secret SALT \"shop-runtime@$PROJECT.iam.gserviceaccount.com\"".into(),
            template("containers 0 env 3 name = SALT"),
            template("containers 0 env 3 valueFrom secretKeyRef key = latest"),
            template("containers 0 env 3 valueFrom secretKeyRef name = SALT"),
        ]),
        // What only the program itself knows changes nothing here.
        ("fulfil", "on_malformed", json!("retry"), vec![]),
        ("thumbnail", "suffix", json!(".gif"), vec![]),
    ] {
        assert_eq!(changes(Target::Gcp, function, member, value.clone()), want, "{function} {member} {value}");
    }
}
