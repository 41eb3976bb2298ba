//! Google Cloud: the image by `skopeo`, all else by the generated script.

use super::{
    artefacts::{Artefacts, Image},
    plan::Login,
    settings::{Settings, needed},
    step::Step,
};
use crate::failure::Failure;

pub(super) fn steps(artefacts: &Artefacts, settings: &Settings) -> Result<Vec<Step>, Failure> {
    let script = artefacts.manifest("deploy.sh")?;
    let (_, folder) = artefacts.unit("/oci-layout")?;
    let project = needed(&settings.project, "project", "which project of Google Cloud it is for")?;
    let region = needed(&settings.region, "region", "which region it is for, such as europe-west1")?;
    let image = needed(&settings.image, "image", "where the image goes, such as REGION-docker.pkg.dev/PROJECT/REPOSITORY/NAME")?;
    let (push, image) = push(&Image::read(&folder)?, image)?;
    let mut deploy = Step::new("bash", [script]);
    deploy.env = vec![("PROJECT", project.to_owned()), ("REGION", region.to_owned()), ("IMAGE", image)];
    Ok(vec![push, deploy])
}

pub(super) fn login() -> Login {
    let arguments = ["auth", "list", "--filter=status:ACTIVE", "--format=value(account)"].map(str::to_owned).to_vec();
    Login { program: "gcloud", arguments, otherwise: "nobody is logged in at Google Cloud; run `gcloud auth login`" }
}

/// The step that pushes an image to this place, and what it is called there.
///
/// It is called by its digest, so that a new image is a new revision, and an old one stays what it is. `skopeo` finds the login of
/// `docker`, `podman` and `gcloud auth configure-docker` by itself.
pub(super) fn push(image: &Image, place: &str) -> Result<(Step, String), Failure> {
    let last = place.rsplit('/').next().unwrap_or(place);
    if last.is_empty() || last.contains([':', '@']) || place.contains(char::is_whitespace) {
        return Err(Failure::usage(format!("`--image {}` is to be a name without a tag", place.escape_default())));
    }
    let step = Step::new("skopeo", ["copy", "--preserve-digests", &image.layout, &format!("docker://{place}:{}", image.tag())]);
    Ok((step, format!("{place}@{}", image.digest)))
}
