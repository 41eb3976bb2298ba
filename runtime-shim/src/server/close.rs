use std::sync::Arc;

use crate::function::Table;

/// Runs the program's `shutdown` hook, when the server has ended.
pub async fn close(table: Arc<Table>) {
    if Arc::strong_count(&table) > 1 {
        tracing::warn!("an invocation outlived the grace; the shutdown hook runs beside it");
    }
    table.shutdown().await;
}
