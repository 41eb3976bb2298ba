use clap::Args;
use polyfn_shim::{
    Event, Trigger,
    event::{Action, Change as Fields},
};

use super::local;
use crate::data::{json, json_or_word};

/// A change of a database record
///
/// With AFTER alone the record is new, with `--before` too it was updated, with `--before` alone it was deleted.
#[derive(Args, Debug)]
pub(crate) struct Change {
    /// The table or collection
    collection: String,
    /// What the record is now, as JSON
    #[arg(value_parser = json, required_unless_present = "before", allow_negative_numbers = true)]
    after: Option<String>,
    /// What it was before, as JSON
    #[arg(long, value_name = "JSON", value_parser = json)]
    before: Option<String>,
    /// Its key, as JSON or as a word
    #[arg(long)]
    key: Option<String>,
}

impl Change {
    pub(super) fn event(&self) -> Event {
        let action = match (&self.before, &self.after) {
            (None, _) => Action::Created,
            (Some(_), Some(_)) => Action::Updated,
            (Some(_), None) => Action::Deleted,
        };
        let change = Fields {
            action,
            collection: Some(self.collection.clone()),
            key: self.key.as_deref().map(json_or_word),
            before: self.before.clone(),
            after: self.after.clone(),
        };
        local(Trigger::Change(Box::new(change)))
    }
}
