use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::{
    event::{Action, Kind},
    function::{Binding, Description, Filter, Malformed, Settings},
};

/// What a program says of one function: what its attribute says, and what its types tell.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// The name it is selected and deployed by.
    pub name: String,
    /// The module it is written in.
    pub module: String,
    /// The file it is written in, below the workspace's folder; empty if that is not known.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub file: String,
    /// The line in it where its attribute stands.
    #[serde(default)]
    pub line: u32,
    /// Its doc comment; empty without one.
    #[serde(default)]
    pub doc: String,
    /// What starts it.
    pub trigger: Kind,
    /// The name of a queue, topic, bucket, collection or stream, a cron expression, or the type of an event; none for `http` and
    /// `direct`. `*` stands for any text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resource: Option<String>,
    /// The methods of an `http` function in upper case; empty for any.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub methods: Vec<String>,
    /// The route of an `http` function, such as `/hello/{name}`; `None` for every path.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
    /// Whether anyone may call it; else the deployment asks for authentication.
    #[serde(default)]
    pub public: bool,
    /// What was done to an object; empty for anything.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub on: Vec<Action>,
    /// What an object's key begins with.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub prefix: String,
    /// What an object's key ends with.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub suffix: String,
    /// The source of a custom event; empty for any, and `*` stands for any text.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub source: String,
    /// How many events of one delivery run at once.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub concurrency: Option<u32>,
    /// Whether the events of a group or partition run one after the other.
    #[serde(default)]
    pub ordered: bool,
    /// How many events a delivery holds at the most.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub batch: Option<u32>,
    /// How often a failed event is delivered again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retries: Option<u32>,
    /// How long a call may take, in milliseconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub timeout_ms: Option<u64>,
    /// What becomes of an event whose payload does not fit.
    #[serde(default)]
    pub on_malformed: Malformed,
    /// How much memory it wants, in MiB.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub memory_mb: Option<u32>,
    /// The variables of the environment that it reads.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub env: Vec<String>,
    /// The secrets that it reads, each as a variable of the environment of this name.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub secrets: Vec<String>,
    /// Whether it takes a `Batch`: several events in one call.
    #[serde(default)]
    pub batches: bool,
    /// What a caller gets when all goes well, such as `200 application/json`; empty if the types do not tell.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub replies: String,
    /// Whether it does the same on every provider.
    #[serde(default = "yes")]
    pub portable: bool,
    /// Why it does not; empty if it does.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub native: Vec<String>,
}

fn yes() -> bool {
    true
}

impl Entry {
    /// The same as the hosts know it.
    ///
    /// A description is of literals, so the texts of this one stay in memory until the process ends; that suits a command, which
    /// reads one manifest.
    pub fn description(&self) -> Description {
        let resource = || forever(self.resource.as_deref().unwrap_or_default());
        let binding = match self.trigger {
            Kind::Http => Binding::Http { methods: all_forever(&self.methods), path: self.path.as_deref().map(forever) },
            Kind::Direct => Binding::Direct,
            kind => {
                let on = Box::leak(self.on.clone().into_boxed_slice());
                let filter =
                    Filter { on, prefix: forever(&self.prefix), suffix: forever(&self.suffix), source: forever(&self.source) };
                Binding::Resource { kind, name: resource(), filter }
            }
        };
        let settings = Settings {
            concurrency: self.concurrency,
            ordered: self.ordered,
            batch: self.batch,
            retries: self.retries,
            timeout: self.timeout_ms.map(Duration::from_millis),
            on_malformed: self.on_malformed,
        };
        Description {
            module: forever(&self.module),
            doc: forever(&self.doc),
            public: self.public,
            settings,
            replies: forever(&self.replies),
            ..Description::new(forever(&self.name), binding)
        }
    }
}

fn forever(text: &str) -> &'static str {
    Box::leak(text.into())
}

fn all_forever(texts: &[String]) -> &'static [&'static str] {
    Box::leak(texts.iter().map(|text| forever(text)).collect())
}
