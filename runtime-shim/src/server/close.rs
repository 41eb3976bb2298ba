use std::sync::Arc;

use crate::function::Table;

/// Runs the program's `shutdown` hook, once nothing uses the table any more.
pub async fn close(table: Arc<Table>) {
    match Arc::into_inner(table) {
        Some(table) => table.shutdown().await,
        None => tracing::warn!("an invocation outlived the grace; the shutdown hook is not run"),
    }
}
