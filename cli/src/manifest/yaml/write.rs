use super::{Node, Value, scalar};

/// The text of a file that holds these documents. It is stable: the same tree gives the same bytes.
pub(crate) fn write(documents: &[Node]) -> String {
    let mut out = String::new();
    for (at, document) in documents.iter().enumerate() {
        if at > 0 {
            out.push_str("---\n");
        }
        if !document.comment.is_empty() {
            comment(&mut out, &document.comment, 0);
            out.push('\n');
        }
        match is_block(document) {
            true if document.tag.is_empty() => block(&mut out, document, 0, 0),
            true => {
                out.push_str(&document.tag);
                out.push('\n');
                block(&mut out, document, 0, 0);
            }
            false => {
                inline(&mut out, document);
                out.push('\n');
            }
        }
    }
    out
}

/// The lines of a list or a map, each from this column on.
fn block(out: &mut String, node: &Node, column: usize, depth: usize) {
    match &node.value {
        Value::Map(members) => {
            for (at, (key, node)) in members.iter().enumerate() {
                // Air between what a person looks for: the sections of a file, and what stands in each.
                if at > 0 && (depth == 0 || depth == 1 && is_block(node)) {
                    out.push('\n');
                }
                comment(out, &node.comment, column);
                indent(out, column);
                scalar::write(out, key);
                out.push(':');
                value(out, node, column, depth + 1);
            }
        }
        Value::List(items) => items.iter().for_each(|node| item(out, node, column, depth + 1)),
        Value::Plain(_) | Value::Text(_) => {}
    }
}

/// What follows a key, to the end of its lines.
fn value(out: &mut String, node: &Node, column: usize, depth: usize) {
    if !is_block(node) {
        out.push(' ');
        inline(out, node);
        out.push('\n');
        return;
    }
    if !node.tag.is_empty() {
        out.push(' ');
        out.push_str(&node.tag);
    }
    out.push('\n');
    block(out, node, column + 2, depth);
}

fn item(out: &mut String, node: &Node, column: usize, depth: usize) {
    comment(out, &node.comment, column);
    if node.tag.is_empty() && is_block(node) {
        let mut node = node.clone();
        comment(out, &beside_the_dash(&mut node), column);
        let mut lines = String::new();
        block(&mut lines, &node, column + 2, depth.max(2));
        indent(out, column);
        out.push_str("- ");
        out.push_str(lines.trim_start());
    } else {
        indent(out, column);
        out.push('-');
        value(out, node, column, depth);
    }
}

/// Takes the comment of what stands on the line of a dash; it can only stand above the dash.
fn beside_the_dash(node: &mut Node) -> String {
    match &mut node.value {
        Value::Map(members) => members.first_mut().map(|(_, first)| std::mem::take(&mut first.comment)).unwrap_or_default(),
        Value::List(items) => {
            let Some(first) = items.first_mut() else { return String::new() };
            let above = std::mem::take(&mut first.comment);
            let below = if first.tag.is_empty() && is_block(first) { beside_the_dash(first) } else { String::new() };
            [above, below].into_iter().filter(|comment| !comment.is_empty()).collect::<Vec<_>>().join("\n")
        }
        Value::Plain(_) | Value::Text(_) => String::new(),
    }
}

/// Whether it takes lines of its own.
fn is_block(node: &Node) -> bool {
    match &node.value {
        Value::Map(members) => !members.is_empty(),
        // `!If [Condition, !Ref One, !Ref Other]` reads well on its line.
        Value::List(items) => !items.is_empty() && (node.tag.is_empty() || !items.iter().all(is_short)),
        Value::Plain(_) | Value::Text(_) => false,
    }
}

fn is_short(node: &Node) -> bool {
    matches!(&node.value, Value::Plain(text) | Value::Text(text) if text.len() < 60) && node.comment.is_empty()
}

/// What fits on one line.
fn inline(out: &mut String, node: &Node) {
    if !node.tag.is_empty() {
        out.push_str(&node.tag);
        out.push(' ');
    }
    match &node.value {
        Value::Plain(text) => out.push_str(if text.is_empty() { "null" } else { text }),
        Value::Text(text) => scalar::write(out, text),
        Value::Map(_) => out.push_str("{}"),
        Value::List(items) => {
            out.push('[');
            for (at, item) in items.iter().enumerate() {
                if at > 0 {
                    out.push_str(", ");
                }
                inline(out, item);
            }
            out.push(']');
        }
    }
}

fn comment(out: &mut String, text: &str, column: usize) {
    if text.is_empty() {
        return;
    }
    for line in text.split('\n') {
        indent(out, column);
        out.push('#');
        if !line.is_empty() {
            out.push(' ');
        }
        // What would end the line, or be no text, is a space.
        out.extend(line.chars().map(|c| if scalar::is_printable(c) { c } else { ' ' }));
        out.push('\n');
    }
}

fn indent(out: &mut String, column: usize) {
    out.extend(std::iter::repeat_n(' ', column));
}
