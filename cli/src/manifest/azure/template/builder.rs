use serde_json::{Map, Value, json};

use super::{
    expression::{id, literal, path, text, value, variable},
    role::Role,
};
use crate::manifest::azure::ordered::set;

/// The types of what the template makes, each with the version of its interface.
const VERSIONS: [(&str, &str); 11] = [
    ("Microsoft.Authorization", "2022-04-01"),
    ("Microsoft.DocumentDB", "2024-05-15"),
    ("Microsoft.EventGrid", "2022-06-15"),
    ("Microsoft.EventHub", "2024-01-01"),
    ("Microsoft.Insights", "2020-02-02"),
    ("Microsoft.KeyVault", "2023-07-01"),
    ("Microsoft.ManagedIdentity", "2023-01-31"),
    ("Microsoft.OperationalInsights", "2023-09-01"),
    ("Microsoft.ServiceBus", "2021-11-01"),
    ("Microsoft.Storage", "2023-05-01"),
    ("Microsoft.Web", "2024-04-01"),
];

/// A template while it is made: what is added twice stands in it once.
#[derive(Debug, Default)]
pub(super) struct Template {
    parameters: Map<String, Value>,
    variables: Map<String, Value>,
    resources: Vec<Value>,
    outputs: Map<String, Value>,
}

impl Template {
    pub(super) fn parameter(&mut self, name: &str, parameter: Value) {
        self.parameters.entry(name).or_insert(parameter);
    }

    pub(super) fn variable(&mut self, name: &str, value: impl Into<Value>) {
        self.variables.entry(name).or_insert(value.into());
    }

    pub(super) fn output(&mut self, name: &str, expression: &str) {
        self.outputs.insert(name.to_owned(), json!({"type": "string", "value": value(expression)}));
    }

    /// Adds a resource of this type and these names, with what else is to be said of it; gives its id back.
    pub(super) fn resource(&mut self, ty: &str, names: &[&str], after: &[&str], members: Value) -> String {
        let mut resource = json!({"type": ty, "apiVersion": version(ty), "name": path(names)});
        if let (Some(all), Value::Object(members)) = (resource.as_object_mut(), members) {
            all.extend(members);
            if !after.is_empty() {
                all.insert("dependsOn".to_owned(), after.iter().map(|id| value(id)).collect());
            }
        }
        if !self.resources.contains(&resource) {
            self.resources.push(resource);
        }
        id(ty, names)
    }

    /// Lets an identity do what a role says with a resource and all that is in it.
    pub(super) fn allow(&mut self, identity: &str, role: Role, scope: &str) {
        let Role(called, role) = role;
        let name = format!("guid({scope}, {identity}, {})", text(called));
        let definition = format!("subscriptionResourceId('Microsoft.Authorization/roleDefinitions', {})", text(role));
        let members = json!({
            "scope": value(scope),
            "properties": {
                "roleDefinitionId": value(&definition),
                "principalId": value(&principal(identity)),
                "principalType": "ServicePrincipal",
                "description": called,
            },
        });
        self.resource("Microsoft.Authorization/roleAssignments", &[&name], &[scope, identity], members);
    }

    /// What all apps of the program use: the host's storage, and where the log goes.
    pub(super) fn shared(&mut self) {
        let (storage, location) = (variable("storage"), "[parameters('location')]");
        let account = self.resource(
            "Microsoft.Storage/storageAccounts",
            &[&storage],
            &[],
            json!({
                "location": location,
                "kind": "StorageV2",
                "sku": {"name": "Standard_LRS"},
                // Identities alone: no key opens it.
                "properties": {"allowBlobPublicAccess": false, "allowSharedKeyAccess": false, "minimumTlsVersion": "TLS1_2"},
            }),
        );
        self.resource("Microsoft.Storage/storageAccounts/blobServices", &[&storage, "'default'"], &[&account], json!({}));
        let workspace = self.resource(
            "Microsoft.OperationalInsights/workspaces",
            &["parameters('name')"],
            &[],
            json!({"location": location, "properties": {"retentionInDays": 30, "sku": {"name": "PerGB2018"}}}),
        );
        self.resource(
            "Microsoft.Insights/components",
            &["parameters('name')"],
            &[&workspace],
            json!({
                "location": location,
                "kind": "web",
                "properties": {"Application_Type": "web", "WorkspaceResourceId": value(&workspace), "DisableLocalAuth": true},
            }),
        );
    }

    /// A container of the storage account.
    pub(super) fn container(&mut self, name: &str) -> String {
        let storage = variable("storage");
        let blobs = id("Microsoft.Storage/storageAccounts/blobServices", &[&storage, "'default'"]);
        self.resource(
            "Microsoft.Storage/storageAccounts/blobServices/containers",
            &[&storage, "'default'", name],
            &[&blobs],
            json!({"properties": {"publicAccess": "None"}}),
        )
    }

    /// The whole template, with notes for who reads it.
    pub(super) fn into_json(self, notes: &[String]) -> Value {
        let mut metadata = json!({
            "description": "Written by `cargo polyfn manifest --provider azure`, which writes it anew; your own edits belong into overlay.json.",
        });
        if !notes.is_empty() {
            set(&mut metadata, "notes", notes.iter().map(|note| literal(note)).collect::<Value>());
        }
        json!({
            "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
            "contentVersion": "1.0.0.0",
            "metadata": metadata,
            "parameters": self.parameters,
            "variables": self.variables,
            "resources": self.resources,
            "outputs": self.outputs,
        })
    }
}

/// Which version of its interface a type is written for.
pub(super) fn version(ty: &str) -> &'static str {
    let provider = ty.split('/').next().unwrap_or_default();
    VERSIONS.iter().find(|(have, _)| *have == provider).map_or("", |(_, version)| version)
}

/// Who an identity is to others.
pub(super) fn principal(identity: &str) -> String {
    format!("reference({identity}, '{}').principalId", version("Microsoft.ManagedIdentity"))
}
