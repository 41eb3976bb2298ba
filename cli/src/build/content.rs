use std::borrow::Cow;

/// What stands at one place of an archive, an image or a folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Content<'a> {
    /// Relative, with `/`.
    pub(super) path: String,
    /// The permissions, as `chmod` takes them.
    pub(super) mode: u32,
    pub(super) kind: Kind<'a>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Kind<'a> {
    Folder,
    File(Cow<'a, [u8]>),
}

impl<'a> Content<'a> {
    pub(super) fn folder(path: impl Into<String>) -> Self {
        Self { path: path.into(), mode: 0o755, kind: Kind::Folder }
    }

    pub(super) fn file(path: impl Into<String>, bytes: impl Into<Cow<'a, [u8]>>) -> Self {
        Self { path: path.into(), mode: 0o644, kind: Kind::File(bytes.into()) }
    }

    /// How many bytes it holds.
    pub(super) fn size(&self) -> usize {
        match &self.kind {
            Kind::Folder => 0,
            Kind::File(bytes) => bytes.len(),
        }
    }

    pub(super) fn program(path: impl Into<String>, bytes: &'a [u8]) -> Self {
        Self { mode: 0o755, ..Self::file(path, bytes) }
    }
}
