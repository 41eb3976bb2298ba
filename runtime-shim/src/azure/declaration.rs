use super::{Binding, Bindings, Cardinality, DataType, TriggerType, route::Route, schedule};
use crate::{
    DecodeError,
    event::{Action, Kind},
    function::{self, Description, Filter},
};

/// A function as the host knows it: its name (the folder of its function.json), its bindings, and its own kind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Declaration {
    name: String,
    kind: Kind,
    bindings: Bindings,
}

impl Declaration {
    /// A function of this name. `kind` is its own: an `httpTrigger` starts `http` and `direct` functions alike.
    pub fn new(name: impl Into<String>, kind: Kind, bindings: Bindings) -> Self {
        Self { name: name.into(), kind, bindings }
    }

    /// What a function that says this of itself is declared as when nothing else is; `batch` says whether it takes several
    /// events at once. [`function_json`](super::function_json()) writes the same to a file, and tells what each trigger is.
    pub fn of(description: &Description, batch: bool) -> Option<Self> {
        let route = match &description.binding {
            function::Binding::Http { path: Some(path), .. } => Some(path.trim_start_matches('/').to_owned()),
            function::Binding::Http { path: None, .. } => Some("{*path}".to_owned()),
            function::Binding::Direct => None,
            function::Binding::Resource { kind, name, filter } => {
                let bindings = Bindings::new(vec![trigger(*kind, name, filter, description.name, batch)?]).ok()?;
                return Some(Self::new(description.name, *kind, bindings));
            }
        };
        let mut trigger = Binding::http_trigger("req", route);
        trigger.methods = match &description.binding {
            function::Binding::Http { methods: [], .. } => None,
            function::Binding::Http { methods, .. } => Some(methods.iter().map(|method| method.to_ascii_lowercase()).collect()),
            _ => Some(vec!["post".to_owned()]),
        };
        let bindings = Bindings::new(vec![trigger, Binding::http_output("res")]).ok()?;
        Some(Self::new(description.name, description.binding.kind(), bindings))
    }

    /// Whether a trigger of this declaration starts functions of this kind. An `httpTrigger` can be what Event Grid calls.
    pub fn fits(bindings: &Bindings, kind: Kind) -> bool {
        match bindings.trigger_type() {
            TriggerType::Http => matches!(kind, Kind::Http | Kind::Direct | Kind::Object | Kind::Event),
            TriggerType::Queue => kind == Kind::Queue,
            TriggerType::ServiceBus if bindings.trigger().topic_name.is_some() => kind == Kind::Topic,
            TriggerType::ServiceBus => kind == Kind::Queue,
            TriggerType::EventHub | TriggerType::Kafka => kind == Kind::Stream,
            TriggerType::EventGrid => matches!(kind, Kind::Object | Kind::Event),
            TriggerType::Blob => kind == Kind::Object,
            TriggerType::Timer => kind == Kind::Schedule,
            TriggerType::CosmosDb => kind == Kind::Change,
        }
    }

    /// Whether Event Grid calls it over HTTP, rather than callers of their own.
    pub fn is_webhook(&self) -> bool {
        self.bindings.trigger_type() == TriggerType::Http && matches!(self.kind, Kind::Object | Kind::Event)
    }

    /// Its name, as the host writes it.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Its own kind.
    pub fn kind(&self) -> Kind {
        self.kind
    }

    /// Its bindings.
    pub fn bindings(&self) -> &Bindings {
        &self.bindings
    }

    /// The route that callers use, without the route prefix: the declared one, or the function's name.
    pub fn route(&self) -> &str {
        self.bindings.trigger().route.as_deref().unwrap_or(&self.name)
    }

    /// The route's parameters in a path without the route prefix, each percent-decoded once.
    ///
    /// # Errors
    /// A declared route that cannot be matched.
    pub(crate) fn params(&self, path: &str) -> Result<Vec<(String, String)>, DecodeError> {
        let route = Route::read(self.route()).map_err(|error| error.under(&self.name))?;
        Ok(route.params(path).unwrap_or_default())
    }
}

/// The trigger of a resource, with the cardinality and dataType whose wire form tells all there is.
///
/// Messages are declared as bytes: a text may be written over what Metadata tells of it, and is what the host takes for JSON.
/// A change feed has one form, and the others are objects, for which there is no dataType.
fn trigger(kind: Kind, name: &str, filter: &Filter, function: &str, batch: bool) -> Option<Binding> {
    let name = Some(name.to_owned());
    let binding = |ty: &str, bound: &str| Binding { ty: ty.to_owned(), name: bound.to_owned(), ..Binding::default() };
    let event_grid = Binding { cardinality: Some(Cardinality::One), ..binding("eventGridTrigger", "event") };
    let binary = |cardinality, binding| Binding { data_type: Some(DataType::Binary), cardinality, ..binding };
    Some(match kind {
        Kind::Queue => binary(None, Binding { queue_name: name, ..binding("queueTrigger", "item") }),
        Kind::Topic => {
            let subscription_name = Some(function.to_owned());
            let trigger = Binding { topic_name: name, subscription_name, ..binding("serviceBusTrigger", "msg") };
            binary(Some(if batch { Cardinality::Many } else { Cardinality::One }), trigger)
        }
        // One event at a time would be many at once, in no order.
        Kind::Stream => binary(Some(Cardinality::Many), Binding { event_hub_name: name, ..binding("eventHubTrigger", "events") }),
        // No blobTrigger tells of a blob that is gone.
        Kind::Object if filter.on.contains(&Action::Deleted) => event_grid,
        Kind::Object => {
            let braces = |text: &str| text.replace('{', "{{").replace('}', "}}");
            let pattern = format!("{}{{name}}{}", braces(filter.prefix), braces(filter.suffix));
            let path = name.map(|container| format!("{container}/{pattern}"));
            binary(None, Binding { path, ..binding("blobTrigger", "blob") })
        }
        Kind::Schedule => Binding { schedule: Some(schedule::six_fields(&name?)), ..binding("timerTrigger", "timer") },
        Kind::Change => Binding { container_name: name, ..binding("cosmosDBTrigger", "docs") },
        Kind::Event => event_grid,
        Kind::Http | Kind::Direct => return None,
    })
}
