use std::borrow::Cow;

use serde::Deserialize;

/// A text, borrowed unless it has an escape, inside of an `Option` or as a name too.
#[derive(Debug, Deserialize)]
pub(crate) struct Text<'a>(#[serde(borrow)] pub(crate) Cow<'a, str>);
