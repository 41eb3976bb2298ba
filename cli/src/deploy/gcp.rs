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
    let images = artefacts.named("/oci-layout", &units(&script)?)?.iter().map(Image::read).collect::<Result<Vec<_>, _>>()?;
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

/// The units whose images the script deploys.
fn units(script: &str) -> Result<Vec<String>, Failure> {
    let text = std::fs::read_to_string(script).map_err(|error| Failure::new(format!("{script}: {error}")))?;
    let images = text.lines().filter(|line| line.starts_with("service ")).filter_map(|line| line.split_once(r"\{unit\}/"));
    Ok(images.filter_map(|(_, rest)| Some(rest.split_once('}')?.0.to_owned())).collect())
}

pub(super) fn login() -> Login {
    let arguments = ["auth", "list", "--filter=status:ACTIVE", "--format=value(account)"].map(str::to_owned).to_vec();
    Login { program: "gcloud", arguments, otherwise: "nobody is logged in at Google Cloud; run `gcloud auth login`" }
}
