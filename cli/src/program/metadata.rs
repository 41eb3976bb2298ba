use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

use serde::Deserialize;

use super::Build;
use crate::failure::Failure;

/// What Cargo says of the workspace, as far as it matters here.
#[derive(Debug, Deserialize)]
pub(crate) struct Workspace {
    packages: Vec<Package>,
    workspace_root: PathBuf,
    workspace_members: Vec<String>,
    #[serde(default)]
    workspace_default_members: Vec<String>,
    target_directory: PathBuf,
    resolve: Option<Resolve>,
}

/// A package, as its manifest has it.
#[derive(Debug, Deserialize)]
pub(crate) struct Package {
    id: String,
    pub(crate) name: String,
    #[serde(default)]
    pub(crate) version: String,
    pub(crate) description: Option<String>,
    pub(crate) license: Option<String>,
    pub(crate) repository: Option<String>,
    #[serde(default)]
    pub(crate) features: BTreeMap<String, Vec<String>>,
    /// None is a folder of this machine.
    source: Option<String>,
    manifest_path: PathBuf,
    default_run: Option<String>,
    targets: Vec<Target>,
    #[serde(default)]
    dependencies: Vec<Dependency>,
    metadata: Option<serde_json::Value>,
}

#[derive(Debug, Deserialize)]
struct Target {
    name: String,
    kind: Vec<String>,
    #[serde(default)]
    src_path: PathBuf,
}

#[derive(Debug, Deserialize)]
struct Dependency {
    name: String,
    /// What code calls it, if that is another name.
    rename: Option<String>,
}

#[derive(Debug, Deserialize)]
struct Resolve {
    nodes: Vec<Node>,
    /// The package of the folder that the command is called in.
    root: Option<String>,
}

#[derive(Debug, Deserialize)]
struct Node {
    id: String,
    dependencies: Vec<String>,
}

/// The one program that is meant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Chosen {
    /// The package's id, as Cargo takes it.
    pub(crate) package: String,
    pub(crate) bin: String,
}

impl Workspace {
    /// Reads what `cargo metadata` printed.
    pub(super) fn read(json: &[u8]) -> Result<Self, Failure> {
        serde_json::from_slice(json)
            .map_err(|error| Failure::new(format!("what `cargo metadata` prints cannot be read: {error}")))
    }

    /// The program that `cargo run` would run.
    pub(crate) fn chosen(&self, build: &Build) -> Result<Chosen, Failure> {
        let members = || self.packages.iter().filter(|package| self.workspace_members.contains(&package.id));
        let here: Vec<&Package> = match (&build.package, self.resolve.as_ref().and_then(|resolve| resolve.root.as_ref())) {
            (Some(name), _) => members().filter(|package| package.name == *name).collect(),
            (None, Some(root)) => members().filter(|package| package.id == *root).collect(),
            (None, None) => members().filter(|package| self.workspace_default_members.contains(&package.id)).collect(),
        };
        if let (Some(name), true) = (&build.package, here.is_empty()) {
            let known = listed(members().map(|package| package.name.as_str()));
            return Err(Failure::usage(format!("there is no package `{name}` in this workspace; there are {known}")));
        }
        let bins: Vec<_> = here.iter().flat_map(|package| package.bins().map(move |bin| (*package, bin))).collect();
        let wanted: Vec<_> = match &build.bin {
            Some(name) => bins.iter().filter(|(_, bin)| bin == name).collect(),
            None if bins.len() > 1 => bins.iter().filter(|(package, bin)| package.default_run.as_deref() == Some(*bin)).collect(),
            None => bins.iter().collect(),
        };
        let known = || listed(bins.iter().map(|(_, bin)| *bin));
        match (wanted.as_slice(), &build.bin) {
            ([(package, bin)], _) => Ok(Chosen { package: package.id.clone(), bin: (*bin).to_owned() }),
            _ if bins.is_empty() => {
                Err(Failure::usage("there is no program to run here; say with `-p PACKAGE` which package has one"))
            }
            ([], Some(name)) => Err(Failure::usage(format!("there is no program `{name}`; there are {}", known()))),
            _ => Err(Failure::usage(format!(
                "there are several programs; say with `-p PACKAGE` or `--bin NAME` which: {}",
                known()
            ))),
        }
    }

    /// The folders of the chosen package and of all packages on this machine that it is built from.
    pub(crate) fn folders(&self, chosen: &Chosen) -> Vec<PathBuf> {
        let mut ids = vec![chosen.package.as_str()];
        let mut at = 0;
        while let Some(id) = ids.get(at) {
            let node = self.resolve.iter().flat_map(|resolve| &resolve.nodes).find(|node| node.id == *id);
            let local = |id: &&str| self.packages.iter().any(|package| package.id == **id && package.source.is_none());
            let more: Vec<_> = node.iter().flat_map(|node| node.dependencies.iter().map(String::as_str)).filter(local).collect();
            for id in more {
                if !ids.contains(&id) {
                    ids.push(id);
                }
            }
            at += 1;
        }
        let folder = |id: &&str| self.packages.iter().find(|package| package.id == **id)?.manifest_path.parent();
        ids.iter().filter_map(folder).map(Path::to_owned).collect()
    }

