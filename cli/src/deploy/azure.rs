//! Azure: the resources by an ARM template, the functions as a zip.

use std::{collections::BTreeMap, path::PathBuf};

use serde::{Deserialize, de::IgnoredAny};

use super::{
    artefacts::{Artefacts, text},
    plan::Login,
    settings::{Settings, needed},
    step::Step,
};
use crate::{failure::Failure, manifest::azure::suffix};

/// [`az deployment group create`](https://learn.microsoft.com/cli/azure/deployment/group), then for each unit
/// [`az functionapp deployment source config-zip`](https://learn.microsoft.com/cli/azure/functionapp/deployment/source).
///
/// Event Grid asks a function whether it wants its events before it subscribes it, so the template subscribes only when the
/// functions are there.
pub(super) fn steps(artefacts: &Artefacts, settings: &Settings) -> Result<Vec<Step>, Failure> {
    let template = artefacts.manifest("azuredeploy.json")?;
    let units = units(artefacts, &template)?;
    let group = needed(&settings.resource_group, "resource-group", "which resource group it is for")?;
    let app = needed(&settings.app, "app", "what the function app is called, a name that nobody else in Azure has")?;
    let parameters = settings.parameters()?;
    let resources = |more: &[&str]| {
        let step = Step::new("az", ["deployment", "group", "create", "--resource-group", group, "--name", app]);
        let step = step.and(["--template-file", &template, "--parameters", &format!("name={app}")]);
        step.and(parameters.clone()).and(more.iter().copied())
    };
    let mut steps = vec![resources(&[])];
    for (suffix, zip) in &units {
        let name = format!("{app}{suffix}");
        let zip = text(zip)?;
        let step = Step::new("az", ["functionapp", "deployment", "source", "config-zip", "--resource-group", group]);
        steps.push(step.and(["--name", &name, "--src", &zip]));
    }
    if subscribes(&template)? {
        steps.push(resources(&["subscribe=true"]));
    }
    Ok(steps)
}

/// What the name of each unit's function app has after that of the app, and its zip. The template says which there are: each has a
/// container for its package.
fn units(artefacts: &Artefacts, template: &str) -> Result<Vec<(String, PathBuf)>, Failure> {
    const END: &str = ".zip";
    let text = std::fs::read_to_string(template).map_err(|error| Failure::new(format!("{template}: {error}")))?;
    let names = text.lines().filter(|line| line.trim_start().starts_with("\"name\"")).filter_map(|line| {
        let suffix = line.split_once("'default', 'package")?.1.split_once('\'')?.0;
        Some(suffix.to_owned())
    });
    let names: Vec<_> = names.collect();
    if names.iter().any(String::is_empty) {
        let only = artefacts.named(END, std::slice::from_ref(&artefacts.program))?;
        return Ok(only.into_iter().map(|(_, zip)| (String::new(), zip)).collect());
    }
    let built = artefacts.units(END)?;
    if names.is_empty() {
        let one = built.len() == 1;
        return Ok(built.into_iter().map(|(unit, zip)| (if one { String::new() } else { suffix(&unit) }, zip)).collect());
    }
    let zip = |name: String| match built.iter().find(|(unit, _)| suffix(unit) == name) {
        Some((_, zip)) => Ok((name, zip.clone())),
        None => {
            let unit = name.trim_start_matches('-');
            Err(artefacts.unbuilt(&artefacts.built.join(format!("{unit}{END}")), unit))
        }
    };
    names.into_iter().map(zip).collect()
}

/// Whether there is something in a template that Event Grid is to be subscribed to.
fn subscribes(template: &str) -> Result<bool, Failure> {
    #[derive(Deserialize)]
    struct Template {
        #[serde(default)]
        parameters: BTreeMap<String, IgnoredAny>,
    }
    let read = std::fs::read(template).map_err(|error| error.to_string());
    let read = read.and_then(|json| serde_json::from_slice::<Template>(&json).map_err(|error| error.to_string()));
    read.map(|read| read.parameters.contains_key("subscribe")).map_err(|why| Failure::new(format!("{template}: {why}")))
}

pub(super) fn login() -> Login {
    let arguments = ["account", "show", "--query", "id", "--output", "tsv"].map(str::to_owned).to_vec();
    Login { program: "az", arguments, otherwise: "nobody is logged in at Azure; run `az login`" }
}
