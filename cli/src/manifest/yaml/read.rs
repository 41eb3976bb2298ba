use std::collections::{BTreeMap, HashSet};

use saphyr_parser::{Event, Parser, ScalarStyle, Span, Tag};

use super::{Node, Value, scalar};

/// Nobody nests a manifest deeper; each level is a call of its own.
const DEEPEST: usize = 64;

/// The documents of a YAML file, with the comments that have lines of their own.
///
/// # Errors
/// If it is no YAML, or has what manifests do not need: an alias, a key that is no text, a key twice.
pub(crate) fn read(text: &str) -> Result<Vec<Node>, String> {
    let mut events = Vec::new();
    for event in Parser::new_from_str(text) {
        let (event, span) = event.map_err(|error| format!("line {}: {}", error.marker().line(), error.info()))?;
        events.push((event, span));
    }
    let mut reader = Reader { comments: Comments::of(text, &events), events: events.into_iter().peekable() };
    let mut documents = Vec::new();
    while let Some((event, span)) = reader.events.next() {
        if let Event::DocumentStart(explicit) = event {
            let from = if explicit { span.start.line() + 1 } else { 1 };
            let header = reader.comments.header(from);
            let root = reader.events.next().ok_or("the file ends within a document")?;
            documents.push(reader.node(root, 0)?.told(header));
        }
    }
    Ok(documents)
}

struct Reader<'a> {
    events: std::iter::Peekable<std::vec::IntoIter<(Event<'a>, Span)>>,
    comments: Comments,
}

