//! Subscriptions to Event Grid: of objects in the storage account, and of events of one's own.
//!
//! A subscription asks its function whether it is there, so they are made when the program is: the template is deployed, then
//! the program, then the template once more with `subscribe`.

use polyfn_shim::{
    event::{Action, Kind},
    manifest::{Entry, Manifest},
};
use serde_json::{Value, json};

use super::{
    app::{App, unique},
    builder::{Template, version},
    expression::{id, literal, text, unformatted, value, variable},
    told,
};
use crate::manifest::azure::{host::is_blob, ordered::set};

/// Adds the subscriptions of an app's functions.
pub(super) fn add(template: &mut Template, manifest: &Manifest, app: &App<'_>) {
    for function in app.unit.functions {
        match function.trigger {
            Kind::Object => objects(template, app, function),
            Kind::Event => events(template, manifest, app, function),
            _ => continue,
        }
        template.parameter(
            "subscribe",
            json!({
                "type": "bool",
                "defaultValue": false,
                "metadata": told("Whether to subscribe the functions to Event Grid: only once the program is there to say yes."),
            }),
        );
    }
}

/// What the storage account tells of the objects in one container.
fn objects(template: &mut Template, app: &App<'_>, function: &Entry) {
    let storage = variable("storage");
    let account = id("Microsoft.Storage/storageAccounts", &[&storage]);
    let members = json!({
        "location": "[parameters('location')]",
        "properties": {"source": value(&account), "topicType": "Microsoft.Storage.StorageAccounts"},
    });
    let topic = template.resource("Microsoft.EventGrid/systemTopics", &[&storage], &[&account], members);
    let wants = |action: &Action| {
        function.on.is_empty() && is_blob(function) && *action == Action::Created || function.on.contains(action)
    };
    let told = [(Action::Created, "Microsoft.Storage.BlobCreated"), (Action::Deleted, "Microsoft.Storage.BlobDeleted")];
    let types: Vec<_> = told.iter().filter(|(action, _)| wants(action)).map(|(_, ty)| *ty).collect();
    let container = function.resource.as_deref().unwrap_or_default();
    let mut filter = json!({
        "includedEventTypes": types,
        "subjectBeginsWith": format!("/blobServices/default/containers/{container}/blobs/{}", function.prefix),
    });
    if !function.suffix.is_empty() {
        set(&mut filter, "subjectEndsWith", literal(&function.suffix));
    }
    let destination = if is_blob(function) { webhook(app, function) } else { call(app, function) };
    let properties = json!({
        "destination": destination,
        "filter": filter,
        "eventDeliverySchema": "EventGridSchema",
        "retryPolicy": retries(if is_blob(function) { None } else { function.retries }),
    });
    let members = json!({"condition": "[parameters('subscribe')]", "properties": properties});
    template.resource(
        "Microsoft.EventGrid/systemTopics/eventSubscriptions",
        &[&storage, &text(&function.name)],
        &[&topic, &app.site()],
        members,
    );
}

/// Events of one's own, which are sent to the program's topic as CloudEvents.
fn events(template: &mut Template, manifest: &Manifest, app: &App<'_>, function: &Entry) {
    template.variable("events", unique(manifest, "events"));
    let events = variable("events");
    let members = json!({
        "location": "[parameters('location')]",
        "properties": {"inputSchema": "CloudEventSchemaV1_0", "disableLocalAuth": true},
    });
    let topic = template.resource("Microsoft.EventGrid/topics", &[&events], &[], members);
    let ty = function.resource.as_deref().unwrap_or_default();
    let mut filter = json!({});
    let mut advanced = Vec::new();
    if ty.contains('*') {
        advanced.extend(pattern("eventtype", ty));
    } else {
        set(&mut filter, "includedEventTypes", json!([literal(ty)]));
    }
    if !function.source.is_empty() {
        advanced.extend(pattern("source", &function.source));
    }
    if !advanced.is_empty() {
        set(&mut filter, "advancedFilters", advanced);
    }
    let properties = json!({
        "destination": call(app, function),
        "filter": filter,
        "eventDeliverySchema": "CloudEventSchemaV1_0",
        "retryPolicy": retries(function.retries),
    });
    let members = json!({"condition": "[parameters('subscribe')]", "properties": properties});
    template.resource(
        "Microsoft.EventGrid/topics/eventSubscriptions",
        &[&events, &text(&function.name)],
        &[&topic, &app.site()],
        members,
    );
    template.output("events", &format!("reference({topic}, '{}').endpoint", version("Microsoft.EventGrid")));
}

/// Calls the function by its own trigger. One event a call, or the failure of one would bring the others again.
fn call(app: &App<'_>, function: &Entry) -> Value {
    let function = format!("format({}, {})", text(&format!("{{0}}/functions/{}", function.name)), app.site());
    json!({"endpointType": "AzureFunction", "properties": {"resourceId": value(&function), "maxEventsPerBatch": 1}})
}

/// Tells the host of a blob, for the function's blobTrigger. The key is there when the host has once run.
///
/// Source: [Blob trigger by Event Grid](https://learn.microsoft.com/azure/azure-functions/functions-event-grid-blob-trigger).
fn webhook(app: &App<'_>, function: &Entry) -> Value {
    let site = app.site();
    let web = version("Microsoft.Web");
    let url =
        format!("https://{{0}}/runtime/webhooks/blobs?functionName=Host.Functions.{}&code={{1}}", unformatted(&function.name));
    let key = format!("listKeys(format('{{0}}/host/default', {site}), '{web}').systemKeys.blobs_extension");
    let url =
        format!("if(parameters('subscribe'), format({}, reference({site}, '{web}').defaultHostName, {key}), '')", text(&url));
    json!({"endpointType": "WebHook", "properties": {"endpointUrl": value(&url), "maxEventsPerBatch": 1}})
}

/// How often an event is delivered, for a day at the most.
fn retries(retries: Option<u32>) -> Value {
    json!({"maxDeliveryAttempts": retries.map_or(30, |retries| retries.saturating_add(1).min(30)), "eventTimeToLiveInMinutes": 1440})
}

/// That a member fits a pattern in which `*` stands for any text, as far as Event Grid can say it; the function looks again.
///
/// Source: [Advanced filtering](https://learn.microsoft.com/azure/event-grid/event-filtering#advanced-filtering).
fn pattern(key: &str, pattern: &str) -> Vec<Value> {
    let filter = |operator: &str, text: &str| json!({"operatorType": operator, "key": key, "values": [literal(text)]});
    let Some((first, rest)) = pattern.split_once('*') else { return vec![filter("StringIn", pattern)] };
    let (middle, last) = rest.rsplit_once('*').unwrap_or(("", rest));
    let all = [("StringBeginsWith", first)]
        .into_iter()
        .chain(middle.split('*').map(|part| ("StringContains", part)))
        .chain([("StringEndsWith", last)]);
    all.filter(|(_, text)| !text.is_empty()).map(|(operator, text)| filter(operator, text)).collect()
}
