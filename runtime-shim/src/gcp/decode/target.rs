//! What a request's target says of the message in it; the message itself does not name its topic.

use http::Uri;

/// The way in which Eventarc made a request: the value of `__GCP_CloudEventsMode` in its query.
pub(super) fn mode(target: &Uri) -> Option<String> {
    let value = target.query()?.split('&').find_map(|pair| pair.strip_prefix("__GCP_CloudEventsMode="))?;
    Some(percent_encoding::percent_decode_str(value).decode_utf8_lossy().into_owned())
}

/// The topic's path in a request's target: in the way that Eventarc names, else in the path.
pub(super) fn topic(target: &Uri) -> Option<String> {
    let mode = mode(target);
    let of_mode = mode.as_deref().and_then(|mode| mode.strip_prefix("CUSTOM_PUBSUB_")).and_then(topic_in);
    of_mode.or_else(|| topic_in(target.path()))
}

/// The name of the topic, and the source of its messages; without a topic the subscription is all that is known.
pub(super) fn origin(topic: Option<&str>, subscription: &str) -> (Option<String>, String) {
    let name = topic.and_then(|path| path.rsplit('/').next().map(str::to_owned));
    (name, format!("//pubsub.googleapis.com/{}", topic.unwrap_or(subscription)))
}

/// `projects/P/topics/T` in a path.
fn topic_in(path: &str) -> Option<String> {
    let segments: Vec<_> = path.split('/').collect();
    segments.windows(4).find_map(|four| match four {
        ["projects", project, "topics", topic] if !project.is_empty() && !topic.is_empty() => {
            Some(format!("projects/{project}/topics/{topic}"))
        }
        _ => None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_topic_is_four_segments_of_the_mode_or_the_path() {
        let found = |target: &str| topic(&target.parse().unwrap());
        for target in [
            "/?__GCP_CloudEventsMode=CUSTOM_PUBSUB_projects%2Fp%2Ftopics%2Ft",
            "/projects/p/topics/other?a=1&__GCP_CloudEventsMode=CUSTOM_PUBSUB_projects/p/topics/t",
            "/f/projects/p/topics/t",
            "/projects/p/topics/t/more",
            "/projects/p/topics/t?__GCP_CloudEventsMode=CE_PUBSUB_BINDING",
        ] {
            assert_eq!(found(target).as_deref(), Some("projects/p/topics/t"), "{target}");
        }
        for target in ["/", "/projects//topics/t", "/projects/p/topics/", "/topics/t", "/?topic=projects/p/topics/t"] {
            assert_eq!(found(target), None, "{target}");
        }
    }
}
