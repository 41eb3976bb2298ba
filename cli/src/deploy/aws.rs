//! AWS: the SAM template for Lambda, by `sam` or by `aws`; the CloudFormation template for Fargate.

use std::path::{Component, Path, PathBuf};

use super::{
    artefacts::{Artefacts, text},
    image::{Image, push},
    plan::Login,
    settings::{Settings, needed},
    step::Step,
    tools::Tools,
};
use crate::failure::Failure;

/// [`sam deploy`](https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-cli-command-reference-sam-deploy.html),
/// or where only `aws` is there [`package`](https://docs.aws.amazon.com/cli/latest/reference/cloudformation/package.html) and
/// [`deploy`](https://docs.aws.amazon.com/cli/latest/reference/cloudformation/deploy/).
pub(super) fn steps(artefacts: &Artefacts, settings: &Settings, tools: &Tools) -> Result<Vec<Step>, Failure> {
    let template = artefacts.manifest("template.yaml")?;
    let units = programs(artefacts, &template)?;
    let stack = match (&settings.stack, units.as_slice()) {
        (Some(stack), _) => stack.as_str(),
        (None, [unit]) => unit,
        (None, _) => needed(&None, "stack", "what the stack of these units is called")?,
    };
    let region = settings.region.as_deref();
    let parameters = settings.parameters()?;
    if tools.has("sam") || !tools.has("aws") {
        let step =
            Step::new("sam", ["deploy", "--template-file", &template, "--stack-name", stack, "--capabilities", "CAPABILITY_IAM"]);
        let step = match &settings.bucket {
            Some(bucket) => step.and(["--s3-bucket", bucket]),
            None => step.and(["--resolve-s3"]),
        };
        let step = step.and(["--no-confirm-changeset", "--no-fail-on-empty-changeset"]).option("--region", region);
        return Ok(vec![step.options("--parameter-overrides", parameters)]);
    }
    let bucket =
        needed(&settings.bucket, "bucket", "through which bucket `aws` brings the program there, or install the AWS SAM CLI")?;
    let packaged = text(&artefacts.built.join("packaged.yaml"))?;
    let package =
        ["cloudformation", "package", "--template-file", &template, "--s3-bucket", bucket, "--output-template-file", &packaged];
    let deploy = ["cloudformation", "deploy", "--template-file", &packaged, "--stack-name", stack, "--s3-bucket", bucket];
    // The template is transformed there, which is a capability of its own.
    let deploy = Step::new("aws", deploy).and([
        "--capabilities",
        "CAPABILITY_IAM",
        "CAPABILITY_AUTO_EXPAND",
        "--no-fail-on-empty-changeset",
    ]);
    Ok(vec![
        Step::new("aws", package).option("--region", region),
        deploy.option("--region", region).options("--parameter-overrides", parameters),
    ])
}

/// The units whose programs the template names, which have to be where it says.
fn programs(artefacts: &Artefacts, template: &str) -> Result<Vec<String>, Failure> {
    const END: &str = "/bootstrap.zip";
    let yaml = std::fs::read_to_string(template).map_err(|error| Failure::new(format!("{template}: {error}")))?;
    let named = yaml.lines().filter_map(|line| line.trim_start().strip_prefix("CodeUri: "));
    let named = named.map(|way| way.trim_matches(['\'', '"'])).filter(|way| way.ends_with(END) && !way.contains("://"));
    let mut units = Vec::new();
    for way in named {
        let (folder, unit) = way.trim_end_matches(END).rsplit_once('/').unwrap_or_default();
        let (folder, own) = (plain(&artefacts.manifests.join(folder)), format!("{unit}{END}"));
        if !folder.join(&own).is_file() {
            let built = artefacts.built.join(&own);
            if built.is_file() && plain(&artefacts.built) != folder {
                return Err(Failure::new(format!(
                    "{template} takes its program from {}, and it was built into {}; say with `cargo polyfn build --provider aws \
                     --out {}` where it goes",
                    folder.join(&own).display(),
                    built.display(),
                    folder.display()
                )));
            }
            return Err(artefacts.unbuilt(&folder.join(&own), unit));
        }
        units.push(unit.to_owned());
    }
    if units.is_empty() {
        units.extend(artefacts.units(END)?.into_iter().map(|(unit, _)| unit));
    }
    Ok(units)
}

/// A path without the `..` that go back in it.
fn plain(path: &Path) -> PathBuf {
    let mut plain = PathBuf::new();
    for part in path.components() {
        match (part, plain.components().next_back()) {
            (Component::ParentDir, Some(Component::Normal(_))) => _ = plain.pop(),
            (Component::CurDir, _) => {}
            _ => plain.push(part),
        }
    }
    plain
}

/// The image, and the service that runs it.
pub(super) fn fargate(artefacts: &Artefacts, settings: &Settings) -> Result<Vec<Step>, Failure> {
    let template = artefacts.manifest("fargate.yaml")?;
    let unit = artefacts.unit("/oci-layout")?;
    let place = needed(&settings.image, "image", "where the image goes, such as ACCOUNT.dkr.ecr.REGION.amazonaws.com/NAME")?;
    let (push, image) = push(&Image::read(&unit)?, place)?;
    let stack = settings.stack.clone().unwrap_or_else(|| format!("{}-fargate", unit.0));
    let deploy = ["cloudformation", "deploy", "--template-file", &template, "--stack-name", &stack];
    let deploy = Step::new("aws", deploy).and(["--capabilities", "CAPABILITY_IAM", "--no-fail-on-empty-changeset"]);
    let deploy = deploy.option("--region", settings.region.as_deref());
    let deploy = deploy.and(["--parameter-overrides".to_owned(), format!("Image={image}")]).and(settings.parameters()?);
    Ok(vec![push, deploy])
}

pub(super) fn login(settings: &Settings) -> Login {
    let mut arguments = vec!["sts".to_owned(), "get-caller-identity".to_owned()];
    if let Some(region) = &settings.region {
        arguments.extend(["--region".to_owned(), region.clone()]);
    }
    Login { program: "aws", arguments, otherwise: "nobody is logged in at AWS; run `aws sso login` or `aws configure`" }
}
