//! `azuredeploy.json`: an ARM template for apps of the plan Flex Consumption, the sources of their events, and for each app an
//! identity that may do with those what its triggers need, and no more.
//!
//! Source: [Automate resource deployment](https://learn.microsoft.com/azure/azure-functions/functions-infrastructure-as-code).

mod app;
mod builder;
mod expression;
mod grid;
mod role;
mod source;
#[cfg(test)]
mod tests;

use polyfn_shim::manifest::Manifest;
use serde_json::json;

pub(crate) use self::app::suffix;
use self::{app::App, builder::Template};
use super::ordered;
use crate::{
    failure::Failure,
    manifest::{
        Units,
        name::{plain, short},
    },
    target::Target,
};

/// The template for the apps of a program.
///
/// # Errors
/// Two units that would be the same app.
pub(super) fn text(manifest: &Manifest, units: Units) -> Result<String, Failure> {
    let apps = App::all(manifest, units)?;
    let mut template = Template::default();
    template.parameter(
        "location",
        json!({"type": "string", "defaultValue": "[resourceGroup().location]", "metadata": told("Where it runs.")}),
    );
    template.parameter(
        "name",
        json!({
            "type": "string",
            "defaultValue": format!("[format('{}-{{0}}', take(uniqueString(resourceGroup().id), 6))]", name(manifest)),
            "metadata": told("What the function app is called: a name that nobody else in Azure has."),
        }),
    );
    template.parameter(
        "maximumInstanceCount",
        json!({"type": "int", "defaultValue": 100, "minValue": 1, "maxValue": 1000, "metadata": told("How many instances there are at the most.")}),
    );
    template.variable("storage", "[format('st{0}', uniqueString(resourceGroup().id))]");
    template.shared();
    for app in &apps {
        app.add(&mut template);
        source::add(&mut template, manifest, app);
        grid::add(&mut template, manifest, app);
    }
    ordered::text(&template.into_json(&crate::manifest::warnings(Target::Azure, manifest, units)))
}

/// What Azure does otherwise than the functions ask.
pub(super) fn warnings(manifest: &Manifest, units: Units) -> Vec<String> {
    let mut warnings = Vec::new();
    for unit in units.of(manifest) {
        let most = unit.functions.iter().filter_map(|function| function.memory_mb).max();
        if let Some(memory) = most.filter(|memory| *memory > app::LARGEST) {
            warnings.push(format!(
                "`{}` wants {memory} MiB of memory; an instance of Flex Consumption has {} at most",
                unit.name,
                app::LARGEST
            ));
        }
    }
    warnings
}

fn told(what: &str) -> serde_json::Value {
    json!({"description": what})
}

/// The program as part of a name; what is appended has room.
fn name(manifest: &Manifest) -> String {
    short(&plain(&manifest.program), 32)
}
