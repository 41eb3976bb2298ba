//! App settings: what the host and the functions read of their environment.

use polyfn_shim::{event::Kind, manifest::Manifest};
use serde_json::{Map, Value, json};

use super::ordered;
use crate::{failure::Failure, manifest::Needs};

/// The database whose containers the functions hear of: function.json names this setting.
pub(super) const DATABASE: &str = "CosmosDBDatabase";

/// `local.settings.json`, which `func start` reads and no package holds: the emulators, and the names of what you set.
///
/// Source: [Local settings file](https://learn.microsoft.com/azure/azure-functions/functions-develop-local#local-settings-file).
pub(super) fn local(manifest: &Manifest, selected: Option<&str>) -> Result<String, Failure> {
    let mut values = Map::new();
    let mut set = |name: &str, value: &str| drop(values.insert(name.to_owned(), value.into()));
    set("FUNCTIONS_WORKER_RUNTIME", "custom");
    set("AzureWebJobsStorage", "UseDevelopmentStorage=true");
    let has = |kind| manifest.functions.iter().any(|function| function.trigger == kind);
    // What the emulators' documents say, word for word; it opens nothing else.
    let emulator = "Endpoint=sb://localhost;SharedAccessKeyName=RootManageSharedAccessKey;SharedAccessKey=SAS_KEY_VALUE;UseDevelopmentEmulator=true;";
    if has(Kind::Topic) {
        set("ServiceBusConnection", emulator);
    }
    if has(Kind::Stream) {
        set("EventHubConnection", emulator);
    }
    if has(Kind::Change) {
        set("CosmosDBConnection", "");
        set(DATABASE, &manifest.program);
    }
    if let Some(function) = selected {
        set("POLYFN_FUNCTION", function);
    }
    let needs = Needs::of(&manifest.functions);
    needs.env.iter().chain(&needs.secrets).for_each(|name| set(name, ""));
    ordered::text(&json!({"IsEncrypted": false, "Values": Value::Object(values)}))
}
