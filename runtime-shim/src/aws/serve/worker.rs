use std::time::Duration;

use bytes::Bytes;
use http::response::Parts;

use super::client::Client;
use crate::aws::{App, Frame};

/// What every loop over the Runtime API does with a delivery.
pub(super) struct Worker(App);

/// How long to wait after a failed `/next`: at first, and at most.
const PAUSE: (Duration, Duration) = (Duration::from_millis(10), Duration::from_secs(1));

impl Worker {
    pub(super) fn new(app: App) -> Self {
        Self(app)
    }

    pub(super) fn into_app(self) -> App {
        self.0
    }

    /// Takes delivery after delivery; nothing that one holds ends it.
    pub(super) async fn run(&self, mut client: Client) {
        let mut pause = PAUSE.0;
        loop {
            match client.next().await {
                Ok(Some((parts, delivery))) => {
                    if self.deliver(&mut client, &parts, delivery).await {
                        pause = PAUSE.0;
                        continue;
                    }
                    tracing::error!("a delivery without a request id cannot be answered");
                }
                Ok(None) => {}
                Err(error) => tracing::error!("Lambda gave no delivery: {error}"),
            }
            tokio::time::sleep(pause).await;
            pause = (pause * 2).min(PAUSE.1);
        }
    }

    /// Handles one delivery and answers it. `false` if it has no id to answer to.
    async fn deliver(&self, client: &mut Client, parts: &Parts, delivery: Bytes) -> bool {
        let frame = Frame::from_headers(&parts.headers);
        if frame.request_id().is_empty() {
            return false;
        }
        let answer = self.0.answer(&frame, &delivery).await;
        client.answer(&frame, answer).await;
        true
    }
}
