//! A cluster with Knative: the service, then what sends events to it.

use super::{
    artefacts::{Artefacts, text},
    image::{Image, push},
    plan::Login,
    settings::Settings,
    step::{Step, filled},
};
use crate::failure::Failure;

/// What stands in a manifest for the image.
const IMAGE: &str = "IMAGE";

pub(super) fn steps(artefacts: &Artefacts, settings: &Settings) -> Result<Vec<Step>, Failure> {
    let service = artefacts.manifest("service.yaml")?;
    if !settings.parameters()?.is_empty() {
        return Err(Failure::usage("`--parameter` goes with aws, gcp and azure; a cluster has ConfigMaps, which you make"));
    }
    let apply = || Step::new("kubectl", [""; 0]).option("--context", settings.context.as_deref()).and(["apply", "--filename"]);
    let yaml = std::fs::read_to_string(&service).map_err(|error| Failure::new(format!("{service}: {error}")))?;
    let mut steps = Vec::new();
    match &settings.image {
        Some(place) => {
            // One for all services: a service itself says which function it runs.
            let (push, image) = push(&Image::read(&artefacts.unit("/oci-layout")?)?, place)?;
            let mut with_image = apply().and(["-"]);
            with_image.input = Some(filled(&service, &yaml, IMAGE, &image));
            steps.extend([push, with_image]);
        }
        None if yaml.contains(&format!("${{{IMAGE}}}")) => {
            return Err(Failure::usage("say with `--image` where the image goes, such as registry.example/shop"));
        }
        None => steps.push(apply().and([service])),
    }
    // Without functions of events there are none.
    let triggers = artefacts.manifests.join("triggers.yaml");
    if triggers.is_file() {
        steps.push(apply().and([text(&triggers)?]));
    }
    Ok(steps)
}

pub(super) fn login(settings: &Settings) -> Login {
    let context = settings.context.iter().flat_map(|context| ["--context".to_owned(), context.clone()]);
    let arguments = context.chain(["get", "--raw", "/version"].map(str::to_owned)).collect();
    Login {
        program: "kubectl",
        arguments,
        otherwise: "`kubectl` reaches no cluster; choose one with `kubectl config use-context`",
    }
}
