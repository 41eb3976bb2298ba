//! What a user changes in generated files: kept in a file of its own, and merged in each time they are generated.

use std::path::PathBuf;

use super::{
    File, Folder,
    merge::merge,
    yaml::{self, Node, Value},
};
use crate::failure::Failure;

/// The user's edits of a provider's files.
#[derive(Debug, Default)]
pub(crate) struct Overlay {
    edits: Vec<Edit>,
}

/// What one overlay says of one file.
#[derive(Debug)]
struct Edit {
    overlay: PathBuf,
    /// The path of the file that it changes.
    file: String,
    node: Node,
}

impl Overlay {
    /// Reads `overlay.yaml` and `overlay.json` of a provider's folder; there may be neither.
    ///
    /// # Errors
    /// If one cannot be read, or is no map with a member for each file that it changes.
    pub(crate) fn read(folder: &Folder) -> Result<Self, Failure> {
        let mut edits = Vec::new();
        for name in ["overlay.yaml", "overlay.json"] {
            let Some((overlay, text)) = folder.read(name)? else { continue };
            let failure = |error: String| Failure::new(format!("{}: {error}", overlay.display()));
            let documents =
                if name.ends_with(".json") { yaml::read_json(&text).map(|node| vec![node]) } else { yaml::read(&text) };
            for document in documents.map_err(failure)? {
                match document.value {
                    Value::Map(files) if document.tag.is_empty() => {
                        edits.extend(files.into_iter().map(|(file, node)| Edit { overlay: overlay.clone(), file, node }));
                    }
                    _ if document.is_null() => {}
                    _ => {
                        return Err(failure(
                            "an overlay has a member for each file that it changes, such as `template.yaml:`".into(),
                        ));
                    }
                }
            }
        }
        Ok(Self { edits })
    }

    /// The files with the user's edits in them, and what has to be told of the edits: those that change nothing any more.
    ///
    /// # Errors
    /// If an edit is of a file that is neither YAML nor JSON.
    pub(crate) fn apply(&self, files: Vec<File>) -> Result<(Vec<File>, Vec<String>), Failure> {
        let (mut files, mut notes) = (files, Vec::new());
        for edit in &self.edits {
            let place = format!("{}: {}", edit.overlay.display(), edit.file);
            match files.iter_mut().find(|file| file.path.to_str() == Some(&edit.file)) {
                Some(file) => {
                    let (text, told) = edited(file, &edit.node).map_err(|error| Failure::new(format!("{place}: {error}")))?;
                    file.text = text;
                    notes.extend(told.into_iter().map(|note| format!("{place}: {note}")));
                }
                None => notes.push(format!("{place}: no such file is generated; take it out of the overlay")),
            }
        }
        Ok((files, notes))
    }
}

/// The text of a file with an edit in it.
fn edited(file: &File, edit: &Node) -> Result<(String, Vec<String>), String> {
    let mut notes = Vec::new();
    let extension = file.path.extension().and_then(|extension| extension.to_str());
    let text =
        match extension {
            Some("json") => {
                let mut node = yaml::read_json(&file.text)?;
                merge(&mut node, edit, "", &mut notes);
                yaml::write_json(&node)
            }
            Some("yaml" | "yml") => {
                let mut documents = yaml::read(&file.text)?;
                match documents.as_mut_slice() {
                    [one] => merge(one, edit, "", &mut notes),
                    // Several resources in one file are as a list of them.
                    _ => {
                        let mut all = Node::list(std::mem::take(&mut documents));
                        merge(&mut all, edit, "", &mut notes);
                        match all.value {
                            Value::List(merged) => documents = merged,
                            _ => return Err(
                                "it has several documents, so the overlay has a list of them, with `kind` and `metadata.name`"
                                    .into(),
                            ),
                        }
                    }
                }
                notes.extend(documents.iter().flat_map(without_a_type));
                yaml::write(&documents)
            }
            _ => return Err("an overlay changes YAML and JSON files only".into()),
        };
    Ok((text, notes))
}

