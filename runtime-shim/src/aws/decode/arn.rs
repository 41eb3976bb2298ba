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

/// The part after the last slash: of a rule or a schedule.
pub(super) fn tail(arn: &str) -> Option<String> {
    named(arn.rsplit_once('/')?.1)
}

fn named(name: &str) -> Option<String> {
    Some(name.to_owned()).filter(|name| !name.is_empty())
}
