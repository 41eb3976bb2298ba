//! Google Cloud: the image by `skopeo`, all else by the generated script.

use super::{
    artefacts::Artefacts,
    image::{Image, push, push_all},
    plan::Login,
    settings::{Settings, needed},
    step::{Step, Word, is_variable},
};
use crate::failure::Failure;

pub(super) fn steps(artefacts: &Artefacts, settings: &Settings) -> Result<Vec<Step>, Failure> {
    let script = artefacts.manifest("deploy.sh")?;
    let images = artefacts.units("/oci-layout")?.iter().map(Image::read).collect::<Result<Vec<_>, _>>()?;
    let project = needed(&settings.project, "project", "which project of Google Cloud it is for")?;
    let region = needed(&settings.region, "region", "which region it is for, such as europe-west1")?;
    let image = needed(&settings.image, "image", "where the image goes, such as REGION-docker.pkg.dev/PROJECT/REPOSITORY/NAME")?;
    let (mut steps, image) = match images.as_slice() {
        [only] => push(only, image).map(|(step, image)| (vec![step], image))?,
        several => push_all(several, image)?,
    };
    let mut deploy = Step::new("bash", [script]);
    let ours =
        [("PROJECT", project), ("REGION", region), ("IMAGE", &image)].map(|(name, value)| (name.to_owned(), value.to_owned()));
    let theirs: Vec<_> = settings.parameters()?.iter().filter_map(Word::assignment).collect();
    if let Some((name, _)) = theirs.iter().find(|(name, _)| !is_variable(name) || ours.iter().any(|(own, _)| own == name)) {
        return Err(Failure::usage(format!("`--parameter {}` is no variable that the script takes", name.escape_default())));
    }
    deploy.env = ours.into_iter().chain(theirs).collect();
    steps.push(deploy);
    Ok(steps)
}

pub(super) fn login() -> Login {
    let arguments = ["auth", "list", "--filter=status:ACTIVE", "--format=value(account)"].map(str::to_owned).to_vec();
    Login { program: "gcloud", arguments, otherwise: "nobody is logged in at Google Cloud; run `gcloud auth login`" }
}