/// Resources of a template that only the overlay knows, and not as a whole: what they were edits of is not generated any more.
fn without_a_type(template: &Node) -> Vec<String> {
    let Some(Value::Map(resources)) = template.get("Resources").map(|resources| &resources.value) else { return Vec::new() };
    let stale = resources.iter().filter(|(_, resource)| resource.get("Type").is_none());
    stale.map(|(name, _)| format!("Resources.{name} is not generated any more; take it out, or give it a `Type`")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEMPLATE: &str = "# Made by a tool.\n\n# What to say.\nParameters:\n  Table:\n    Type: String\n\nResources:\n  # The program.\n  Shop:\n    Type: Function\n    Properties:\n      # In MB.\n      MemorySize: 256\n      Timeout: 30\n      Role: !GetAtt Role.Arn\n      Env:\n        - name: A\n          value: a\n        - name: B\n          value: b\n      Layers:\n        - one\n";

    fn applied(overlay: &str) -> (String, Vec<String>) {
        let files = vec![File::new("template.yaml", TEMPLATE), File::new("a/function.json", "{\"b\": 1, \"a\": [1]}")];
        let edits = match yaml::read(overlay).unwrap().remove(0).value {
            Value::Map(files) => files.into_iter().map(|(file, node)| Edit { overlay: "o".into(), file, node }).collect(),
            other => panic!("{other:?}"),
        };
        let (mut files, notes) = Overlay { edits }.apply(files).unwrap();
        (files.remove(0).text, notes)
    }

    /// The template with one place in other words.
    fn with(from: &str, to: &str) -> (String, Vec<String>) {
        assert!(TEMPLATE.contains(from));
        (TEMPLATE.replace(from, to), Vec::new())
    }

    fn shop(properties: &str) -> (String, Vec<String>) {
        applied(&format!("template.yaml: {{Resources: {{Shop: {{Properties: {properties}}}}}}}"))
    }

    #[test]
    fn an_edit_changes_its_place_and_no_comment() {
        assert_eq!(shop("{MemorySize: 512}"), with("256", "512"));
        assert_eq!(shop("{Timeout: null}"), with("      Timeout: 30\n", ""));
        assert_eq!(shop("{Role: !Sub 'x${A}'}"), with("!GetAtt Role.Arn", "!Sub 'x${A}'"));
        assert_eq!(shop("{Layers: [two, three]}"), with("- one", "- two\n        - three"));
        assert_eq!(shop("{Env: [{name: B, value: c}]}"), with("value: b", "value: c"));
        assert_eq!(shop("{Env: [{name: C, value: c}]}"), with("value: b\n", "value: b\n        - name: C\n          value: c\n"));
        assert_eq!(shop("{Env: [{name: A, $patch: delete}]}"), with("        - name: A\n          value: a\n", ""));
        let replaced = shop("{$patch: replace, Timeout: 5}").0;
        assert!(replaced.contains("Timeout: 5\n") && !replaced.contains("MemorySize"), "{replaced}");
        let (added, notes) = applied("template.yaml:\n  Outputs:\n    # Where.\n    Url: !Ref Shop\n");
        assert_eq!((added, notes), (format!("{TEMPLATE}\nOutputs:\n  # Where.\n  Url: !Ref Shop\n"), vec![]));
    }

    #[test]
    fn an_edit_without_effect_is_told() {
        for (overlay, want) in [
            (
                "template.yaml: {Resources: {Shop: {Properties: {MemorySize: 256}}}}",
                "Resources.Shop.Properties.MemorySize changes nothing",
            ),
            (
                "template.yaml: {Resources: {Shop: {Properties: {Gone: null}}}}",
                "Resources.Shop.Properties.Gone is not generated any more",
            ),
            (
                "template.yaml: {Resources: {Shop: {Properties: {Env: [{name: C, $patch: delete}]}}}}",
                "Env[C] is not generated any more",
            ),
            ("template.yaml: {Resources: {Old: {Properties: {MemorySize: 1}}}}", "Resources.Old is not generated any more"),
            ("b/function.json: {a: 1}", "no such file is generated"),
        ] {
            let notes = applied(overlay).1;
            assert!(notes.len() == 1 && notes[0].contains(want), "{overlay}: {notes:?}");
        }
    }

    #[test]
    fn json_and_files_of_several_documents_have_edits_too() {
        let edit = |file: &File, edit: &str| edited(file, &yaml::read(edit).unwrap()[0]);
        let json = File::new("host.json", "{\"b\": 1, \"a\": [1]}");
        assert_eq!(edit(&json, "{b: 2, c: x}").unwrap().0, "{\n  \"b\": 2,\n  \"a\": [\n    1\n  ],\n  \"c\": \"x\"\n}\n");
        let triggers =
            "# Made.\n\nkind: Trigger\nmetadata:\n  name: a\nspec: 1\n---\nkind: Trigger\nmetadata:\n  name: b\nspec: 1\n"
                .replace("\nmetadata", "\n\nmetadata")
                .replace("\nspec", "\n\nspec");
        let file = File::new("triggers.yaml", triggers.clone());
        let (text, notes) = edit(&file, "[{kind: Trigger, metadata: {name: b}, spec: 2}]").unwrap();
        assert_eq!((text.matches("spec: 1").count(), text.matches("spec: 2").count(), notes), (1, 1, vec![]));
        assert!(text.starts_with("# Made.\n\nkind: Trigger\n\nmetadata:\n  name: a\n\nspec: 1\n---\n"), "{text}");
        assert!(edit(&File::new("deploy.sh", ""), "a: 1").unwrap_err().contains("YAML and JSON files only"));
    }
}
