use http::HeaderMap;

/// The host's id of the invocation, if the request has one.
///
/// In forwarding mode the host appends its id to whatever the caller sent under this name, so the last value counts.
pub(crate) fn invocation_id(headers: &HeaderMap) -> Option<&str> {
    let values = headers.get_all("x-azure-functions-invocationid").into_iter().next_back()?;
    let id = values.to_str().ok()?.rsplit(',').next()?.trim();
    Some(id).filter(|id| !id.is_empty())
}
