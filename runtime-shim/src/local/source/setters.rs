/// A setter that sources of several providers have alike, for a source with a `queue` and, for the last, a `deadline`; what it
/// says of itself stands where it is used.
macro_rules! setter {
    ($(#[$doc:meta])* with_delays) => {
        $(#[$doc])*
        #[must_use]
        pub fn with_delays(mut self, delays: Delays) -> Self {
            self.queue.delays = delays;
            self
        }
    };
    ($(#[$doc:meta])* with_at_once) => {
        $(#[$doc])*
        #[must_use]
        pub fn with_at_once(mut self, deliveries: usize) -> Self {
            self.queue.at_once = deliveries.max(1);
            self
        }
    };
    ($(#[$doc:meta])* with_deadline, $least:literal..=$most:literal) => {
        $(#[$doc])*
        #[must_use]
        pub fn with_deadline(mut self, deadline: Duration) -> Self {
            self.deadline = deadline.clamp(Duration::from_secs($least), Duration::from_secs($most));
            self
        }
    };
}

pub(in crate::local) use setter;