    /// The package that has the chosen program.
    pub(crate) fn package(&self, chosen: &Chosen) -> Option<&Package> {
        self.packages.iter().find(|package| package.id == chosen.package)
    }

    /// The file that the program begins in.
    pub(crate) fn source(&self, chosen: &Chosen) -> Option<&Path> {
        let package = self.package(chosen)?;
        let is_it = |target: &&Target| target.name == chosen.bin && target.kind.iter().any(|kind| kind == "bin");
        package.targets.iter().find(is_it).map(|target| target.src_path.as_path())
    }

    /// What its manifest says under `[package.metadata]`.
    pub(crate) fn metadata(&self, chosen: &Chosen) -> Option<&serde_json::Value> {
        self.package(chosen)?.metadata.as_ref()
    }

    /// Whether the program's code can name this crate.
    pub(crate) fn depends_on(&self, chosen: &Chosen, name: &str) -> bool {
        let package = self.package(chosen);
        let named = |dependency: &Dependency| dependency.rename.as_ref().unwrap_or(&dependency.name) == name;
        package.is_some_and(|package| package.dependencies.iter().any(named))
    }

    /// Where the workspace's own manifest and lock file are.
    pub(crate) fn root(&self) -> &Path {
        &self.workspace_root
    }

    /// Where Cargo writes.
    pub(crate) fn target(&self) -> &Path {
        &self.target_directory
    }
}

impl Package {
    /// The folder of its manifest.
    pub(crate) fn folder(&self) -> &Path {
        self.manifest_path.parent().unwrap_or(Path::new(""))
    }

    fn bins(&self) -> impl Iterator<Item = &str> {
        self.targets.iter().filter(|target| target.kind.iter().any(|kind| kind == "bin")).map(|target| target.name.as_str())
    }
}

fn listed<'a>(names: impl Iterator<Item = &'a str>) -> String {
    let mut names: Vec<_> = names.map(|name| format!("`{name}`")).collect();
    names.sort();
    if names.is_empty() { "none".to_owned() } else { names.join(", ") }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A workspace of a program `shop` that needs `parts`, which needs `bolts` of another place and a crate of a registry.
    fn workspace(root: Option<&str>) -> Workspace {
        let package = |id: &str, source: Option<&str>, bins: &[&str]| {
            let targets: Vec<_> = bins.iter().map(|name| serde_json::json!({"name": name, "kind": ["bin"]})).collect();
            serde_json::json!({"id": id, "name": id, "source": source, "manifest_path": format!("/w/{id}/Cargo.toml"), "targets": targets})
        };
        let node = |id: &str, dependencies: &[&str]| serde_json::json!({"id": id, "dependencies": dependencies});
        let json = serde_json::json!({
            "packages": [
                package("shop", None, &["shop"]), package("tool", None, &["one", "two"]), package("parts", None, &[]),
                package("bolts", None, &["bolt"]), package("serde", Some("registry"), &[]),
            ],
            "workspace_root": "/w", "target_directory": "/w/target",
            "workspace_members": ["shop", "tool", "parts"], "workspace_default_members": ["shop"],
            "resolve": {"root": root, "nodes": [
                node("shop", &["parts", "serde"]), node("parts", &["bolts", "serde"]), node("bolts", &[]), node("serde", &[]), node("tool", &[]),
            ]},
        });
        Workspace::read(json.to_string().as_bytes()).unwrap()
    }

    fn chosen(root: Option<&str>, package: Option<&str>, bin: Option<&str>) -> Result<String, String> {
        let build = Build { package: package.map(str::to_owned), bin: bin.map(str::to_owned), ..Build::default() };
        workspace(root).chosen(&build).map(|chosen| chosen.bin).map_err(|failure| failure.to_string())
    }

    #[test]
    fn the_program_is_the_one_that_cargo_would_run() {
        assert_eq!(chosen(None, None, None).unwrap(), "shop");
        assert_eq!(chosen(Some("shop"), None, None).unwrap(), "shop");
        assert_eq!(chosen(None, Some("tool"), Some("two")).unwrap(), "two");
        assert!(chosen(Some("tool"), None, None).unwrap_err().contains("which: `one`, `two`"));
        assert!(chosen(Some("parts"), None, None).unwrap_err().contains("no program to run here"));
        assert!(chosen(None, None, Some("two")).unwrap_err().contains("no program `two`; there are `shop`"));
        // What is not of the workspace cannot be built by its name.
        assert!(chosen(None, Some("bolts"), None).unwrap_err().contains("there are `parts`, `shop`, `tool`"));
    }

    #[test]
    fn what_it_is_built_from_is_watched() {
        let workspace = workspace(None);
        let chosen = workspace.chosen(&Build::default()).unwrap();
        assert_eq!(workspace.folders(&chosen), ["/w/shop", "/w/parts", "/w/bolts"].map(PathBuf::from));
    }
}
