use polyfn_shim::local::Form;

use super::Seen;

/// What a form is documented to lose of an event; nothing else is forgiven.
pub(crate) struct Row {
    pub(crate) form: &'static str,
    /// Where that is documented.
    pub(crate) source: &'static str,
    /// What the form never carries at all.
    pub(crate) refuses: fn(&Seen) -> bool,
    /// Makes what must arrive of what was sent.
    pub(crate) loses: fn(&mut Seen),
    /// Takes out of both what the form decides itself.
    pub(crate) forgives: fn(&mut Seen),
}

static NOTHING: Row = Row { form: "", source: "", refuses: |_| false, loses: |_| {}, forgives: |_| {} };

pub(crate) fn of(_: Form) -> &'static Row {
    &NOTHING
}
