use polyfn_shim::{event::Kind, manifest::Manifest};
use serde_json::{Value, json};

use super::{
    builder::{Template, version},
    expression::{id, literal, text, value, variable},
    name,
    role::{BLOB_OWNER, METRICS_PUBLISHER, SECRETS_USER},
    told,
};
use crate::{
    failure::Failure,
    manifest::{
        Needs, Unit, Units,
        azure::settings::DATABASE,
        name::{plain, short},
    },
};

/// The instances that Flex Consumption has, in MiB; the second is its default.
///
/// Source: [Instance sizes](https://learn.microsoft.com/azure/azure-functions/flex-consumption-plan#instance-sizes).
const INSTANCES: [u32; 3] = [512, 2048, 4096];
pub(super) const LARGEST: u32 = 4096;
const DEFAULT: u32 = 2048;

/// What the name of a split unit's function app has after that of all.
pub(crate) fn suffix(unit: &str) -> String {
    format!("-{}", short(&plain(unit), 20))
}

/// A function app: where a unit runs.
#[derive(Debug)]
pub(super) struct App<'a> {
    pub(super) unit: Unit<'a>,
    /// Its name, as an expression.
    pub(super) name: String,
    /// Appended to the names of what belongs to it alone; empty if there is one app.
    suffix: String,
}

impl<'a> App<'a> {
    pub(super) fn all(manifest: &'a Manifest, units: Units) -> Result<Vec<Self>, Failure> {
        let mut apps: Vec<Self> = Vec::new();
        for unit in units.of(manifest) {
            let suffix = unit.selected.map(suffix).unwrap_or_default();
            if let Some(other) = apps.iter().find(|app| app.suffix == suffix) {
                let (one, two) = (other.unit.name, unit.name);
                return Err(Failure::new(format!("`{one}` and `{two}` would both be the same app on Azure; rename one")));
            }
            let name = match suffix.as_str() {
                "" => "parameters('name')".to_owned(),
                suffix => format!("format({}, parameters('name'))", text(&format!("{{0}}{suffix}"))),
            };
            apps.push(Self { unit, name, suffix });
        }
        Ok(apps)
    }

    fn has(&self, kind: Kind) -> bool {
        self.unit.functions.iter().any(|function| function.trigger == kind)
    }

    /// The id of its identity.
    pub(super) fn identity(&self) -> String {
        id("Microsoft.ManagedIdentity/userAssignedIdentities", &[&self.name])
    }

    /// The id of the app itself.
    pub(super) fn site(&self) -> String {
        id("Microsoft.Web/sites", &[&self.name])
    }

    /// The name of a variable of its own.
    fn own(&self, name: &str) -> String {
        format!("{name}{}", self.suffix)
    }

    /// Adds the app, its plan, its identity, and what the host itself needs.
    pub(super) fn add(&self, template: &mut Template) {
        let location = "[parameters('location')]";
        let name = self.name.as_str();
        let identity =
            template.resource("Microsoft.ManagedIdentity/userAssignedIdentities", &[name], &[], json!({"location": location}));
        let storage = id("Microsoft.Storage/storageAccounts", &[&variable("storage")]);
        let insights = id("Microsoft.Insights/components", &["parameters('name')"]);
        // The package, the host's leases and checkpoints, and the keys of functions are blobs.
        template.allow(&identity, BLOB_OWNER, &storage);
        template.allow(&identity, METRICS_PUBLISHER, &insights);
        let package = format!("package{}", self.suffix);
        let container = template.container(&text(&package));
        let plan = template.resource(
            "Microsoft.Web/serverfarms",
            &[name],
            &[],
            json!({"location": location, "kind": "functionapp", "sku": {"tier": "FlexConsumption", "name": "FC1"}, "properties": {"reserved": true}}),
        );
        let settings = self.settings(template, &identity, &insights);
        let address = format!("reference({storage}, '{}').primaryEndpoints.blob", version("Microsoft.Storage"));
        let properties = json!({
            "serverFarmId": value(&plan),
            "httpsOnly": true,
            "keyVaultReferenceIdentity": value(&identity),
            "siteConfig": {"minTlsVersion": "1.2", "appSettings": settings},
            "functionAppConfig": {
                "deployment": {"storage": {
                    "type": "blobContainer",
                    "value": value(&format!("format({}, {address})", text(&format!("{{0}}{package}")))),
                    "authentication": {"type": "UserAssignedIdentity", "userAssignedIdentityResourceId": value(&identity)},
                }},
                "scaleAndConcurrency": {"maximumInstanceCount": "[parameters('maximumInstanceCount')]", "instanceMemoryMB": self.memory()},
                "runtime": {"name": "custom", "version": "1.0"},
            },
        });
        template.resource(
            "Microsoft.Web/sites",
            &[name],
            &[&plan, &container, &insights, &identity],
            json!({
                "location": location,
                "kind": "functionapp,linux",
                "identity": {"type": "UserAssigned", "userAssignedIdentities": {value(&identity): {}}},
                "properties": properties,
            }),
        );
        template.output(&self.own("app"), name);
    }

