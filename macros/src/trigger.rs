use proc_macro2::{Ident, Span};

/// What starts a function.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Trigger {
    Http,
    Direct,
    Queue,
    Topic,
    Object,
    Schedule,
    Change,
    Stream,
    Event,
}

/// One line per trigger: its key, how a function of it is called, an example of its value, and its options.
type Row = (Trigger, &'static str, &'static str, &'static str, &'static [&'static str]);

const MESSAGES: &[&str] = &["concurrency", "ordered", "batch", "retries", "on_malformed"];

/// Options of every function.
const ALL: [&str; 6] = ["timeout", "memory", "env", "secrets", "name", "crate"];

const TABLE: [Row; 9] = [
    (Trigger::Http, "http", "an http function", "GET /hello/{name}", &["public"]),
    (Trigger::Direct, "direct", "a direct function", "", &["public"]),
    (Trigger::Queue, "queue", "a queue function", "orders", MESSAGES),
    (Trigger::Topic, "topic", "a topic function", "orders", MESSAGES),
    (Trigger::Object, "object", "an object function", "uploads", &["on", "prefix", "suffix", "retries", "on_malformed"]),
    (Trigger::Schedule, "schedule", "a schedule function", "0 5 * * *", &["retries", "on_malformed"]),
    (Trigger::Change, "change", "a change function", "orders", MESSAGES),
    (Trigger::Stream, "stream", "a stream function", "orders", MESSAGES),
    (Trigger::Event, "event", "an event function", "order.created", &["source", "retries", "on_malformed"]),
];

/// What other frameworks call it, and what to write here.
const ELSEWHERE: &[(&[&str], &str)] = &[
    (&["route", "path"], "http = \"GET /hello/{name}\""),
    (&["method", "methods"], "http = \"GET|POST /hello\""),
    (&["cron", "timer"], "schedule = \"0 5 * * *\""),
    (&["bucket", "blob"], "object = \"uploads\""),
    (&["rename"], "name = \"orders\""),
];

impl Trigger {
    /// The trigger that this key of the attribute declares.
    pub(crate) fn of(key: &str) -> Option<Self> {
        TABLE.iter().find(|row| row.1 == key).map(|row| row.0)
    }

    /// Every key that declares a trigger, for a message.
    pub(crate) fn keys() -> String {
        listed(TABLE.iter().map(|row| row.1), "or")
    }

    /// The trigger that has this option, if only a few have it: the first.
    pub(crate) fn with(option: &str) -> Option<Self> {
        TABLE.iter().find(|row| row.4.contains(&option)).map(|row| row.0)
    }

    fn row(self) -> &'static Row {
        TABLE.iter().find(|row| row.0 == self).unwrap_or(&TABLE[1])
    }

    pub(crate) fn key(self) -> &'static str {
        self.row().1
    }

    /// `a queue function`.
    pub(crate) fn function(self) -> &'static str {
        self.row().2
    }

    pub(crate) fn example(self) -> &'static str {
        self.row().3
    }

    pub(crate) fn takes(self, option: &str) -> bool {
        ALL.contains(&option) || self.row().4.contains(&option)
    }

    /// ``a queue function takes `queue`, `batch` and `crate` ``.
    pub(crate) fn options(self) -> String {
        let row = self.row();
        let keys = [row.1].into_iter().chain(row.4.iter().copied()).chain(ALL);
        format!("{} takes {}", row.2, listed(keys, "and"))
    }

    /// The marker type, which has the name of the shim's kind too.
    pub(crate) fn marker(self) -> Ident {
        Ident::new(&format!("{self:?}"), Span::mixed_site())
    }
}

/// What to write for a key of another framework.
pub(crate) fn elsewhere(key: &str) -> Option<String> {
    if matches!(key, "get" | "post" | "put" | "patch" | "delete" | "head" | "any") {
        return Some(format!("http = \"{} /hello/{{name}}\"", key.to_ascii_uppercase()));
    }
    ELSEWHERE.iter().find(|(keys, _)| keys.contains(&key)).map(|(_, write)| (*write).to_owned())
}

/// `` `a`, `b` and `c` ``.
pub(crate) fn listed<'a>(words: impl Iterator<Item = &'a str>, conjunction: &str) -> String {
    let words: Vec<String> = words.map(|word| format!("`{word}`")).collect();
    match words.split_last() {
        Some((last, rest)) if !rest.is_empty() => format!("{} {conjunction} {last}", rest.join(", ")),
        _ => words.concat(),
    }
}