impl<'a> Reader<'a> {
    fn node(&mut self, (event, span): (Event<'a>, Span), depth: usize) -> Result<Node, String> {
        let line = span.start.line();
        if depth > DEEPEST {
            return Err(format!("line {line}: this is nested more than {DEEPEST} times"));
        }
        let (value, tag) = match event {
            Event::Scalar(text, style, _, tag) => {
                let tag = tag.map(|tag| spelled(&tag)).unwrap_or_default();
                let plain = style == ScalarStyle::Plain && tag != TEXT && scalar::is_no_text(&text);
                (if plain { Value::Plain(text.into_owned()) } else { Value::Text(text.into_owned()) }, tag)
            }
            Event::SequenceStart(_, tag) => {
                let mut items = Vec::new();
                loop {
                    let next = self.next(line)?;
                    if next.0 == Event::SequenceEnd {
                        break;
                    }
                    let comment = self.comments.above(next.1.start.line());
                    items.push(self.node(next, depth + 1)?.told(comment));
                }
                (Value::List(items), tag.map(|tag| spelled(&tag)).unwrap_or_default())
            }
            Event::MappingStart(_, tag) => {
                (Value::Map(self.members(line, depth)?), tag.map(|tag| spelled(&tag)).unwrap_or_default())
            }
            Event::Alias(_) => return Err(format!("line {line}: write the value again; anchors are not read")),
            _ => return Err(format!("line {line}: there is no value")),
        };
        // Tags of YAML itself say what the value shows already.
        let tag = if tag.starts_with("!!") { String::new() } else { tag };
        Ok(Node { comment: String::new(), tag, value })
    }

    fn members(&mut self, line: usize, depth: usize) -> Result<Vec<(String, Node)>, String> {
        let (mut members, mut keys) = (Vec::new(), HashSet::new());
        loop {
            let (event, span) = self.next(line)?;
            let line = span.start.line();
            let key = match event {
                Event::MappingEnd => return Ok(members),
                Event::Scalar(key, ..) => key.into_owned(),
                _ => return Err(format!("line {line}: a key is a text")),
            };
            if !keys.insert(key.clone()) {
                return Err(format!("line {line}: `{key}` is there twice"));
            }
            let comment = self.comments.above(line);
            let value = self.next(line)?;
            members.push((key, self.node(value, depth + 1)?.told(comment)));
        }
    }

    fn next(&mut self, line: usize) -> Result<(Event<'a>, Span), String> {
        self.events.next().ok_or_else(|| format!("line {line}: the file ends within this"))
    }
}

const TEXT: &str = "!!str";

/// A tag as it is written.
fn spelled(tag: &Tag) -> String {
    let handle = if tag.is_yaml_core_schema() { "!!" } else { &tag.handle };
    format!("{handle}{}", tag.suffix)
}

/// The lines of a file that are comments and belong to nothing yet.
struct Comments {
    /// Each with its number, from 1 on.
    lines: BTreeMap<usize, String>,
    empty: HashSet<usize>,
}

impl Comments {
    fn of(text: &str, events: &[(Event<'_>, Span)]) -> Self {
        // A text of several lines may hold some that look like comments.
        let within: HashSet<usize> = events
            .iter()
            .flat_map(|(event, span)| match event {
                // The span of a block begins with its first line of text, and ends before the next token.
                Event::Scalar(_, ScalarStyle::Literal | ScalarStyle::Folded, ..) => span.start.line()..span.end.line(),
                Event::Scalar(..) => span.start.line() + 1..span.end.line() + 1,
                _ => 0..0,
            })
            .collect();
        let (mut lines, mut empty) = (BTreeMap::new(), HashSet::new());
        for (number, line) in (1..).zip(text.lines()).filter(|(number, _)| !within.contains(number)) {
            match line.trim_start().strip_prefix('#') {
                Some(comment) => drop(lines.insert(number, comment.strip_prefix(' ').unwrap_or(comment).to_owned())),
                None if line.trim().is_empty() => drop(empty.insert(number)),
                None => {}
            }
        }
        Self { lines, empty }
    }

    /// Those that stand directly above a line.
    fn above(&mut self, line: usize) -> String {
        let from = (1..line).rev().take_while(|line| self.lines.contains_key(line)).last().unwrap_or(line);
        self.take(from, line)
    }

    /// Those at the top of a document, if an empty line parts them from what follows.
    fn header(&mut self, from: usize) -> String {
        let end = (from..).find(|line| !self.lines.contains_key(line)).unwrap_or(from);
        if self.empty.contains(&end) { self.take(from, end) } else { String::new() }
    }

    fn take(&mut self, from: usize, end: usize) -> String {
        let lines: Vec<_> = (from..end).filter_map(|line| self.lines.remove(&line)).collect();
        lines.join("\n")
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::manifest::yaml::write;

    /// Texts that some reader of YAML takes for something else, and any others.
    fn texts() -> impl Strategy<Value = String> {
        const HOSTILE: &[&str] = &[
            "",
            " ",
            "yes",
            "No",
            "on",
            "y",
            "~",
            "null",
            "true",
            "012",
            "1e3",
            "0x1f",
            "1:30",
            "2012-10-17",
            ".5",
            "-",
            "- a",
            "? b",
            "a: b",
            "a:",
            ":a",
            "a #b",
            "#a",
            "!Ref x",
            "&a",
            "*a",
            "${AWS::Region}",
            "{{resolve:x}}",
            "[a",
            "a, b",
            "'",
            "\"",
            "it's",
            "a\nb",
            "a\n",
            "\n a",
            " a",
            "a ",
            "\t",
            "%a",
            "@a",
            "`a",
            "|",
            ">",
            "---",
            "...",
            "<<",
            "=",
            "\u{85}",
            "\u{2028}",
            "\u{feff}",
            "\u{0}",
            "\r\n",
            "\\",
            "é",
            "🦀",
            "cron(0 5 ? * MON-FRI *)",
            "/a/{b}",
        ];
        prop_oneof![proptest::sample::select(HOSTILE).prop_map(str::to_owned), any::<String>(), "[ -~]{0,12}"]
    }

    fn comments() -> impl Strategy<Value = String> {
        prop_oneof![3 => Just(String::new()), 1 => "[a-z#:'\"]{1,9}(\n[ -~é]{0,9}){0,2}"]
    }

    fn nodes() -> impl Strategy<Value = Node> {
        let tags = || prop_oneof![4 => Just(""), 1 => Just("!Ref"), 1 => Just("!GetAtt")];
        let plain = proptest::sample::select(&["0", "-1", "1.5", "true", "false", "2012-10-17", "1:30", "yes"][..]);
        let leaf = prop_oneof![plain.prop_map(|text| Value::Plain(text.to_owned())), texts().prop_map(Value::Text)];
        let leaf = (leaf, tags()).prop_map(|(value, tag)| Node::new(value).tagged(tag));
        leaf.prop_recursive(4, 40, 5, move |inner| {
            let commented = (inner, comments()).prop_map(|(node, comment)| node.told(comment)).boxed();
            let list = prop::collection::vec(commented.clone(), 0..5).prop_map(Value::List);
            let map = prop::collection::btree_map(texts(), commented, 0..5).prop_map(|map| Value::Map(map.into_iter().collect()));
            (prop_oneof![list, map], tags()).prop_map(|(value, tag)| Node::new(value).tagged(tag))
        })
    }

    /// The same without comments within lists: what stands beside a dash gives its comment to the dash.
    fn bare(node: &Node, within: bool) -> Node {
        let comment = if within { String::new() } else { node.comment.clone() };
        let value = match &node.value {
            Value::List(items) => Value::List(items.iter().map(|node| bare(node, true)).collect()),
            Value::Map(members) => Value::Map(members.iter().map(|(key, node)| (key.clone(), bare(node, within))).collect()),
            other => other.clone(),
        };
        Node { comment, tag: node.tag.clone(), value }
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_as_what_was_meant(node in nodes(), header in comments()) {
            let node = node.told(header);
            let text = write(&[node.clone(), node.clone()]);
            let read = read(&text).unwrap_or_else(|error| panic!("{error}\n{text}"));
            prop_assert_eq!(read.iter().map(|node| bare(node, false)).collect::<Vec<_>>(), [bare(&node, false), bare(&node, false)], "{}", text);
            // And it is stable.
            prop_assert_eq!(write(&read), text);
        }
    }

    #[test]
    fn comments_belong_to_what_stands_below_them() {
        let text = "# Made by a tool.\n#\n# Twice.\n\n# One.\na:\n  # First.\n  - b: 1\n    # Inner.\n    c: |\n      # text\n  # Second.\n  - !Ref d\n";
        let root = &read(text).unwrap()[0];
        assert_eq!(root.comment, "Made by a tool.\n\nTwice.");
        let a = root.get("a").unwrap();
        assert_eq!(a.comment, "One.");
        let Value::List(items) = &a.value else { panic!("{a:?}") };
        assert_eq!([items[0].comment.as_str(), items[1].comment.as_str()], ["First.", "Second."]);
        assert_eq!(
            (items[0].get("c").unwrap().comment.as_str(), items[0].get("c").unwrap().as_text()),
            ("Inner.", Some("# text\n"))
        );
        assert_eq!((items[1].tag.as_str(), &items[1].value), ("!Ref", &Value::Text("d".to_owned())));
    }

    #[test]
    fn what_is_no_manifest_is_refused_with_its_line() {
        for (text, want) in [
            ("a: 1\nb: [", "line 3"),
            ("a: 1\na: 2", "line 2: `a` is there twice"),
            ("a: &x 1\nb: *x", "line 2: write the value again"),
            ("? [a]\n: 1", "line 1: a key is a text"),
            (&format!("{}{}", "[".repeat(100), "]".repeat(100)), "nested more than 64 times"),
        ] {
            let error = read(text).unwrap_err();
            assert!(error.contains(want), "{text}: {error}");
        }
    }

    #[test]
    fn quotes_are_where_a_reader_would_see_something_else() {
        let node = Node::map()
            .with("word", "orders")
            .with("no", "no")
            .with("number", "12")
            .with("sub", Node::from("${AWS::Region}").tagged("!Sub"))
            .with("if", Node::list(["A", "B"]).tagged("!If"))
            .with("none", Node::map())
            .with("lines", "a\n\"b\"");
        let want = "word: orders\n\n'no': 'no'\n\nnumber: '12'\n\nsub: !Sub '${AWS::Region}'\n\nif: !If [A, B]\n\nnone: {}\n\nlines: \"a\\n\\\"b\\\"\"\n";
        assert_eq!(write(&[node]), want);
    }
}