    /// The smallest instance that has what the functions want.
    fn memory(&self) -> u32 {
        match self.unit.functions.iter().filter_map(|function| function.memory_mb).max() {
            Some(wanted) => INSTANCES.into_iter().find(|memory| *memory >= wanted).unwrap_or(LARGEST),
            None => DEFAULT,
        }
    }

    /// The app settings, and what else of them stands in the template.
    fn settings(&self, template: &mut Template, identity: &str, insights: &str) -> Value {
        let client = format!("reference({identity}, '{}').clientId", version("Microsoft.ManagedIdentity"));
        let mut all = Vec::new();
        let mut set = |name: &str, value: String| all.push(json!({"name": name, "value": value}));
        let mut connect = |prefix: &str, members: &[(&str, String)]| {
            for (name, value) in members {
                set(&format!("{prefix}__{name}"), value.clone());
            }
            set(&format!("{prefix}__credential"), "managedidentity".to_owned());
            set(&format!("{prefix}__clientId"), value(&client));
        };
        let service = |name: &str| {
            let account = id("Microsoft.Storage/storageAccounts", &[&variable("storage")]);
            value(&format!("reference({account}, '{}').primaryEndpoints.{name}", version("Microsoft.Storage")))
        };
        let storage = [("blob", "blobServiceUri"), ("queue", "queueServiceUri"), ("table", "tableServiceUri")];
        connect("AzureWebJobsStorage", &storage.map(|(endpoint, name)| (name, service(endpoint))));
        // The names of namespaces and accounts are those of their addresses.
        let suffixed = |name: &str, suffix: &str| value(&format!("format({}, {})", text(suffix), variable(name)));
        if self.has(Kind::Topic) {
            connect("ServiceBusConnection", &[("fullyQualifiedNamespace", suffixed("serviceBus", "{0}.servicebus.windows.net"))]);
        }
        if self.has(Kind::Stream) {
            connect("EventHubConnection", &[("fullyQualifiedNamespace", suffixed("eventHubs", "{0}.servicebus.windows.net"))]);
        }
        if self.has(Kind::Change) {
            connect("CosmosDBConnection", &[("accountEndpoint", suffixed("cosmosDb", "https://{0}.documents.azure.com:443/"))]);
            set(DATABASE, "[variables('database')]".to_owned());
        }
        set(
            "APPLICATIONINSIGHTS_CONNECTION_STRING",
            value(&format!("reference({insights}, '{}').ConnectionString", version("Microsoft.Insights"))),
        );
        set("APPLICATIONINSIGHTS_AUTHENTICATION_STRING", value(&format!("format('ClientId={{0}};Authorization=AAD', {client})")));
        if let Some(function) = self.unit.selected {
            set("POLYFN_FUNCTION", literal(function));
        }
        let needs = Needs::of(self.unit.functions);
        for name in &needs.env {
            template.parameter(
                &format!("env_{name}"),
                json!({"type": "string", "metadata": told(&format!("The variable {name} of the functions."))}),
            );
            set(name, value(&format!("parameters({})", text(&format!("env_{name}")))));
        }
        if !needs.secrets.is_empty() {
            let vault = self.vault(template, identity);
            for name in &needs.secrets {
                let secret = name.replace('_', "-");
                let reference = format!("@Microsoft.KeyVault(VaultName={{0}};SecretName={secret})");
                set(name, value(&format!("format({}, {vault})", text(&reference))));
            }
        }
        all.into()
    }

    /// A vault for the app's secrets, which you put there; gives its name back.
    fn vault(&self, template: &mut Template, identity: &str) -> String {
        let own = self.own("vault");
        template.variable(&own, format!("[format('kv{{0}}', uniqueString(resourceGroup().id, {}))]", text(&own)));
        let name = variable(&own);
        let members = json!({
            "location": "[parameters('location')]",
            "properties": {
                "tenantId": "[subscription().tenantId]",
                "sku": {"family": "A", "name": "standard"},
                "enableRbacAuthorization": true,
            },
        });
        let vault = template.resource("Microsoft.KeyVault/vaults", &[&name], &[], members);
        template.allow(identity, SECRETS_USER, &vault);
        template.output(&own, &name);
        name
    }
}

/// A name for what all Azure must have once: a namespace or an account.
pub(super) fn unique(manifest: &Manifest, what: &str) -> String {
    format!("[format('{}-{what}-{{0}}', uniqueString(resourceGroup().id))]", short(&name(manifest), 20))
}
