use std::{sync::Arc, time::Duration};

use bytes::Bytes;
use http::Request;

use crate::{
    function::Table,
    gcp::App,
    local::{Delivering, Process, finishing::Finishing},
    server::Delivery,
};

/// Functions of this process as a service of Cloud Run.
#[derive(Clone, Debug)]
pub struct Here(Arc<App>);

impl Here {
    /// The functions of this table, whose program's `init` has run; `timeout` is how long the front end waits for an answer, if
    /// that is known.
    pub fn new(table: Arc<Table>, timeout: Option<Duration>) -> Self {
        Self(Arc::new(App::new(table, timeout)))
    }
}

impl Process for Here {
    fn deliver(&self, delivery: Request<Bytes>) -> Delivering<'_> {
        let (app, (parts, body)) = (Arc::clone(&self.0), delivery.into_parts());
        Box::pin(Finishing::new(async move { app.answer(Delivery::new(parts, body)).await }))
    }
}
