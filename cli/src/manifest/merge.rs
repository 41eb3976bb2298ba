use super::yaml::{Node, Value};

/// What members of an overlay say that are no members of the file, as in Kubernetes' patches: `delete` or `replace`.
const PATCH: &str = "$patch";

/// Merges an edit into what was generated, whose comments stay. `path` is where, for what has to be told.
pub(super) fn merge(base: &mut Node, edit: &Node, path: &str, notes: &mut Vec<String>) {
    let same = is_same(base, edit);
    match (&mut base.value, &edit.value) {
        (Value::Map(members), Value::Map(edits)) if base.tag.is_empty() && edit.tag.is_empty() => {
            if edit.get(PATCH).and_then(Node::as_text) == Some("replace") {
                members.clear();
            }
            for (key, edit) in edits.iter().filter(|(key, _)| key != PATCH) {
                let path = if path.is_empty() { key.clone() } else { format!("{path}.{key}") };
                let at = members.iter().position(|(have, _)| have == key);
                match (at, members.iter_mut().find(|(have, _)| have == key)) {
                    (Some(at), _) if edit.is_null() => drop(members.remove(at)),
                    (None, _) if edit.is_null() => notes.push(gone(&path)),
                    (_, Some((_, node))) => merge(node, edit, &path, notes),
                    _ => members.push((key.clone(), edit.clone())),
                }
            }
        }
        (Value::List(items), Value::List(edits))
            if base.tag.is_empty() && edit.tag.is_empty() && are_named(items) && are_named(edits) =>
        {
            for edit in edits {
                let name = name(edit);
                let path = format!("{path}[{}]", name.as_deref().unwrap_or_default());
                let deletes = edit.get(PATCH).and_then(Node::as_text) == Some("delete");
                match items.iter().position(|item| self::name(item) == name) {
                    Some(at) if deletes => drop(items.remove(at)),
                    None if deletes => notes.push(gone(&path)),
                    Some(at) => items.get_mut(at).into_iter().for_each(|item| merge(item, &unnamed(edit), &path, notes)),
                    None => items.push(edit.clone()),
                }
            }
        }
        _ if same => notes.push(format!("{path} changes nothing any more: the same is generated")),
        _ => {
            let comment = if edit.comment.is_empty() { std::mem::take(&mut base.comment) } else { edit.comment.clone() };
            *base = edit.clone().told(comment);
        }
    }
}

fn gone(path: &str) -> String {
    format!("{path} is not generated any more; take it out of the overlay")
}

/// Whether a list is one of things that are called something, so that an edit can say which it means.
fn are_named(items: &[Node]) -> bool {
    !items.is_empty() && items.iter().all(|item| name(item).is_some())
}

/// What names an item of a list.
const NAMES: [&str; 6] = ["name", "Name", "Key", "Sid", "PolicyName", "Id"];

/// What an item of a list is called: a resource of Kubernetes by its kind too.
fn name(item: &Node) -> Option<String> {
    if let (Some(kind), Some(name)) = (item.get("kind"), item.get("metadata").and_then(|metadata| metadata.get("name"))) {
        return Some(format!("{}/{}", kind.as_text()?, name.as_text()?));
    }
    NAMES.iter().find_map(|key| item.get(key))?.as_text().map(str::to_owned)
}

/// The same without its name, which an edit says only to say what it means.
fn unnamed(edit: &Node) -> Node {
    let mut edit = edit.clone();
    let Value::Map(members) = &mut edit.value else { return edit };
    match members.iter_mut().find(|(key, _)| key == "metadata") {
        Some((_, Node { value: Value::Map(metadata), .. })) => {
            metadata.retain(|(key, _)| key != "name");
            members.retain(|(key, _)| key != "kind");
        }
        _ => {
            let named = NAMES.iter().find(|name| members.iter().any(|(key, _)| key == *name));
            members.retain(|(key, _)| Some(&key.as_str()) != named);
        }
    }
    edit
}

/// Whether both are the same but for their comments.
fn is_same(one: &Node, other: &Node) -> bool {
    one.tag == other.tag
        && match (&one.value, &other.value) {
            (Value::List(ones), Value::List(others)) => {
                ones.len() == others.len() && ones.iter().zip(others).all(|(one, other)| is_same(one, other))
            }
            // The order of members says nothing.
            (Value::Map(ones), Value::Map(others)) => {
                let same = |(key, one): &(String, Node)| others.iter().any(|(have, other)| have == key && is_same(one, other));
                ones.len() == others.len() && ones.iter().all(same)
            }
            (one, other) => one == other,
        }
}
