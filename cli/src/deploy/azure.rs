//! Azure: the resources by an ARM template, the functions as a zip.

use super::{
    artefacts::{Artefacts, text},
    plan::Login,
    settings::{Settings, needed},
    step::Step,
};
use crate::failure::Failure;

/// [`az deployment group create`](https://learn.microsoft.com/cli/azure/deployment/group), then
/// [`az functionapp deployment source config-zip`](https://learn.microsoft.com/cli/azure/functionapp/deployment/source).
pub(super) fn steps(artefacts: &Artefacts, settings: &Settings) -> Result<Vec<Step>, Failure> {
    let template = artefacts.manifest("azuredeploy.json")?;
    let (unit, zip) = artefacts.unit(".zip")?;
    let group = needed(&settings.resource_group, "resource-group", "which resource group it is for")?;
    let app = settings.app.as_deref().unwrap_or(&unit);
    let resources = ["deployment", "group", "create", "--resource-group", group, "--name", &unit, "--template-file", &template];
    let functions =
        ["functionapp", "deployment", "source", "config-zip", "--resource-group", group, "--name", app, "--src", &text(&zip)?];
    let resources =
        Step::new("az", resources).and(["--parameters".to_owned(), format!("appName={app}")]).and(settings.parameters()?);
    Ok(vec![resources, Step::new("az", functions)])
}

pub(super) fn login() -> Login {
    let arguments = ["account", "show", "--query", "id", "--output", "tsv"].map(str::to_owned).to_vec();
    Login { program: "az", arguments, otherwise: "nobody is logged in at Azure; run `az login`" }
}
