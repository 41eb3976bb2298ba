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
    /// In MiB.
    pub(crate) memory: Option<u32>,
    pub(crate) env: Vec<String>,
    pub(crate) secrets: Vec<String>,
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
            "memory" => self.memory = memory(argument, errors),
            "env" => self.env = variables(argument, errors),
            "secrets" => self.secrets = variables(argument, errors),
            _ => {}
        }
    }
}

fn timeout(argument: &Argument, errors: &mut Errors) -> Option<Duration> {
    let text = argument.string("30s", errors)?;
    duration::parse(&text.value()).map_err(|message| errors.at(&text, message)).ok()
}

fn memory(argument: &Argument, errors: &mut Errors) -> Option<u32> {
    const HOW: &str = "an amount of memory is a whole number above zero and a unit, such as `512MB` or `2GB`";
    let text = argument.string("512MB", errors)?;
    let value = text.value();
    let amount = match (value.strip_suffix("MB"), value.strip_suffix("GB")) {
        (Some(number), _) => whole(number),
        (_, Some(number)) => whole(number).and_then(|number| number.checked_mul(1024)),
        _ => None,
    };
    amount.filter(|amount| *amount > 0).or_else(|| {
        errors.at(&text, HOW);
        None
    })
}

/// A number that is nothing but digits.
fn whole(text: &str) -> Option<u32> {
    text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse().ok()).flatten()
}

/// Names of variables of the environment, each as every provider takes it.
fn variables(argument: &Argument, errors: &mut Errors) -> Vec<String> {
    let mut names = Vec::new();
    for text in argument.strings("[\"TABLE\"]", errors).unwrap_or_default() {
        let name = text.value();
        let letters = name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
        if !letters || !name.starts_with(|c: char| c.is_ascii_alphabetic()) {
            errors.at(
                &text,
                format!("`{name}` does not work on every provider: a variable is a letter, then letters, digits or `_`"),
            );
        } else if names.contains(&name) {
            errors.at(&text, format!("`{name}` is listed twice; keep one"));
        } else {
            names.push(name);
        }
    }
    names
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
