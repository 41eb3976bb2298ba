//! Images: from an OCI layout to a registry.

use std::{fs, path::Path};

use serde::Deserialize;

use super::{artefacts::text, step::Step};
use crate::failure::Failure;

/// What stands in a place for the name of a unit.
const UNIT: &str = "{unit}";

/// An image that was built.
pub(super) struct Image {
    unit: String,
    /// As `skopeo` reads it.
    layout: String,
    /// `sha256:` and 64 digits.
    digest: String,
}

impl Image {
    /// The image of this OCI layout.
    pub(super) fn read((unit, folder): &(String, impl AsRef<Path>)) -> Result<Self, Failure> {
        #[derive(Deserialize)]
        struct Index {
            manifests: Vec<Manifest>,
        }
        #[derive(Deserialize)]
        struct Manifest {
            digest: String,
        }
        let path = folder.as_ref().join("index.json");
        let unread = |why: String| Failure::new(format!("{}: {why}", path.display()));
        let index: Index = serde_json::from_slice(&fs::read(&path).map_err(|error| unread(error.to_string()))?)
            .map_err(|error| unread(error.to_string()))?;
        let [Manifest { digest }] = index.manifests.as_slice() else { return Err(unread("this is not one image".to_owned())) };
        let hex =
            digest.strip_prefix("sha256:").filter(|hex| hex.len() == 64 && hex.bytes().all(|byte| byte.is_ascii_hexdigit()));
        if hex.is_none() {
            return Err(unread("its digest is none of sha256".to_owned()));
        }
        Ok(Self { unit: unit.clone(), layout: format!("oci:{}", text(folder.as_ref())?), digest: digest.clone() })
    }

    fn push(&self, place: &str, tag: &str) -> Step {
        // So that it has the same digest there. `skopeo` finds the login of `docker` and `podman` by itself.
        let place = format!("docker://{}:{tag}", place.replace(UNIT, &self.unit));
        Step::new("skopeo", ["copy", "--preserve-digests", &self.layout, &place])
    }
}

/// The step that pushes an image to this place, and what it is called there: by its digest, so that a new image is a new revision
/// and an old one stays what it is.
pub(super) fn push(image: &Image, place: &str) -> Result<(Step, String), Failure> {
    let place = checked(place)?.replace(UNIT, &image.unit);
    Ok((image.push(&place, &tag(std::slice::from_ref(image))), format!("{place}@{}", image.digest)))
}

/// The same for several units, whose images are told apart by the `{unit}` of the place. They share a tag, which is another when
/// one of them is.
pub(super) fn push_all(images: &[Image], place: &str) -> Result<(Vec<Step>, String), Failure> {
    if !checked(place)?.contains(UNIT) {
        return Err(Failure::usage(format!("there are several units; write `{UNIT}` in `--image` where each has its name")));
    }
    let tag = tag(images);
    Ok((images.iter().map(|image| image.push(place, &tag)).collect(), format!("{place}:{tag}")))
}

fn checked(place: &str) -> Result<&str, Failure> {
    let last = place.rsplit('/').next().unwrap_or(place);
    let is_plain = place.chars().all(|c| c.is_ascii_alphanumeric() || "._/:{}-".contains(c));
    if last.is_empty() || last.contains(':') || !is_plain {
        return Err(Failure::usage(format!("`--image {}` is to be a name without a tag", place.escape_default())));
    }
    Ok(place)
}

/// Twelve digits that are others if a digest is another.
fn tag(images: &[Image]) -> String {
    let start = |image: &Image| image.digest.get(7..19).and_then(|hex| u64::from_str_radix(hex, 16).ok()).unwrap_or_default();
    // Of one image it is the beginning of its digest; several may well be the same, and must not cancel each other out.
    let tag = images.iter().fold(0_u64, |tag, image| tag.wrapping_mul(31).wrapping_add(start(image)));
    format!("{:012x}", tag & 0xffff_ffff_ffff)
}
