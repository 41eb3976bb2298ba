use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::{Ask, impossible};
use crate::{
    Event, Provider, Trigger,
    event::{Action, Kind},
};

/// What a function says of itself: its name, its trigger, and what a deployment has to know.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Description {
    /// The name it is selected by; two functions of one binary may share it if nothing selects by name.
    pub name: &'static str,
    /// The module it is written in, to tell two functions of one name apart.
    pub module: &'static str,
    /// Its doc comment; empty without one.
    pub doc: &'static str,
    /// What starts it.
    pub binding: Binding,
    /// Whether anyone may call it; else the deployment asks for authentication.
    pub public: bool,
    /// How its events are delivered.
    pub settings: Settings,
    /// What a caller gets when all goes well, such as `200 application/json`.
    pub replies: &'static str,
    /// A request that it takes, as far as its types tell.
    pub sample: Sample,
}

/// A request that a function takes, for a line to paste.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sample {
    /// The path, percent-encoded, such as `/hello/text`; empty if any will do.
    pub path: String,
    /// The query string without its `?`; empty for none.
    pub query: String,
    /// The body, as JSON or as a form; `None` for none.
    pub body: Option<String>,
    /// Whether the body is a form.
    pub form: bool,
}

/// How the events of a function are delivered, as far as its attribute says.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Settings {
    /// How many events of one delivery run at once.
    pub concurrency: Option<u32>,
    /// Whether the events of a group or partition run one after the other.
    pub ordered: bool,
    /// How many events a delivery holds at the most.
    pub batch: Option<u32>,
    /// How often a failed event is delivered again. The deployment sees to it: nothing here gives an event up for its attempt.
    pub retries: Option<u32>,
    /// How long an event may take, or a call with several; then it has failed. An `async fn` is dropped at its next await, and a
    /// plain `fn` is left alone: it may go on after the reply.
    pub timeout: Option<Duration>,
    /// What becomes of an event whose payload does not fit the function.
    pub on_malformed: Malformed,
}

/// What becomes of an event whose payload does not fit the function.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Malformed {
    /// It has failed, and comes again: until somebody mends the function, or the source gives it up.
    #[default]
    Retry,
    /// It is given up at once.
    Drop,
}

/// What starts a function, as its attribute declares it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Binding {
    /// HTTP requests.
    Http {
        /// The methods in upper case; empty for any.
        methods: &'static [&'static str],
        /// The route, such as `/hello/{name}`; `None` for every path.
        path: Option<&'static str>,
    },
    /// Calls with JSON in and JSON out.
    Direct,
    /// Anything else: its kind and the resource's name (a queue, a bucket, a cron expression ...).
    Resource {
        /// Which kind of trigger.
        kind: Kind,
        /// The resource's name; `*` stands for any text.
        name: &'static str,
        /// Which events of the resource.
        filter: Filter,
    },
}

/// Which events of a resource a function takes; empty members take all.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// What was done to an object.
    pub on: &'static [Action],
    /// What an object's key begins with.
    pub prefix: &'static str,
    /// What an object's key ends with.
    pub suffix: &'static str,
    /// The source of a custom event; `*` stands for anything.
    pub source: &'static str,
}

impl Binding {
    /// The kind of events it takes.
    pub fn kind(&self) -> Kind {
        match self {
            Self::Http { .. } => Kind::Http,
            Self::Direct => Kind::Direct,
            Self::Resource { kind, .. } => *kind,
        }
    }
}

impl Description {
    /// A function of this name and trigger that says nothing else of itself.
    pub fn new(name: &'static str, binding: Binding) -> Self {
        let (settings, sample) = (Settings::default(), Sample::default());
        Self { name, module: "", doc: "", binding, public: false, settings, replies: "", sample }
    }

