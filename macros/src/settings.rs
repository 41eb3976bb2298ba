use std::time::Duration;

use crate::{argument::Argument, duration, errors::Errors, trigger::listed};

/// What was done to an object, as `on` lists it.
pub(crate) const ACTIONS: [&str; 5] = ["created", "deleted", "archived", "restored", "updated"];

/// What narrows or tunes a trigger.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Settings {
    pub(crate) on: Vec<String>,
    pub(crate) prefix: Option<String>,
    pub(crate) suffix: Option<String>,
    pub(crate) source: Option<String>,
    pub(crate) concurrency: Option<u32>,
    pub(crate) batch: Option<u32>,
    pub(crate) retries: Option<u32>,
    pub(crate) timeout: Option<Duration>,
    pub(crate) ordered: bool,
    /// Whether a malformed event is given up.
    pub(crate) drops_malformed: bool,
}

impl Settings {
    /// Takes one argument; whether the trigger has such an option is the caller's to check.
    pub(crate) fn take(&mut self, argument: &Argument, errors: &mut Errors) {
        match argument.key.to_string().as_str() {
            "on" => self.on = on(argument, errors),
            "prefix" => self.prefix = argument.string("photos/", errors).map(|text| text.value()),
            "suffix" => self.suffix = argument.string(".png", errors).map(|text| text.value()),
            "source" => self.source = argument.string("my.shop", errors).map(|text| text.value()),
            "concurrency" => self.concurrency = argument.number(1, 10, errors),
            "batch" => self.batch = argument.number(1, 10, errors),
            "retries" => self.retries = argument.number(0, 3, errors),
            "timeout" => self.timeout = timeout(argument, errors),
            "ordered" => self.ordered = argument.flag(errors),
            "on_malformed" => self.drops_malformed = drops_malformed(argument, errors),
            _ => {}
        }
    }
}

fn timeout(argument: &Argument, errors: &mut Errors) -> Option<Duration> {
    let text = argument.string("30s", errors)?;
    duration::parse(&text.value()).map_err(|message| errors.at(&text, message)).ok()
}

fn drops_malformed(argument: &Argument, errors: &mut Errors) -> bool {
    let Some(text) = argument.string("drop", errors) else { return false };
    match text.value().as_str() {
        "drop" => return true,
        "retry" => {}
        other => errors.at(&text, format!("`{other}` is not what becomes of a malformed event; write `drop` or `retry`")),
    }
    false
}

fn on(argument: &Argument, errors: &mut Errors) -> Vec<String> {
    let mut actions = Vec::new();
    for text in argument.strings("[\"created\", \"deleted\"]", errors).unwrap_or_default() {
        let action = text.value();
        if !ACTIONS.contains(&action.as_str()) {
            let known = listed(ACTIONS.into_iter(), "or");
            errors.at(&text, format!("`{action}` is not an action on an object; write {known}"));
        } else if actions.contains(&action) {
            errors.at(&text, format!("`{action}` is listed twice; keep one"));
        } else {
            actions.push(action);
        }
    }
    actions
}
