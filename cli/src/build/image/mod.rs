//! An image for a host that runs containers, made without one: an OCI image layout, and a tar of it to load.

mod dockerfile;
mod document;
mod layer;
mod root;

use std::collections::BTreeMap;

use serde::Serialize;

use self::{
    document::{Config, Descriptor, History, Index, Manifest, Nothing, Platform, Root, Run, Saved},
    layer::Layer,
};
use super::{content::Content, digest::Digest, tar::tar, time::Time, triple::Processor};
use crate::failure::Failure;

pub(super) use self::dockerfile::{ROOT, dockerfile};

const CONFIG: &str = "application/vnd.oci.image.config.v1+json";
const INDEX: &str = "application/vnd.oci.image.index.v1+json";
const MANIFEST: &str = "application/vnd.oci.image.manifest.v1+json";
const LAYER: &str = "application/vnd.oci.image.layer.v1.tar+gzip";
const OS: &str = "linux";
/// The port that the program listens on unless a host says another one.
const PORT: &str = "8080";
const EXPOSED: &str = "8080/tcp";
/// The folder of the program within the image.
const FOLDER: &str = "app";
const TAG: &str = "latest";

/// What an image is made of.
pub(super) struct Image<'a> {
    /// What it is called, with `latest` behind it.
    pub(super) name: String,
    pub(super) program: Program<'a>,
    /// What a container is started with, `NAME=value`.
    pub(super) env: Vec<String>,
    /// `org.opencontainers.image.*`
    pub(super) labels: BTreeMap<&'static str, String>,
    pub(super) processor: Processor,
    pub(super) time: Time,
}

/// The program of an image.
#[derive(Clone, Copy)]
pub(super) struct Program<'a> {
    pub(super) name: &'a str,
    pub(super) bytes: &'a [u8],
}

/// An image as it is written.
pub(super) struct Written {
    /// The files of the OCI image layout.
    pub(super) layout: Vec<Content<'static>>,
    /// The layout as a tar that `docker load`, `podman load` and skopeo take.
    pub(super) tar: Vec<u8>,
    /// What a registry will know the image by.
    pub(super) digest: Digest,
}

impl<'a> Image<'a> {
    pub(super) fn new(unit: &str, program: Program<'a>, provider: &str, function: Option<&str>) -> Self {
        let mut env =
            vec![format!("POLYFN_PROVIDER={provider}"), format!("PORT={PORT}"), format!("SSL_CERT_FILE=/{}", root::CERTIFICATES)];
        env.extend(function.map(|function| format!("POLYFN_FUNCTION={function}")));
        Self {
            name: image_name(unit),
            program,
            env,
            labels: BTreeMap::new(),
            processor: Processor::X86_64,
            time: Time::default(),
        }
    }

    /// All that is in it, as a folder could hold it.
    pub(super) fn root(&self) -> Vec<Content<'a>> {
        root::root().into_iter().chain(self.program.contents()).collect()
    }

    pub(super) fn write(&self) -> Result<Written, Failure> {
        let layers = [Layer::of(&root::root(), self.time)?, Layer::of(&self.program.contents(), self.time)?];
        let mut blobs = Blobs::default();
        let described = layers.iter().map(|layer| blobs.add(LAYER, layer.bytes.clone())).collect::<Vec<_>>();
        let config = blobs.add(CONFIG, json(&self.config(&self.program.path(), &layers))?);
        let saved = Saved {
            config: blob(&config.digest),
            repo_tags: [format!("{}:{TAG}", self.name)],
            layers: described.iter().map(|layer| blob(&layer.digest)).collect(),
        };
        let annotations = self.labels.clone();
        let manifest = json(&Manifest { schema_version: 2, media_type: MANIFEST, config, layers: described, annotations })?;
        let digest = Digest::of(&manifest);
        let mut manifest = blobs.add(MANIFEST, manifest);
        manifest.platform = Some(Platform { architecture: self.processor.in_images(), os: OS });
        manifest.annotations = BTreeMap::from([
            // Where Docker keeps images as OCI ones, it goes by this.
            ("io.containerd.image.name", format!("docker.io/library/{}:{TAG}", self.name)),
            ("org.opencontainers.image.ref.name", TAG.to_owned()),
        ]);
        let index = json(&Index { schema_version: 2, media_type: INDEX, manifests: [manifest] })?;
        let mut layout = blobs.contents();
        layout.push(Content::file("index.json", index));
        layout.push(Content::file("oci-layout", br#"{"imageLayoutVersion":"1.0.0"}"#.as_slice()));
        let mut archive = layout.clone();
        archive.push(Content::file("manifest.json", json(&[saved])?));
        Ok(Written { tar: tar(&archive, self.time)?, layout, digest })
    }

    fn config<'b>(&'b self, entrypoint: &'b str, layers: &[Layer]) -> Config<'b> {
        let history = |created_by| History { created: self.time.to_string(), created_by };
        Config {
            created: self.time.to_string(),
            architecture: self.processor.in_images(),
            os: OS,
            config: Run {
                user: root::USER,
                exposed_ports: BTreeMap::from([(EXPOSED, Nothing {})]),
                env: &self.env,
                entrypoint: [entrypoint],
                working_dir: "/",
                labels: &self.labels,
            },
            rootfs: Root { kind: "layers", diff_ids: layers.iter().map(|layer| format!("{:?}", layer.unpacked)).collect() },
            history: vec![history("cargo polyfn build: certificates"), history("cargo polyfn build: the program")],
        }
    }
}

impl<'a> Program<'a> {
    /// Where it is within the image.
    fn path(self) -> String {
        format!("/{FOLDER}/{}", self.name)
    }

    fn contents(self) -> [Content<'a>; 2] {
        [Content::folder(FOLDER), Content::program(format!("{FOLDER}/{}", self.name), self.bytes)]
    }
}

/// What an image layout keeps by digest.
#[derive(Default)]
struct Blobs(BTreeMap<String, Vec<u8>>);

impl Blobs {
    fn add(&mut self, media_type: &'static str, bytes: Vec<u8>) -> Descriptor {
        let digest = Digest::of(&bytes);
        let descriptor = Descriptor {
            media_type,
            digest: format!("{digest:?}"),
            size: bytes.len(),
            platform: None,
            annotations: BTreeMap::new(),
        };
        self.0.insert(digest.to_string(), bytes);
        descriptor
    }

    fn contents(self) -> Vec<Content<'static>> {
        let folders = ["blobs", "blobs/sha256"].map(Content::folder);
        let files = self.0.into_iter().map(|(digest, bytes)| Content::file(format!("blobs/sha256/{digest}"), bytes));
        folders.into_iter().chain(files).collect()
    }
}

/// Where a blob is.
fn blob(digest: &str) -> String {
    format!("blobs/{}", digest.replace(':', "/"))
}

fn json(document: &impl Serialize) -> Result<Vec<u8>, Failure> {
    serde_json::to_vec(document).map_err(|error| Failure::new(format!("the image cannot be described: {error}")))
}

/// The name with what a registry takes: lower case, and a single `-` for all that is no letter or digit.
pub(super) fn image_name(unit: &str) -> String {
    let plain = unit.to_ascii_lowercase();
    let parts: Vec<_> = plain.split(|c: char| !c.is_ascii_alphanumeric()).filter(|part| !part.is_empty()).collect();
    if parts.is_empty() { "program".to_owned() } else { parts.join("-") }
}

#[cfg(test)]
mod tests;
