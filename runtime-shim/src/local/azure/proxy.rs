use bytes::Bytes;
use http::Request;

use super::{Caller, HOST_VERSION, Refused, finish};

/// What the host sets itself, over whatever the caller sent.
const SET: [&str; 3] = ["x-azure-functions-hostversion", "x-azure-functions-invocationid", "x-ms-invocation-id"];

/// The caller's request, streamed through untouched.
pub(super) fn delivery(caller: &Caller<'_>) -> Result<Request<Bytes>, Refused> {
    let target = caller.target(&caller.raw_path, caller.query)?;
    let mut builder = caller.request(target, |name| !SET.contains(&name));
    for (name, value) in SET.into_iter().zip([HOST_VERSION, caller.id, caller.id]) {
        builder = builder.header(name, value);
    }
    finish(builder, caller.body.clone())
}
