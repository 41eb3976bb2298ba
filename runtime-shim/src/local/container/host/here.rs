use std::sync::Arc;

use bytes::Bytes;
use http::Request;

use crate::{
    container::App,
    function::Table,
    local::{Delivering, Process, finishing::Finishing},
    server::Delivery,
};

/// Functions of this process as a container.
#[derive(Clone, Debug)]
pub struct Here(Arc<App>);

impl Here {
    /// The functions of this table, whose program's `init` has run.
    pub fn new(table: Arc<Table>) -> Self {
        Self(Arc::new(App::new(table, 0)))
    }
}

impl Process for Here {
    fn deliver(&self, delivery: Request<Bytes>) -> Delivering<'_> {
        let (app, (parts, body)) = (Arc::clone(&self.0), delivery.into_parts());
        Box::pin(Finishing::new(async move { app.answer(Delivery::new(parts, body)).await }))
    }
}
