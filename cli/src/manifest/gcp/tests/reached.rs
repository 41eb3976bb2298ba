//! What the script makes is asked to deliver, and each delivery has to reach the function that it was made for.
#![cfg(unix)]

use std::{
    collections::BTreeSet,
    sync::{Arc, Mutex},
};

use http::{Request, request::Builder};
use polyfn_shim::{
    Outcome, Reply,
    function::{Function, Functions, Table},
    gcp::App,
    server::Delivery,
};

use super::gcloud::{Folder, shop_env, shop_twice};
use crate::manifest::{Units, sample::shop};

#[test]
fn each_trigger_reaches_its_function() {
    for units in [Units::One, Units::Split] {
        let split;
        let ended = match units {
            Units::One => &shop_twice()[0],
            Units::Split => {
                split = Folder::of("reached", &shop(), units).run(&shop_env());
                &split
            }
        };
        assert_eq!(ended.code, Some(0), "{}", ended.said);
        let mut reached = BTreeSet::new();
        for call in &ended.calls {
            let words: Vec<_> = call.iter().map(String::as_str).collect();
            let Some((service, name, request)) = delivery(&words) else { continue };
            let function = function_of(&name);
            let selected = (units == Units::Split).then_some(function.as_str());
            assert_eq!(service, selected.map_or_else(|| "shop".to_owned(), |function| format!("shop-{function}")), "{call:?}");
            assert_eq!(called(selected, request), [function.as_str()], "{call:?}");
            reached.insert(function);
        }
        let manifest = shop();
        let of_events = manifest.functions.iter().filter(|function| !crate::manifest::takes_requests(function));
        assert_eq!(reached, of_events.map(|function| function.name.clone()).collect());
    }
}

/// What a source delivers that this call made: to which service, what the source is called, and the request.
fn delivery(words: &[&str]) -> Option<(String, String, Request<String>)> {
    let option = |name: &str| words.iter().find_map(|word| word.strip_prefix(name)).map(str::to_owned);
    let post = |path: &str| Request::post(path.to_owned()).header("content-type", "application/json");
    let at = |url: &str| {
        let (service, path) = url.trim_start_matches("https://").split_once("-abc-ew.a.run.app").unwrap();
        (service.to_owned(), path.to_owned())
    };
    let push = |subscription: &str| {
        format!(
            r#"{{"message":{{"data":"e30=","messageId":"7"}},"subscription":"projects/my-project/subscriptions/{subscription}"}}"#
        )
    };
    match words {
        ["pubsub", "subscriptions", "create", name, ..] => {
            let (service, path) = at(&option("--push-endpoint=")?);
            Some((service, (*name).to_owned(), post(&path).body(push(name)).unwrap()))
        }
        ["tasks", "queues", "create", name, ..] => {
            let target = option("--http-uri-override=scheme:https,host:")?;
            let (service, path) = at(&target.replace(",path:", "").replace(",mode:ALWAYS", ""));
            let request = post(&path).header("x-cloudtasks-queuename", *name).header("x-cloudtasks-taskname", "7");
            Some((service, format!("queue {name}"), request.body("{}".to_owned()).unwrap()))
        }
        ["scheduler", "jobs", "create", "http", name, ..] => {
            let (service, path) = at(&option("--uri=")?);
            let request = post(&path).header("x-cloudscheduler", "true").header("x-cloudscheduler-jobname", *name);
            Some((service, format!("shop-{name}"), request.body(String::new()).unwrap()))
        }
        ["eventarc", "triggers", "create", name, ..] => {
            let ty = option("--event-filters=type=")?;
            let bucket = option("--event-filters=bucket=").unwrap_or_default();
            let topic = option("--transport-topic=projects/my-project/topics/").unwrap_or_default();
            let path = option("--event-filters-path-pattern=document=").unwrap_or_default().replace("{document}", "7");
            let (source, subject, body) = match ty.as_str() {
                ty if ty.starts_with("google.cloud.storage.") => (
                    format!("//storage.googleapis.com/projects/_/buckets/{bucket}"),
                    "objects/in/a.png".to_owned(),
                    format!(r#"{{"bucket":"{bucket}","name":"in/a.png"}}"#),
                ),
                ty if ty.starts_with("google.cloud.firestore.") => (
                    "//firestore.googleapis.com/projects/p/databases/(default)".to_owned(),
                    format!("documents/{path}"),
                    String::new(),
                ),
                ty if ty.starts_with("google.cloud.pubsub.") => {
                    (format!("//pubsub.googleapis.com/projects/my-project/topics/{topic}"), String::new(), push("eventarc"))
                }
                _ => ("/shop".to_owned(), String::new(), "{}".to_owned()),
            };
            let media = option("--event-data-content-type=").unwrap_or_else(|| "application/json".to_owned());
            let request = cloud_event(Request::post("/").header("content-type", media), &ty, &source, &subject);
            Some((option("--destination-run-service=")?, (*name).to_owned(), request.body(body).unwrap()))
        }
        _ => None,
    }
}

fn cloud_event(request: Builder, ty: &str, source: &str, subject: &str) -> Builder {
    let request = request.header("ce-id", "1").header("ce-specversion", "1.0").header("ce-type", ty).header("ce-source", source);
    if subject.is_empty() { request } else { request.header("ce-subject", subject) }
}

/// The function that a source of this name is for.
fn function_of(name: &str) -> String {
    let manifest = shop();
    let of = |function: &&polyfn_shim::manifest::Entry| match name.strip_prefix("queue ") {
        Some(queue) => function.resource.as_deref() == Some(queue),
        None => name == format!("shop-{}", function.name) || name.starts_with(&format!("shop-{}-", function.name)),
    };
    manifest.functions.iter().find(of).unwrap().name.clone()
}

/// The functions that a request reaches in a unit, all of which have to answer that they are done.
fn called(selected: Option<&str>, request: Request<String>) -> Vec<&'static str> {
    let names = Arc::new(Mutex::new(Vec::new()));
    let function = |entry: &polyfn_shim::manifest::Entry| {
        let (names, description) = (Arc::clone(&names), entry.description());
        let name = description.name;
        Function::blocking(description, move |_, _| {
            names.lock().unwrap().push(name);
            Outcome::Done(Reply::Empty)
        })
    };
    let functions = Functions::new(shop().functions.iter().map(function).collect());
    let app = App::new(Arc::new(Table::new(functions, selected, true).unwrap()), None);
    let (parts, body) = request.into_parts();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
    assert_eq!(runtime.block_on(app.answer(Delivery::new(parts, body))).status(), 204);
    let names = names.lock().unwrap();
    names.clone()
}
