#![cfg(unix)]

use serde_json::json;

use super::gcloud::{ENV, Folder, shop_env, shop_twice};
use crate::manifest::{
    Units,
    sample::{program, shop},
};

#[test]
fn a_queue_is_made_and_then_brought_up_to_date_with_exactly_these_words() {
    let fulfil = json!({"name": "fulfil", "module": "m", "trigger": "queue", "resource": "orders", "retries": 3});
    let folder = Folder::of("queue", &program(&[fulfil]), Units::One);
    let made = folder.run(&ENV);
    assert_eq!(made.code, Some(0), "{}", made.said);
    let before = [
        vec!["services", "enable", "run.googleapis.com", "iam.googleapis.com", "cloudtasks.googleapis.com"],
        vec!["iam", "service-accounts", "describe", "shop-invoker@my-project.iam.gserviceaccount.com"],
        vec!["iam", "service-accounts", "create", "shop-invoker", "--display-name=calls the functions of shop"],
        vec!["iam", "service-accounts", "describe", "shop-runtime@my-project.iam.gserviceaccount.com"],
        vec!["iam", "service-accounts", "create", "shop-runtime", "--display-name=runs shop"],
        vec!["run", "services", "replace", "-", "--region=europe-west1"],
        vec![
            "run",
            "services",
            "remove-iam-policy-binding",
            "shop",
            "--region=europe-west1",
            "--member=allUsers",
            "--role=roles/run.invoker",
        ],
        vec![
            "run",
            "services",
            "add-iam-policy-binding",
            "shop",
            "--region=europe-west1",
            "--member=serviceAccount:shop-invoker@my-project.iam.gserviceaccount.com",
            "--role=roles/run.invoker",
        ],
        vec!["run", "services", "describe", "shop", "--region=europe-west1", "--format=value(status.url)"],
        vec!["tasks", "queues", "describe", "orders", "--location=europe-west1"],
    ];
    let queue = |verb| {
        vec![
            "tasks",
            "queues",
            verb,
            "orders",
            "--location=europe-west1",
            "--http-uri-override=scheme:https,host:shop-abc-ew.a.run.app,path:/,mode:ALWAYS",
            "--http-method-override=post",
            "--http-oidc-service-account-email-override=shop-invoker@my-project.iam.gserviceaccount.com",
            "--http-oidc-token-audience-override=https://shop-abc-ew.a.run.app",
            "--max-attempts=4",
        ]
    };
    let first: Vec<_> = before.iter().cloned().chain([queue("create")]).collect();
    assert_eq!(made.calls, first);
    let again: Vec<_> = before.iter().filter(|call| call.get(2) != Some(&"create")).cloned().chain([queue("update")]).collect();
    let updated = folder.run(&ENV);
    assert_eq!(
        (updated.code, updated.calls),
        (Some(0), again.iter().map(|call| call.iter().map(|word| (*word).to_owned()).collect()).collect())
    );
}

#[test]
fn everything_is_made_once_and_then_only_brought_up_to_date() {
    let [first, second] = shop_twice();
    assert_eq!((first.code, second.code), (Some(0), Some(0)), "{} {}", first.said, second.said);
    let verbs = |calls: &[Vec<String>], verb: &str| calls.iter().filter(|call| call.iter().any(|word| word == verb)).count();
    assert!(verbs(&first.calls, "create") > 20, "{:?}", first.calls);
    assert_eq!(verbs(&second.calls, "create"), 0, "{:?}", second.calls);
    for (made, updated, count) in [
        ("tasks queues create", "tasks queues update", 1),
        ("scheduler jobs create http", "scheduler jobs update http", 1),
        ("eventarc triggers create", "eventarc triggers update", 7),
    ] {
        assert_eq!((first.of(made).len(), second.of(updated).len()), (count, count), "{made}");
    }
}

#[test]
fn what_cannot_be_updated_is_told_to_what_is_new_alone() {
    let [first, second] = shop_twice();
    let with = |calls: Vec<String>, option: &str| calls.iter().filter(|call| call.contains(option)).count();
    for option in [
        "--channel=projects/my-project/locations/europe-west1/channels/shop-events",
        "--transport-topic=projects/my-project/topics/alerts",
    ] {
        assert_eq!(with(first.of("eventarc triggers create"), option), 1, "{option}");
        assert_eq!(with(second.of("eventarc triggers update"), option), 0, "{option}");
    }
    assert_eq!(with(first.of("pubsub subscriptions create"), "--enable-message-ordering"), 3);
    assert_eq!(with(second.of("pubsub subscriptions update"), "--enable-message-ordering"), 0);
}

