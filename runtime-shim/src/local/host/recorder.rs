use std::sync::{Mutex, PoisonError};

use super::{Call, Ended};
use crate::function::{Called, Watch};

/// Keeps what it sees of one delivery.
#[derive(Default)]
pub(super) struct Recorder(Mutex<(Vec<Call>, Vec<String>)>);

impl Recorder {
    /// What it has seen so far; what is seen later is lost.
    pub(super) fn taken(&self) -> (Vec<Call>, Vec<String>) {
        std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Watch for Recorder {
    fn called(&self, Called { function, event, outcome, took }: Called<'_>) {
        let call = Call { function, event: event.clone(), ended: Ended::from(outcome), took };
        self.0.lock().unwrap_or_else(PoisonError::into_inner).0.push(call);
    }

    fn logged(&self, line: &str) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).1.push(line.to_owned());
    }
}
