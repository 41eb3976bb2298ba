use std::time::Duration;

use tokio::time::Instant;

/// The errors after which the host gives up, each less than [`WINDOW`] after the one before.
const MOST: u32 = 3;
const WINDOW: Duration = Duration::from_secs(30 * 60);

/// What the host does about a handler that has ended.
///
/// Source: <https://learn.microsoft.com/azure/azure-functions/functions-custom-handlers>, and the host's own source.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Next {
    /// It starts it again.
    Restart,
    /// It takes no notice, and finds nobody at the port from now on.
    Nothing,
    /// It stops.
    Stop,
}

/// How often a handler has ended in error lately.
#[derive(Debug, Default)]
pub(super) struct Restarts {
    errors: u32,
    last: Option<Instant>,
}

impl Restarts {
    /// After an exit with this code; `None` for one that was killed, or was not ready in time.
    pub(super) fn after(&mut self, code: Option<i32>) -> Next {
        match code {
            Some(0) => Next::Nothing,
            Some(200) => Next::Restart,
            _ => {
                let now = Instant::now();
                let is_next = self.last.is_some_and(|last| now.duration_since(last) < WINDOW);
                self.errors = if is_next { self.errors.saturating_add(1) } else { 1 };
                self.last = Some(now);
                if self.errors < MOST { Next::Restart } else { Next::Stop }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use tokio::time::advance;

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn the_third_error_within_half_an_hour_of_the_one_before_is_the_last() {
        let mut restarts = Restarts::default();
        assert_eq!(restarts.after(Some(1)), Next::Restart);
        advance(WINDOW - Duration::from_secs(1)).await;
        assert_eq!(restarts.after(None), Next::Restart);
        // Too late to count with those.
        advance(WINDOW).await;
        assert_eq!(restarts.after(Some(101)), Next::Restart);
        assert_eq!(restarts.after(Some(200)), Next::Restart);
        assert_eq!(restarts.after(Some(0)), Next::Nothing);
        assert_eq!(restarts.after(Some(1)), Next::Restart);
        assert_eq!(restarts.after(Some(1)), Next::Stop);
    }
}
