//! The names in ARNs; an ARN of another form has none, which is no error.

use std::sync::Arc;

/// The part after the last colon: of a queue or a topic.
pub(super) fn last(arn: &str) -> Option<String> {
    named(arn.rsplit_once(':').filter(|_| arn.starts_with("arn:"))?.1)
}

/// What follows `kind/` in the resource, the sixth part of an ARN, up to the next slash: of a table or a stream.
pub(super) fn after(arn: &str, kind: &str) -> Option<String> {
    let resource = arn.strip_prefix("arn:")?.splitn(5, ':').nth(4)?;
    named(resource.strip_prefix(kind)?.split('/').next()?)
}

/// What the ARN says that each record of a delivery has: itself, to be shared, and the name in it. Nearly always it is the same
/// one, which is looked through once.
pub(super) struct Sources {
    read: fn(&str) -> Option<String>,
    arn: Arc<str>,
    name: Option<String>,
}

impl Sources {
    /// None yet; `read` finds the name in an ARN.
    pub(super) fn named_by(read: fn(&str) -> Option<String>) -> Self {
        Self { read, arn: Arc::default(), name: None }
    }

    /// This ARN and the name in it.
    pub(super) fn of(&mut self, arn: &str) -> (Arc<str>, Option<String>) {
        if *arn != *self.arn {
            (self.arn, self.name) = (arn.into(), (self.read)(arn));
        }
        (Arc::clone(&self.arn), self.name.clone())
    }
}

/// The part after the last slash: of a rule or a schedule.
pub(super) fn tail(arn: &str) -> Option<String> {
    named(arn.rsplit_once('/')?.1)
}

fn named(name: &str) -> Option<String> {
    Some(name.to_owned()).filter(|name| !name.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_record_has_the_name_in_its_own_arn() {
        let mut sources = Sources::named_by(last);
        for (arn, want) in [
            ("", None),
            ("arn:aws:sqs:eu-central-1:1:a", Some("a")),
            ("arn:aws:sqs:eu-central-1:1:a", Some("a")),
            ("arn:aws:sqs:eu-central-1:1:b", Some("b")),
            ("b", None),
            ("arn:aws:sqs:eu-central-1:1:a", Some("a")),
        ] {
            let (source, name) = sources.of(arn);
            assert_eq!((&*source, name.as_deref()), (arn, want));
        }
    }
}
