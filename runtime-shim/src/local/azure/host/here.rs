use std::{fmt, sync::Arc};

use bytes::Bytes;
use http::Request;

use crate::{
    ServeError,
    azure::{App, Declaration},
    function::Table,
    local::{Delivering, Process, finishing::Finishing},
};

/// What the host takes from a caller: 100 MiB.
pub(in crate::local) const LIMIT: usize = 100 * 1024 * 1024;

/// Functions of this process as a custom handler.
#[derive(Clone)]
pub struct Here(Arc<App>);

impl Here {
    /// The functions of this table, whose program's `init` has run, as they declare themselves; `prefix` is what the routes of
    /// callers begin with.
    ///
    /// # Errors
    /// A route that cannot be matched, and a function whose name cannot be told from a route.
    pub fn new(table: Arc<Table>, prefix: &str) -> Result<Self, ServeError> {
        let functions = table.functions().iter();
        let declared = functions.map(|function| Declaration::of(function.description(), function.is_batch())).collect();
        Ok(Self(Arc::new(App::new(table, declared, prefix)?)))
    }

    /// The same for functions that are joined with their declarations already.
    pub fn of(app: Arc<App>) -> Self {
        Self(app)
    }
}

impl fmt::Debug for Here {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Here").finish_non_exhaustive()
    }
}

impl Process for Here {
    fn deliver(&self, delivery: Request<Bytes>) -> Delivering<'_> {
        let (app, (parts, body)) = (Arc::clone(&self.0), delivery.into_parts());
        Box::pin(Finishing::new(async move { app.answer(parts, body, LIMIT).await }))
    }
}
