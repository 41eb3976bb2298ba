//! Which CloudEvents a trigger lets through: those that say what the function is bound to.
//!
//! Source: [Knative trigger filters](https://knative.dev/docs/eventing/triggers/#trigger-filtering).

use polyfn_shim::{event::Kind, manifest::Entry};

use crate::manifest::yaml::Node;

/// The type of the events of a PingSource.
const PING: &str = "dev.knative.sources.ping";

/// The members of a trigger's spec that filter: by equal attributes where that is enough.
pub(super) fn members(spec: Node, function: &Entry) -> Node {
    let conditions = conditions(function);
    let exact = |condition: &Condition| matches!(condition, Condition::Is("exact", _, _));
    if conditions.iter().all(exact) {
        let attributes = conditions.into_iter().fold(Node::map(), |map, condition| match condition {
            Condition::Is(_, attribute, value) => map.with(attribute, value),
            Condition::Any(_) | Condition::Like(..) => map,
        });
        return spec.with("filter", Node::map().with("attributes", attributes));
    }
    spec.with("filters", Node::list(conditions.into_iter().map(Condition::node)))
}

/// What must hold of an event.
enum Condition {
    /// An attribute is (`exact`), begins with (`prefix`) or ends with (`suffix`) this.
    Is(&'static str, &'static str, String),
    /// The type is one of these.
    Any(Vec<String>),
    /// An attribute fits a pattern of CESQL.
    Like(&'static str, String),
}

impl Condition {
    fn node(self) -> Node {
        match self {
            Self::Is(how, attribute, value) => Node::map().with(how, Node::map().with(attribute, value)),
            Self::Any(types) => {
                let exact = |ty: String| Node::map().with("exact", Node::map().with("type", ty));
                Node::map().with("any", Node::list(types.into_iter().map(exact)))
            }
            Self::Like(attribute, pattern) => Node::map().with("cesql", format!("{attribute} LIKE '{pattern}'")),
        }
    }
}

fn conditions(function: &Entry) -> Vec<Condition> {
    let resource = function.resource.as_deref().unwrap_or_default();
    let ty = |ty: &str| Condition::Is("exact", "type", ty.to_owned());
    let mut all = match function.trigger {
        Kind::Http | Kind::Direct => Vec::new(),
        Kind::Queue => vec![ty("polyfn.queue.message")],
        Kind::Topic => vec![ty("polyfn.topic.message")],
        Kind::Stream => vec![ty("polyfn.stream.record")],
        Kind::Change => vec![Condition::Is("prefix", "type", "polyfn.change.".to_owned())],
        Kind::Schedule => vec![ty(PING)],
        Kind::Event => Vec::new(),
        Kind::Object => {
            let types: Vec<_> = function.on.iter().map(|action| format!("polyfn.object.{}", action.as_str())).collect();
            vec![match types.as_slice() {
                [] => Condition::Is("prefix", "type", "polyfn.object.".to_owned()),
                [one] => ty(one),
                _ => Condition::Any(types),
            }]
        }
    };
    all.extend(match function.trigger {
        Kind::Http | Kind::Direct => None,
        Kind::Queue => pattern("queue", resource),
        Kind::Topic => pattern("topic", resource),
        Kind::Stream => pattern("stream", resource),
        Kind::Change => pattern("collection", resource),
        Kind::Object => pattern("bucket", resource),
        Kind::Event => pattern("type", resource),
        // The source of the ticks names its function.
        Kind::Schedule => Some(Condition::Is("exact", "schedule", function.name.clone())),
    });
    if !function.prefix.is_empty() {
        all.push(Condition::Is("prefix", "subject", function.prefix.clone()));
    }
    if !function.suffix.is_empty() {
        all.push(Condition::Is("suffix", "subject", function.suffix.clone()));
    }
    if !function.source.is_empty() {
        all.extend(pattern("source", &function.source));
    }
    all
}

/// That an attribute fits a name in which `*` stands for any text; none if every text does.
fn pattern(attribute: &'static str, name: &str) -> Option<Condition> {
    let stars = name.matches('*').count();
    Some(match (stars, name.strip_suffix('*'), name.strip_prefix('*')) {
        (0, ..) => Condition::Is("exact", attribute, name.to_owned()),
        (1, Some(""), _) => return None,
        (1, Some(prefix), _) => Condition::Is("prefix", attribute, prefix.to_owned()),
        (1, _, Some(suffix)) => Condition::Is("suffix", attribute, suffix.to_owned()),
        _ => Condition::Like(attribute, like(name)),
    })
}

/// The same as a pattern of CESQL, in single quotes.
///
/// Source: [CloudEvents SQL](https://github.com/cloudevents/spec/blob/main/cesql/spec.md).
fn like(name: &str) -> String {
    let mut pattern = String::new();
    for char in name.chars() {
        match char {
            '*' => pattern.push('%'),
            '%' | '_' | '\'' | '\\' => pattern.extend(['\\', char]),
            char => pattern.push(char),
        }
    }
    pattern
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_star_is_what_knative_has_for_it() {
        let shown = |name: &str| match pattern("queue", name) {
            None => "any".to_owned(),
            Some(Condition::Is(how, _, value)) => format!("{how} {value}"),
            Some(Condition::Like(_, pattern)) => format!("like {pattern}"),
            Some(Condition::Any(_)) => panic!("no pattern"),
        };
        for (name, want) in [
            ("orders", "exact orders"),
            ("*", "any"),
            ("orders-*", "prefix orders-"),
            ("*.fifo", "suffix .fifo"),
            ("a*c", "like a%c"),
            ("*it's 5%_*", r"like %it\'s 5\%\_%"),
        ] {
            assert_eq!(shown(name), want);
        }
    }
}
