//! The queues, topics, hubs and containers that functions are bound to, and what their app may do with them.

use polyfn_shim::{
    event::Kind,
    manifest::{Entry, Manifest},
};
use serde_json::json;

use super::{
    app::{App, unique},
    builder::{Template, principal},
    expression::{id, literal, text, value, variable},
    role::{BUS_RECEIVER, HUBS_RECEIVER, QUEUE_CONTRIBUTOR, QUEUE_PROCESSOR, QUEUE_READER, QUEUE_SENDER},
};
use crate::manifest::azure::host::is_blob;

/// Where the leases of change feeds are kept; the trigger looks for this name.
const LEASES: &str = "leases";
/// Roles of Cosmos DB's own: reading, and writing too.
const READER: &str = "00000000-0000-0000-0000-000000000001";
const CONTRIBUTOR: &str = "00000000-0000-0000-0000-000000000002";

/// Adds what the functions of an app are bound to.
pub(super) fn add(template: &mut Template, manifest: &Manifest, app: &App<'_>) {
    for function in app.unit.functions {
        let name = function.resource.as_deref().unwrap_or_default();
        match function.trigger {
            Kind::Queue => queue(template, app, name),
            Kind::Topic => topic(template, manifest, app, function, name),
            Kind::Stream => hub(template, manifest, app, name),
            Kind::Change => feed(template, manifest, app, name),
            Kind::Object => {
                template.container(&text(name));
                if is_blob(function) {
                    // The host notes in queues of its own which blobs it is to hand over, and which it gave up.
                    template.allow(
                        &app.identity(),
                        QUEUE_CONTRIBUTOR,
                        &id("Microsoft.Storage/storageAccounts", &[&variable("storage")]),
                    );
                }
            }
            Kind::Http | Kind::Direct | Kind::Schedule | Kind::Event => {}
        }
    }
}

/// A queue, and the one beside it for what is given up.
fn queue(template: &mut Template, app: &App<'_>, name: &str) {
    let storage = variable("storage");
    let account = id("Microsoft.Storage/storageAccounts", &[&storage]);
    let queues =
        template.resource("Microsoft.Storage/storageAccounts/queueServices", &[&storage, "'default'"], &[&account], json!({}));
    let mut add = |name: &str| {
        template.resource(
            "Microsoft.Storage/storageAccounts/queueServices/queues",
            &[&storage, "'default'", &text(name)],
            &[&queues],
            json!({}),
        )
    };
    let (queue, poison) = (add(name), add(&format!("{name}-poison")));
    template.allow(&app.identity(), QUEUE_READER, &queue);
    template.allow(&app.identity(), QUEUE_PROCESSOR, &queue);
    template.allow(&app.identity(), QUEUE_SENDER, &poison);
}

/// A topic of Service Bus, and the function's subscription to it.
fn topic(template: &mut Template, manifest: &Manifest, app: &App<'_>, function: &Entry, name: &str) {
    template.variable("serviceBus", unique(manifest, "bus"));
    let bus = variable("serviceBus");
    let members =
        json!({"location": "[parameters('location')]", "sku": {"name": "Standard"}, "properties": {"disableLocalAuth": true}});
    let namespace = template.resource("Microsoft.ServiceBus/namespaces", &[&bus], &[], members);
    let topic = template.resource("Microsoft.ServiceBus/namespaces/topics", &[&bus, &text(name)], &[&namespace], json!({}));
    let properties = json!({
        // How often it delivers a message before it is a dead letter.
        "maxDeliveryCount": function.retries.map_or(10, |retries| retries.saturating_add(1)).min(2000),
        "deadLetteringOnMessageExpiration": true,
        "requiresSession": function.ordered,
    });
    let subscription = template.resource(
        "Microsoft.ServiceBus/namespaces/topics/subscriptions",
        &[&bus, &text(name), &text(&function.name)],
        &[&topic],
        json!({"properties": properties}),
    );
    template.allow(&app.identity(), BUS_RECEIVER, &subscription);
}

/// A hub of Event Hubs.
fn hub(template: &mut Template, manifest: &Manifest, app: &App<'_>, name: &str) {
    template.variable("eventHubs", unique(manifest, "hubs"));
    let hubs = variable("eventHubs");
    let members = json!({
        "location": "[parameters('location')]",
        "sku": {"name": "Standard", "tier": "Standard", "capacity": 1},
        "properties": {"disableLocalAuth": true},
    });
    let namespace = template.resource("Microsoft.EventHub/namespaces", &[&hubs], &[], members);
    let members = json!({"properties": {"partitionCount": 4, "messageRetentionInDays": 1}});
    let hub = template.resource("Microsoft.EventHub/namespaces/eventhubs", &[&hubs, &text(name)], &[&namespace], members);
    template.allow(&app.identity(), HUBS_RECEIVER, &hub);
}

/// A container of Cosmos DB, whose changes are told, and the one for the leases of those who hear of them.
fn feed(template: &mut Template, manifest: &Manifest, app: &App<'_>, name: &str) {
    const ACCOUNT: &str = "Microsoft.DocumentDB/databaseAccounts";
    template.variable("cosmosDb", unique(manifest, "db"));
    template.variable("database", literal(&manifest.program));
    let (cosmos, database, location) = (variable("cosmosDb"), variable("database"), "[parameters('location')]");
    let members = json!({
        "location": location,
        "kind": "GlobalDocumentDB",
        "properties": {
            "databaseAccountOfferType": "Standard",
            "locations": [{"locationName": location, "failoverPriority": 0}],
            "capabilities": [{"name": "EnableServerless"}],
            "disableLocalAuth": true,
        },
    });
    let account = template.resource(ACCOUNT, &[&cosmos], &[], members);
    let members = json!({"properties": {"resource": {"id": value(&database)}}});
    let held = template.resource(&format!("{ACCOUNT}/sqlDatabases"), &[&cosmos, &database], &[&account], members);
    for container in [name, LEASES] {
        let members =
            json!({"properties": {"resource": {"id": literal(container), "partitionKey": {"paths": ["/id"], "kind": "Hash"}}}});
        template.resource(
            &format!("{ACCOUNT}/sqlDatabases/containers"),
            &[&cosmos, &database, &text(container)],
            &[&held],
            members,
        );
    }
    // Its own roles reach no further than these; to make the containers is nothing that they allow.
    let leases = id(&format!("{ACCOUNT}/sqlDatabases/containers"), &[&cosmos, &database, &text(LEASES)]);
    for (role, scope, after) in [
        (READER, format!("format('{{0}}/dbs/{{1}}', {account}, {database})"), &held),
        (CONTRIBUTOR, format!("format('{{0}}/dbs/{{1}}/colls/{LEASES}', {account}, {database})"), &leases),
    ] {
        let identity = app.identity();
        let definition = format!("format('{{0}}/sqlRoleDefinitions/{role}', {account})");
        let properties =
            json!({"roleDefinitionId": value(&definition), "principalId": value(&principal(&identity)), "scope": value(&scope)});
        let name = format!("guid({account}, {identity}, {})", text(role));
        template.resource(
            &format!("{ACCOUNT}/sqlRoleAssignments"),
            &[&cosmos, &name],
            &[after, &identity],
            json!({"properties": properties}),
        );
    }
}
