//! The console page, and what it is made of.

/// The media type and the text of what stands at a path below `/_polyfn/`.
pub(in crate::local) fn page(path: &str) -> Option<(&'static str, &'static str)> {
    match path {
        "" => Some(("text/html; charset=utf-8", "<!doctype html><title>polyfn</title>")),
        _ => None,
    }
}
