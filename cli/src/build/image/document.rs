use std::collections::BTreeMap;

use serde::Serialize;

/// The JSON documents of an image, with their members in the order that is written here: the same image is the same bytes.
///
/// Source: [OCI image specification](https://github.com/opencontainers/image-spec).
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Descriptor {
    pub(super) media_type: &'static str,
    pub(super) digest: String,
    pub(super) size: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) platform: Option<Platform>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub(super) annotations: BTreeMap<&'static str, String>,
}

#[derive(Serialize)]
pub(super) struct Platform {
    pub(super) architecture: &'static str,
    pub(super) os: &'static str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Index {
    pub(super) schema_version: u8,
    pub(super) media_type: &'static str,
    pub(super) manifests: [Descriptor; 1],
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Manifest {
    pub(super) schema_version: u8,
    pub(super) media_type: &'static str,
    pub(super) config: Descriptor,
    pub(super) layers: Vec<Descriptor>,
    pub(super) annotations: BTreeMap<&'static str, String>,
}

#[derive(Serialize)]
pub(super) struct Config<'a> {
    pub(super) created: String,
    pub(super) architecture: &'static str,
    pub(super) os: &'static str,
    pub(super) config: Run<'a>,
    pub(super) rootfs: Root,
    pub(super) history: Vec<History>,
}

/// How a container of the image is started.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Run<'a> {
    pub(super) user: &'static str,
    pub(super) exposed_ports: BTreeMap<&'static str, Nothing>,
    pub(super) env: &'a [String],
    pub(super) entrypoint: [&'a str; 1],
    pub(super) working_dir: &'static str,
    pub(super) labels: &'a BTreeMap<&'static str, String>,
}

/// `{}`
#[derive(Serialize)]
pub(super) struct Nothing {}

#[derive(Serialize)]
pub(super) struct Root {
    #[serde(rename = "type")]
    pub(super) kind: &'static str,
    pub(super) diff_ids: Vec<String>,
}

#[derive(Serialize)]
pub(super) struct History {
    pub(super) created: String,
    pub(super) created_by: &'static str,
}

/// `manifest.json` of what `docker save` writes, which every version of Docker loads.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Saved {
    pub(super) config: String,
    pub(super) repo_tags: [String; 1],
    pub(super) layers: Vec<String>,
}
