//! The names in ARNs; an ARN of another form has none, which is no error.

/// The part after the last colon: of a queue or a topic.
pub(super) fn last(arn: &str) -> Option<String> {
    named(arn.rsplit_once(':').filter(|_| arn.starts_with("arn:"))?.1)
}

/// What follows `kind/` in the resource, the sixth part of an ARN, up to the next slash: of a table or a stream.
pub(super) fn after(arn: &str, kind: &str) -> Option<String> {
    let resource = arn.strip_prefix("arn:")?.splitn(5, ':').nth(4)?;
    named(resource.strip_prefix(kind)?.split('/').next()?)
}

/// The name in the ARN that each record of a delivery has. Nearly always it is the same one, which is looked through once.
pub(super) struct Name<'a> {
    read: fn(&str) -> Option<String>,
    arn: &'a str,
    name: Option<String>,
}

impl<'a> Name<'a> {
    /// None yet; `read` finds the name in an ARN.
    pub(super) fn by(read: fn(&str) -> Option<String>) -> Self {
        Self { read, arn: "", name: None }
    }

    /// The name in this ARN.
    pub(super) fn of(&mut self, arn: &'a str) -> Option<String> {
        if arn != self.arn {
            (self.arn, self.name) = (arn, (self.read)(arn));
        }
        self.name.clone()
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
        let mut names = Name::by(last);
        for (arn, want) in [
            ("", None),
            ("arn:aws:sqs:eu-central-1:1:a", Some("a")),
            ("arn:aws:sqs:eu-central-1:1:a", Some("a")),
            ("arn:aws:sqs:eu-central-1:1:b", Some("b")),
            ("b", None),
            ("arn:aws:sqs:eu-central-1:1:a", Some("a")),
        ] {
            assert_eq!(names.of(arn).as_deref(), want, "{arn}");
        }
    }
}
