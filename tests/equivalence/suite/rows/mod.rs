//! What each form is documented to lose: one row a form, and nothing else is forgiven.
//!
//! The sources are the pages of the providers that the rules come from.

mod aws;
mod azure;
mod container;
mod edit;
mod gcp;

use std::collections::BTreeSet;

use polyfn_shim::local::Form;

use super::Seen;

/// What a form does to an event on its way.
pub(crate) struct Row {
    /// The form, as it is printed.
    pub(crate) form: &'static str,
    /// Where that is documented.
    pub(crate) source: &'static str,
    /// What it never carries at all.
    pub(crate) refuses: fn(&Seen) -> bool,
    /// Makes what must arrive of what was sent.
    pub(crate) arrives: fn(&mut Seen),
    /// Puts what has no order there into one, on both sides.
    pub(crate) unordered: fn(&mut Seen),
}

impl Row {
    /// Whether the form never carries such an event; only Kafka has two attributes of one name.
    pub(crate) fn refuses(&self, seen: &Seen) -> bool {
        let names: BTreeSet<_> = seen.attributes.iter().map(|(name, _)| name).collect();
        let is_map = !["aws/kafka", "local"].contains(&self.form);
        (self.refuses)(seen) || (is_map && names.len() < seen.attributes.len())
    }
}

/// This machine hands an event over as it is.
const LOCAL: Row = Row {
    form: "local",
    source: "nothing is lost",
    refuses: |_| false,
    arrives: |seen| seen.source = edit::here(seen),
    unordered: |_| {},
};

/// Every row.
pub(crate) fn all() -> impl Iterator<Item = &'static Row> {
    aws::rows().chain(gcp::ROWS).chain(azure::ROWS).chain(container::ROWS).chain([&LOCAL])
}

/// The row of a form.
pub(crate) fn of(form: Form) -> &'static Row {
    let name = form.to_string();
    all().find(|row| row.form == name).unwrap_or_else(|| panic!("{name} has no row"))
}