    /// What the attribute asks of the provider.
    pub(crate) fn asks(&self) -> impl Iterator<Item = Ask<'static>> {
        let Settings { ordered, batch, retries, timeout, .. } = self.settings;
        let (on, schedule) = match self.binding {
            Binding::Resource { kind, filter, .. } => (Some(filter.on), kind == Kind::Schedule),
            Binding::Http { .. } | Binding::Direct => (None, false),
        };
        let asks = [
            batch.map(Ask::Batch),
            ordered.then_some(Ask::Ordered),
            retries.map(Ask::Retries),
            timeout.map(Ask::Timeout),
            on.map(Ask::On),
            schedule.then_some(Ask::Schedule),
        ];
        asks.into_iter().flatten()
    }

    /// What this provider cannot do of what the function asks, in words that say what to write instead.
    ///
    /// ```
    /// use polyfn_shim::{Provider, event::Kind, function::{Binding, Description, Filter, Settings}};
    ///
    /// let binding = Binding::Resource { kind: Kind::Queue, name: "orders", filter: Filter::default() };
    /// let settings = Settings { batch: Some(10), ..Settings::default() };
    /// let function = Description { settings, ..Description::new("fulfil", binding) };
    /// assert_eq!(function.unsupported(Provider::Aws).next(), None);
    /// assert_eq!(
    ///     function.unsupported(Provider::Gcp).collect::<Vec<_>>(),
    ///     ["Google Cloud delivers events one by one; remove `batch`"]
    /// );
    /// ```
    pub fn unsupported(&self, provider: Provider) -> impl Iterator<Item = &'static str> {
        let name = match self.binding {
            Binding::Resource { name, .. } => name,
            Binding::Http { .. } | Binding::Direct => "",
        };
        let kind = self.binding.kind();
        self.asks().filter_map(move |ask| impossible(provider, kind, name, ask))
    }

    /// Whether the function takes this event, which is neither a request nor a call. What the event does not tell, such as the
    /// name of a queue, excludes nobody.
    pub(crate) fn takes(&self, event: &Event) -> bool {
        let Binding::Resource { kind, name, .. } = &self.binding else { return false };
        let named = |have: &Option<String>| have.as_deref().is_none_or(|have| matches(name, have));
        *kind == event.trigger().kind()
            && self.admits(event)
            && match event.trigger() {
                Trigger::Queue(queue) => named(&queue.name),
                Trigger::Topic(topic) => named(&topic.name),
                Trigger::Stream(stream) => named(&stream.name),
                Trigger::Change(change) => named(&change.collection),
                // A deployed schedule bears the function's name; the binding holds its cron expression.
                Trigger::Schedule(schedule) => schedule.name.as_deref().is_none_or(|have| have == self.name),
                Trigger::Object(object) => matches(name, &object.bucket),
                Trigger::Event => true,
                Trigger::Http(_) | Trigger::Direct => false,
            }
    }

    /// Whether an event is one of those that the function wants of its resource, whatever that is called where it is deployed: what
    /// was done to an object and its key, the type of a custom event and its source.
    pub(super) fn admits(&self, event: &Event) -> bool {
        let Binding::Resource { name, filter, .. } = &self.binding else { return true };
        match event.trigger() {
            Trigger::Object(object) => {
                (filter.on.is_empty() || filter.on.contains(&object.action))
                    && object.key.starts_with(filter.prefix)
                    && object.key.ends_with(filter.suffix)
            }
            Trigger::Event => matches(name, event.ty()) && (filter.source.is_empty() || matches(filter.source, event.source())),
            _ => true,
        }
    }

    /// Whether it is of the function's resource, and one of those that the function does not want.
    pub(super) fn leaves(&self, event: &Event) -> bool {
        let Binding::Resource { kind, name, .. } = &self.binding else { return false };
        let of_resource = match event.trigger() {
            Trigger::Object(object) => matches(name, &object.bucket),
            _ => true,
        };
        *kind == event.trigger().kind() && of_resource && self.excludes(event)
    }

    /// Whether it is one of those that the function says it does not want, of what else it takes: by what was done to an object and
    /// its key, or by the source of a custom event.
    pub(super) fn excludes(&self, event: &Event) -> bool {
        let Binding::Resource { name, .. } = &self.binding else { return false };
        let of_type = match event.trigger() {
            Trigger::Event => matches(name, event.ty()),
            _ => true,
        };
        of_type && !self.admits(event)
    }
}

/// Whether a text fits a pattern in which each `*` stands for any text.
fn matches(pattern: &str, text: &str) -> bool {
    let Some((first, rest)) = pattern.split_once('*') else { return pattern == text };
    let Some(mut text) = text.strip_prefix(first) else { return false };
    let (middle, last) = rest.rsplit_once('*').unwrap_or(("", rest));
    for part in middle.split('*').filter(|part| !part.is_empty()) {
        match text.split_once(part) {
            Some((_, after)) => text = after,
            None => return false,
        }
    }
    text.ends_with(last)
}

#[cfg(test)]
mod tests {
    use super::matches;

    #[test]
    fn a_star_stands_for_any_text() {
        for (pattern, text) in [
            ("order.created", "order.created"),
            ("*", ""),
            ("*", "x"),
            ("order.*", "order."),
            ("*.created", "order.created"),
            ("a*b*c", "aXbYc"),
            ("a*b*c", "abc"),
            ("a**c", "ac"),
        ] {
            assert!(matches(pattern, text), "{pattern} {text}");
        }
        for (pattern, text) in
            [("order.created", "order.create"), ("order.*", "Order.x"), ("a*b*c", "acb"), ("a*a", "a"), ("", "x")]
        {
            assert!(!matches(pattern, text), "{pattern} {text}");
        }
    }
}
