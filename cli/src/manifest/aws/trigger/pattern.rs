//! Patterns of EventBridge.
//!
//! Source: [Event patterns](https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html).

use super::{Function, Parts, Source, inbox::inbox};
use crate::manifest::{
    aws::parts::{attribute, resource},
    yaml::Node,
};

/// What one member of an event must be: this text, in which `*` stands for any; `None` if anything will do.
pub(super) fn matching(pattern: &str) -> Option<Node> {
    if !pattern.is_empty() && pattern.chars().all(|c| c == '*') {
        return None;
    }
    if !pattern.contains('*') {
        return Some(Node::list([pattern]));
    }
    let parts: Vec<_> = pattern.split('*').map(|part| part.replace('\\', "\\\\")).collect();
    let mut wildcard = parts.join("*");
    // EventBridge refuses two in a row.
    while wildcard.contains("**") {
        wildcard = wildcard.replace("**", "*");
    }
    Some(only("wildcard", &wildcard))
}

/// What an object's key must begin and end with.
pub(super) fn between(prefix: &str, suffix: &str) -> Option<Node> {
    let escaped = |text: &str| text.replace('\\', "\\\\").replace('*', "\\*");
    match (prefix, suffix) {
        ("", "") => None,
        (prefix, "") => Some(only("prefix", prefix)),
        ("", suffix) => Some(only("suffix", suffix)),
        // Two patterns in a list are either, not both.
        (prefix, suffix) => Some(only("wildcard", &format!("{}*{}", escaped(prefix), escaped(suffix)))),
    }
}

fn only(operator: &str, text: &str) -> Node {
    Node::list([Node::map().with(operator, text)])
}

/// Adds a rule that sends what fits the pattern to the function's queue.
pub(super) fn rule(function: Function<'_>, bus: Option<Node>, pattern: Node, parts: &mut Parts) -> Source {
    let target = Node::map().with("Id", "queue").with("Arn", attribute(&function.id("Queue"), "Arn"));
    let properties =
        Node::map().with_some("EventBusName", bus).with("EventPattern", pattern).with("Targets", Node::list([target]));
    let rule = function.id("Rule");
    parts.resource(rule.clone(), resource("AWS::Events::Rule", properties));
    inbox(function, "events.amazonaws.com", attribute(&rule, "Arn"), false, parts)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(node: Option<Node>) -> String {
        node.map(|node| crate::manifest::yaml::write_json(&node).split_whitespace().collect()).unwrap_or_default()
    }

    #[test]
    fn a_star_is_a_wildcard_and_others_stand_for_themselves() {
        for (pattern, want) in [
            ("order.created", r#"["order.created"]"#),
            ("order.*", r#"[{"wildcard":"order.*"}]"#),
            (r"a\b**c", r#"[{"wildcard":"a\\\\b*c"}]"#),
            (r"a\b", r#"["a\\b"]"#),
            ("*", ""),
            ("**", ""),
        ] {
            assert_eq!(text(matching(pattern)), want, "{pattern}");
        }
        assert_eq!(text(between("in/", "")), r#"[{"prefix":"in/"}]"#);
        assert_eq!(text(between("", ".jpg")), r#"[{"suffix":".jpg"}]"#);
        assert_eq!(text(between("a*/", ".jpg")), r#"[{"wildcard":"a\\*/*.jpg"}]"#);
        assert_eq!(text(between("", "")), "");
    }
}
