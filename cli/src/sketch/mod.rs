//! What the first version of a function looks like, and of the tests that call it as each provider would.

mod rustfmt;
mod table;

use clap::ValueEnum;

pub(crate) use self::rustfmt::formatted;

/// What starts a function.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Trigger {
    /// An HTTP request
    Http,
    /// A direct call: JSON in, JSON out
    Direct,
    /// A message of a queue, for one reader
    Queue,
    /// A message of a topic, for all who listen
    Topic,
    /// A file in a bucket, created or deleted
    Object,
    /// A time, by a cron expression
    Schedule,
    /// A change of a record in a database
    Change,
    /// A record of a stream, in order
    Stream,
    /// An event of your own or of the provider's
    Event,
}

impl Trigger {
    pub(crate) fn as_str(self) -> &'static str {
        self.sketch().trigger
    }

    fn sketch(self) -> &'static table::Sketch {
        match self {
            Self::Http => &table::HTTP,
            Self::Direct => &table::DIRECT,
            Self::Queue => &table::QUEUE,
            Self::Topic => &table::TOPIC,
            Self::Object => &table::OBJECT,
            Self::Schedule => &table::SCHEDULE,
            Self::Change => &table::CHANGE,
            Self::Stream => &table::STREAM,
            Self::Event => &table::EVENT,
        }
    }
}

/// A function with its name, to be written somewhere.
#[derive(Clone, Debug)]
pub(crate) struct Function {
    pub(crate) trigger: Trigger,
    pub(crate) name: String,
    /// What is queued, stored or listened to, in the provider's account.
    pub(crate) resource: String,
}

impl Function {
    /// The function that a project begins with.
    pub(crate) fn usual(trigger: Trigger) -> Self {
        let table::Sketch { usual_name, usual_resource, .. } = trigger.sketch();
        Self { trigger, name: (*usual_name).to_owned(), resource: (*usual_resource).to_owned() }
    }

    /// A function of this name, for a resource of its own.
    pub(crate) fn named(trigger: Trigger, name: &str) -> Self {
        // Not every provider takes `_` in the names of buckets and queues.
        Self { trigger, name: name.to_owned(), resource: name.replace('_', "-") }
    }

    /// A type's name, which cannot be that of a function.
    pub(crate) fn type_name(&self) -> Option<&'static str> {
        self.trigger.sketch().type_name
    }

    fn filled(&self, text: &str, visibility: &str) -> String {
        text.replace("$name", &self.name).replace("$resource", &self.resource).replace("$vis ", visibility)
    }

    fn code(&self, visibility: &str) -> String {
        let sketch = self.trigger.sketch();
        self.filled(&format!("{}{}", sketch.types, sketch.function), visibility)
    }
}

/// The functions of a program's main file, and what they import. `visibility` is nothing, or `pub(crate) `.
pub(crate) fn code(functions: &[Function], visibility: &str) -> String {
    let uses = functions.iter().flat_map(|function| function.trigger.sketch().uses.iter().copied()).chain(["function"]);
    let mut text = format!("use polyfn::{{{}}};\n", sorted(uses));
    if functions.iter().any(|function| function.type_name().is_some()) {
        text.push_str("use serde::{Deserialize, Serialize};\n");
    }
    for function in functions {
        text.push('\n');
        text.push_str(&function.code(visibility));
    }
    text
}

/// Their tests, one for each provider. `beside` is the module that they are in: `crate` or `super`.
pub(crate) fn tests(functions: &[Function], beside: &str) -> String {
    let sketches = || functions.iter().map(|function| function.trigger.sketch());
    let mut text = String::new();
    let names = |word: &str| sketches().any(|sketch| sketch.works.contains(word) || sketch.everywhere.contains(word));
    if names("Request::") {
        text.push_str("use http::Request;\n");
    }
    let sample = if names("sample::") { ", sample" } else { "" };
    text.push_str(&format!("use polyfn::{{Provider, functions, testing::{{App{sample}}}}};\n\n"));
    let named: Vec<_> = functions.iter().map(|function| function.name.as_str()).collect();
    let types = sketches().filter_map(|sketch| sketch.type_name);
    text.push_str(&format!("use {beside}::{{{}}};\n", sorted(types.chain(named.iter().copied()))));
    text.push_str(&format!("\nfn app() -> App {{\nApp::new(functions![{}])\n}}\n", named.join(", ")));
    let each = |part: fn(&table::Sketch) -> &'static str| {
        let parts = functions.iter().map(|function| function.filled(part(function.trigger.sketch()), ""));
        parts.collect::<Vec<_>>().join("\n")
    };
    text.push_str("\n/// Sends something to each function, and looks at what comes of it.\nfn works(app: &App) {\n");
    text.push_str(&each(|sketch| sketch.works));
    text.push_str("}\n");
    for (test, provider) in HOSTS {
        text.push_str(&format!("\n#[test]\nfn {test}() {{\nworks(&app().on(Provider::{provider}));\n}}\n"));
    }
    text.push_str("\n/// A difference between two providers fails this, and is shown.\n#[test]\nfn everywhere_the_same() {\n");
    text.push_str("let app = app();\n");
    text.push_str(&each(|sketch| sketch.everywhere));
    text.push_str("}\n");
    text
}

const HOSTS: [(&str, &str); 5] =
    [("on_this_machine", "Local"), ("on_aws", "Aws"), ("on_gcp", "Gcp"), ("on_azure", "Azure"), ("in_a_container", "Container")];

/// As rustfmt sorts what is imported: types first, each once.
fn sorted<'a>(names: impl Iterator<Item = &'a str>) -> String {
    let mut names: Vec<_> = names.collect();
    names.sort_unstable();
    names.dedup();
    names.join(", ")
}
