use super::place::Place;
use crate::DecodeError;

/// The key of an entity in Datastore: kinds and ids from the root on, each kind with its id, a last one maybe without.
#[derive(Debug, Default)]
pub(super) struct Key {
    /// Kinds and ids, joined by `/`.
    path: String,
    /// Where the last id begins; `None` if the last kind has none.
    id: Option<usize>,
}

impl Key {
    /// Adds a kind and its id, a number as its digits.
    pub(super) fn push(&mut self, kind: &str, id: Option<&str>) {
        if !self.path.is_empty() {
            self.path.push('/');
        }
        self.path.push_str(kind);
        self.id = id.map(|id| {
            self.path.push('/');
            self.path.push_str(id);
            self.path.len() - id.len()
        });
    }

    /// All of it as one text.
    ///
    /// # Errors
    /// There is nothing in it.
    pub(super) fn path(&self) -> Result<&str, DecodeError> {
        if self.path.is_empty() { Err(DecodeError::at("path", "missing")) } else { Ok(&self.path) }
    }

    /// Where the entity of this key stands.
    pub(super) fn place(&self) -> Result<Place, DecodeError> {
        let path = self.path()?;
        let at = self.id.and_then(|at| Some((path.get(..at - 1)?, path.get(at..)?)));
        let (collection, key) = at.unwrap_or((path, ""));
        Ok(Place::new(collection, key))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_id_is_the_key() {
        let mut key = Key::default();
        assert!(key.path().is_err() && key.place().is_err());
        for (kind, id, path, place) in [
            ("List", Some("a/b"), "List/a/b", Place::new("List", "a/b")),
            ("Task", Some("7"), "List/a/b/Task/7", Place::new("List/a/b/Task", "7")),
            ("Note", None, "List/a/b/Task/7/Note", Place::new("List/a/b/Task/7/Note", "")),
        ] {
            key.push(kind, id);
            assert_eq!((key.path().unwrap(), key.place().unwrap()), (path, place));
        }
    }
}
