use serde_json::json;

use super::files;
use crate::{
    manifest::{
        Units,
        sample::{changes, kept, program},
    },
    target::Target,
};

#[test]
fn the_files_are_those_that_were_read() {
    kept(Target::Azure, Units::One);
    kept(Target::Azure, Units::Split);
}

#[test]
fn one_attribute_is_one_value_of_the_manifest() {
    let resource = |ty: &str, name: &str, path: &str| format!("azuredeploy.json resources {ty} {name} properties {path}");
    let subscription = "Microsoft.ServiceBus/namespaces/topics/subscriptions";
    let tell = "[format('{0}/{1}/{2}', variables('serviceBus'), 'news', 'tell')]";
    let grid = "Microsoft.EventGrid/topics/eventSubscriptions";
    let paid = "[format('{0}/{1}', variables('events'), 'paid')]";
    let objects = "Microsoft.EventGrid/systemTopics/eventSubscriptions";
    let thumbnail = "[format('{0}/{1}', variables('storage'), 'thumbnail')]";
    for (function, member, value, want) in [
        ("fulfil", "retries", json!(7), vec!["host.json extensions queues maxDequeueCount = 8".to_owned()]),
        ("fulfil", "concurrency", json!(9), vec!["host.json extensions queues batchSize = 9".to_owned()]),
        ("tell", "concurrency", json!(8), vec!["host.json extensions serviceBus maxConcurrentCalls = 8".to_owned()]),
        ("tell", "batch", json!(99), vec!["host.json extensions serviceBus maxMessageBatchSize = 99".to_owned()]),
        ("tell", "retries", json!(2), vec![resource(subscription, tell, "maxDeliveryCount = 3")]),
        ("count", "batch", json!(7), vec!["host.json extensions eventHubs maxEventBatchSize = 7".to_owned()]),
        ("count", "retries", json!(3), vec!["count/function.json retry maxRetryCount = 3".to_owned()]),
        (
            "index",
            "batch",
            json!(5),
            vec!["index/function.json bindings cosmosDBTrigger docs maxItemsPerInvocation = 5".to_owned()],
        ),
        ("thumbnail", "retries", json!(1), vec!["host.json extensions blobs poisonBlobThreshold = 2".to_owned()]),
        ("nightly", "timeout_ms", json!(7_200_000), vec!["host.json functionTimeout = \"02:00:30\"".to_owned()]),
        (
            "fulfil",
            "memory_mb",
            json!(3000),
            vec![resource(
                "Microsoft.Web/sites",
                "[parameters('name')]",
                "functionAppConfig scaleAndConcurrency instanceMemoryMB = 4096",
            )],
        ),
        ("paid", "retries", json!(1), vec![resource(grid, paid, "retryPolicy maxDeliveryAttempts = 2")]),
        ("paid", "source", json!("/till"), vec![resource(grid, paid, "filter advancedFilters 0 values 0 = \"/till\"")]),
        // The trigger's own pattern and what is told of the container say the same.
        (
            "thumbnail",
            "suffix",
            json!(".gif"),
            vec![
                resource(objects, thumbnail, "filter subjectEndsWith = \".gif\""),
                "thumbnail/function.json bindings blobTrigger blob path = \"uploads/in/{name}.gif\"".to_owned(),
            ],
        ),
        (
            "hello",
            "public",
            json!(false),
            vec!["hello/function.json bindings httpTrigger req authLevel = \"function\"".to_owned()],
        ),
        ("fulfil", "on_malformed", json!("retry"), vec![]),
    ] {
        let have: Vec<_> = changes(Target::Azure, function, member, value.clone())
            .into_iter()
            .filter(|change| !change.contains("metadata notes"))
            .collect();
        assert_eq!(have, want, "{function} {member} {value}");
    }
}

#[test]
fn names_that_azure_refuses_are_told_with_their_function() {
    let function = |name: &str, trigger: &str, resource: &str| json!({"name": name, "module": "m", "trigger": trigger, "resource": resource});
    for (functions, part) in [
        (vec![function("host", "direct", "")], "not `host`"),
        (vec![function("API", "direct", "")], "requests to `/api`"),
        (vec![function("a", "direct", ""), function("A", "direct", "")], "the same name as `a`"),
        (vec![function("f", "queue", "Orders")], "Storage has no queue `Orders`"),
        (vec![function("f", "queue", "orders.fifo")], "Storage has no queue `orders.fifo`"),
        (vec![function("f", "object", "my*")], "Storage has no container `my*`"),
        (vec![function("f", "topic", "a b")], "Service Bus has no topic `a b`"),
        (vec![function(&"f".repeat(51), "topic", "news")], "up to 50"),
        (vec![function("f", "stream", "$x")], "Event Hubs has no hub `$x`"),
        (vec![function("f", "change", "a/b")], "Cosmos DB has no container `a/b`"),
    ] {
        let why = files(&program(&functions), Units::One).unwrap_err().to_string();
        assert!(why.contains(part), "{why}");
    }
}

#[test]
fn local_settings_name_what_is_read_and_hold_no_secret() {
    let kept = files(&crate::manifest::sample::shop(), Units::One).unwrap();
    let file = kept.iter().find(|file| file.path.ends_with("local.settings.json")).unwrap();
    let settings: serde_json::Value = serde_json::from_str(&file.text).unwrap();
    for name in ["TABLE", "MODE", "STRIPE_KEY"] {
        assert_eq!(settings["Values"][name], "", "{name}");
    }
    assert_eq!(settings["Values"]["AzureWebJobsStorage"], "UseDevelopmentStorage=true");
    assert!(kept.iter().all(|file| !file.text.contains("AccountKey=")));
}