#[test]
fn a_trigger_is_where_its_source_is_and_asks_for_what_the_function_does() {
    let account = "--service-account=shop-invoker@my-project.iam.gserviceaccount.com";
    let to = format!("--destination-run-service=shop --destination-run-region=europe-west1 {account}");
    for (trigger, location, filters) in [
        (
            "shop-thumbnail-created",
            "europe-west4",
            "--event-filters=type=google.cloud.storage.object.v1.finalized --event-filters=bucket=uploads",
        ),
        (
            "shop-index",
            "eur3",
            "--event-data-content-type=application/protobuf --event-filters=type=google.cloud.firestore.document.v1.written --event-filters=database=(default) --event-filters-path-pattern=document=catalogue/{document}",
        ),
        (
            "shop-paid",
            "europe-west1",
            "--channel=projects/my-project/locations/europe-west1/channels/shop-events --event-filters=type=order.paid",
        ),
        (
            "shop-notify",
            "europe-west1",
            "--max-retry-attempts=1 --transport-topic=projects/my-project/topics/alerts --event-filters=type=google.cloud.pubsub.topic.v1.messagePublished",
        ),
        (
            "shop-logins",
            "europe-west1",
            "--event-filters=type=google.cloud.audit.log.v1.written --event-filters=serviceName=a.googleapis.com --event-filters=methodName=m",
        ),
    ] {
        let call = format!("eventarc triggers create {trigger} --location={location} {to} {filters}");
        assert_eq!(shop_twice()[0].of(&format!("eventarc triggers create {trigger} ")), [call]);
    }
}

#[test]
fn what_is_given_up_is_kept_and_pub_sub_may_put_it_there() {
    let ended = &shop_twice()[0];
    let agent = "--member=serviceAccount:service-12345@gcp-sa-pubsub.iam.gserviceaccount.com";
    // `tell` has a subscription of its own, `paid` that of its trigger.
    for (subscription, name, deliveries) in [("shop-tell", "shop-tell", 5), ("eventarc-shop-paid-sub", "shop-paid", 7)] {
        let letters = format!("{name}-dead-letter");
        for call in [
            format!("pubsub topics create {letters}"),
            format!(
                "pubsub subscriptions create {letters} --topic={letters} --expiration-period=never --message-retention-duration=31d"
            ),
            format!("pubsub topics add-iam-policy-binding {letters} {agent} --role=roles/pubsub.publisher"),
            format!(
                "pubsub subscriptions update {subscription} --ack-deadline=300 --dead-letter-topic={letters} --max-delivery-attempts={deliveries}"
            ),
            format!("pubsub subscriptions add-iam-policy-binding {subscription} {agent} --role=roles/pubsub.subscriber"),
        ] {
            assert_eq!(ended.of(&call), [call.as_str()]);
        }
    }
    assert_eq!(
        ended.of("pubsub subscriptions update shop-ship"),
        ["pubsub subscriptions update shop-ship --ack-deadline=300 --clear-dead-letter-policy"]
    );
}

#[test]
fn only_a_service_of_public_functions_is_open() {
    let public = json!({"name": "hello", "module": "m", "trigger": "http", "public": true});
    let private = json!({"name": "refund", "module": "m", "trigger": "http"});
    for (functions, open, closed) in [(&[public.clone()][..], 1, 0), (&[public, private.clone()], 0, 1), (&[private], 0, 1)] {
        let ended = Folder::of(&format!("open{open}{}", functions.len()), &program(functions), Units::One).run(&ENV);
        assert_eq!(ended.code, Some(0), "{}", ended.said);
        let all = |verb: &str| {
            ended.of(&format!("run services {verb}-iam-policy-binding shop --region=europe-west1 --member=allUsers")).len()
        };
        assert_eq!((all("add"), all("remove")), (open, closed));
        // Nothing calls it for events, so there is nobody to call it.
        assert_eq!(ended.of("iam service-accounts create").len(), 1);
        assert!(ended.said.contains("shop: https://shop-abc-ew.a.run.app"), "{}", ended.said);
    }
}

