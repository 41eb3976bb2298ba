use polyfn_shim::manifest::Manifest;

use super::{name, parts::Parts, unit::unit};
use crate::{
    failure::Failure,
    manifest::{
        File, Units,
        yaml::{Node, write},
    },
};

/// The SAM template of a program's units.
pub(super) fn template(manifest: &Manifest, units: Units, artefacts: &str, warnings: &[String]) -> Result<File, Failure> {
    name::check(manifest)?;
    let mut parts = Parts::default();
    for one in units.of(manifest) {
        unit(manifest, &one, artefacts, &mut parts)?;
    }
    let split = if units == Units::Split { " --split" } else { "" };
    let how = format!(
        "Build first: cargo polyfn build --provider aws{split}\n\
         Deploy:      cargo polyfn deploy --provider aws{split}\n\
         By hand:     sam deploy --guided --capabilities CAPABILITY_IAM --template-file template.yaml"
    );
    let root = Node::map()
        .with("AWSTemplateFormatVersion", "2010-09-09")
        .with("Transform", "AWS::Serverless-2016-10-31")
        .with("Description", format!("{} {}, by polyfn", manifest.program, manifest.version));
    Ok(File::new(
        "template.yaml",
        write(&[parts.into_template(root).told(header("template.yaml", split, manifest, &how, warnings))]),
    ))
}

/// What stands above a generated file: whose it is, where own edits go, and what will not be as the functions say.
pub(super) fn header(file: &str, split: &str, manifest: &Manifest, how: &str, warnings: &[String]) -> String {
    let mut text = format!(
        "Made by `cargo polyfn manifest --provider aws{split}` from what `{}` says of its functions, and written anew each time.\n\
         Own edits stand in overlay.yaml beside this file, under `{file}:`.\n\n{how}",
        manifest.program
    );
    if !warnings.is_empty() {
        text.push_str("\n\nWarnings:");
        warnings.iter().for_each(|warning| text.push_str(&format!("\n- {warning}")));
    }
    text
}
