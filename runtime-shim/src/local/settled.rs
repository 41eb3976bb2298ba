/// What a source does with an event after the native reply.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Settled {
    /// It is acknowledged, and never delivered again.
    Acknowledged,
    /// It is delivered again, or kept where failures are kept.
    Again,
}