#[test]
fn what_is_missing_is_said_at_once_and_nothing_is_done() {
    let folder = Folder::of("missing", &shop(), Units::One);
    let ended = folder.run(&[("PROJECT", ""), ("REGION", ""), ("IMAGE", ""), ("TABLE", "t")]);
    assert_eq!((ended.code, ended.calls.len()), (Some(2), 0));
    for name in ["PROJECT", "REGION", "IMAGE", "MODE", "LOGINS_SERVICE", "LOGINS_METHOD"] {
        assert!(ended.said.contains(&format!("set {name}: ")), "{}", ended.said);
    }
    assert!(!ended.said.contains("set TABLE"), "{}", ended.said);
    for (name, value) in [("PROJECT", "My Project"), ("IMAGE", "a'b")] {
        let env: Vec<_> = shop_env().into_iter().filter(|(have, _)| *have != name).chain([(name, value)]).collect();
        let ended = folder.run(&env);
        assert_eq!((ended.code, ended.calls.len(), ended.said.contains(value)), (Some(2), 0, true), "{}", ended.said);
    }
    let without: Vec<_> = shop_env().into_iter().chain([("NO_SECRETS", "1")]).collect();
    let ended = folder.run(&without);
    assert_eq!((ended.code, ended.described.as_str()), (Some(1), ""));
    assert!(ended.said.contains("gcloud secrets create STRIPE_KEY --project=my-project"), "{}", ended.said);
}

#[test]
fn the_description_has_the_values_as_they_are() {
    let documents = crate::manifest::yaml::read(&shop_twice()[0].described).unwrap();
    let spec = documents[0].get("spec").unwrap().get("template").unwrap().get("spec").unwrap();
    assert_eq!(spec.get("serviceAccountName").unwrap().as_text(), Some("shop-runtime@my-project.iam.gserviceaccount.com"));
    let crate::manifest::yaml::Value::List(containers) = &spec.get("containers").unwrap().value else { panic!() };
    assert_eq!(containers[0].get("image").unwrap().as_text(), Some("r.example/p/shop:1"));
    let crate::manifest::yaml::Value::List(all) = &containers[0].get("env").unwrap().value else { panic!() };
    for (name, want) in shop_env().into_iter().filter(|(name, _)| ["TABLE", "MODE"].contains(name)) {
        let have = all.iter().find(|node| node.get("name").unwrap().as_text() == Some(name)).unwrap();
        assert_eq!(have.get("value").unwrap().as_text(), Some(want));
    }
    let split = Folder::of("unit", &shop(), Units::Split);
    let env: Vec<_> =
        shop_env().into_iter().filter(|(name, _)| *name != "IMAGE").chain([("IMAGE", "r.example/{unit}:1")]).collect();
    let described = split.run(&env).described;
    assert!(described.contains("image: 'r.example/fulfil:1'") && !described.contains("{unit}"), "{described}");
}

#[test]
fn hostile_names_stay_names() {
    let evil = "it's \"$(touch broken)\" `touch broken`; touch broken #,*";
    let collection = evil.replace('*', "");
    let functions = [
        json!({"name": "index", "module": "m", "trigger": "change", "resource": collection, "doc": "a\ntouch broken"}),
        json!({"name": "paid", "module": "m", "trigger": "event", "resource": evil.replace('*', "\n"), "source": evil}),
        json!({"name": "hello", "module": "m", "trigger": "http", "path": "/a\ntouch broken", "methods": [evil]}),
    ];
    let mut manifest = program(&functions);
    manifest.version = format!("1\n{evil}");
    let folder = Folder::of("hostile", &manifest, Units::One);
    let ended = folder.run(&ENV);
    assert_eq!(ended.code, Some(0), "{}", ended.said);
    let has = |word: String| ended.calls.iter().flatten().any(|have| *have == word);
    assert!(has(format!("--event-filters-path-pattern=^;;^document={collection}/{{document}}")), "{:?}", ended.calls);
    assert!(has(format!("--event-filters=^;;^type={}", evil.replace('*', "\n"))), "{:?}", ended.calls);
    for place in [folder.path().clone(), std::env::temp_dir(), std::env::current_dir().unwrap()] {
        assert!(!place.join("broken").exists(), "{}", place.display());
    }
    for (trigger, resource) in
        [("queue", evil), ("topic", evil), ("object", evil), ("stream", "a'b"), ("queue", "a_b"), ("event", "a.*")]
    {
        let refused = json!({"name": "f", "module": "m", "trigger": trigger, "resource": resource});
        let why = crate::manifest::gcp::files(&program(&[refused]), Units::One).unwrap_err().to_string();
        assert!(why.starts_with("`f`: ") && why.contains(resource), "{why}");
    }
}

/// Of `bash -n` and shellcheck, the step `manifests` of `.ci/run` runs the latter over the kept scripts.
#[test]
fn the_kept_scripts_are_scripts() {
    for name in ["one", "split"] {
        let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src/manifest/gcp/golden").join(name).join("deploy.sh");
        assert!(std::process::Command::new("bash").arg("-n").arg(path).status().unwrap().success());
    }
}
