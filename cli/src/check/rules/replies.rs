use polyfn_shim::{event::Kind, manifest::Entry};

use crate::{
    check::lint::{Lint, REPLY},
    target::Target,
};

/// Whether a reply may be longer than what the provider returns.
pub(super) fn check(function: &Entry, target: Target, found: &mut impl FnMut(Lint, String)) {
    if function.trigger != Kind::Http {
        return;
    }
    let media_type = function.replies.split(' ').nth(1).unwrap_or_default();
    let (limit, more) = match target {
        // https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
        Target::Aws => ("Lambda returns at most 6 MB", "stream it, with POLYFN_RESPONSE_STREAM=true and a Function URL"),
        // https://cloud.google.com/run/quotas
        Target::Gcp => {
            ("Cloud Run returns at most 32 MiB over HTTP/1.1 unless the reply is a stream", "return a `Body` of a stream")
        }
        Target::Azure | Target::Container => return,
    };
    match media_type {
        // https://docs.aws.amazon.com/lambda/latest/dg/configuration-response-streaming.html
        "text/event-stream" if target == Target::Aws => found(
            REPLY,
            "Lambda keeps a stream until its end, and at most 6 MB of it, unless a Function URL streams; deploy it with \
             `InvokeMode: RESPONSE_STREAM` and POLYFN_RESPONSE_STREAM=true"
                .to_owned(),
        ),
        "application/octet-stream" => found(REPLY, format!("{limit}, and these bytes may be more; {more}, or reply with a link")),
        _ => {}
    }
}
