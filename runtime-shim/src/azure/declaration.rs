use super::{Binding, Bindings, Cardinality, DataType, TriggerType, route::Route, schedule};
use crate::{
    DecodeError,
    event::Kind,
    function::{self, Description},
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

    /// What a function that says this of itself is declared as when nothing else is. An `http` or `direct` function has an
    /// `httpTrigger` named `req` and an output named `res`; a `queue` is a Storage queue, a `topic` one of Service Bus, a
    /// `stream` an event hub, an `object` a blob of the container, a `change` a container of Cosmos DB, an `event` one of
    /// Event Grid.
    ///
    /// Messages are declared as binary: text may be written over what Metadata tells of it, and bytes are not.
    pub fn of(description: &Description) -> Option<Self> {
        let route = match &description.binding {
            function::Binding::Http { path: Some(path), .. } => Some(path.trim_start_matches('/').to_owned()),
            function::Binding::Http { path: None, .. } => Some("{*path}".to_owned()),
            function::Binding::Direct => None,
            function::Binding::Resource { kind, name, .. } => {
                let bindings = Bindings::new(vec![trigger(*kind, name, description.name)?]).ok()?;
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
fn trigger(kind: Kind, name: &str, function: &str) -> Option<Binding> {
    let name = Some(name.to_owned());
    let binding = |ty: &str, bound: &str| Binding { ty: ty.to_owned(), name: bound.to_owned(), ..Binding::default() };
    let binary = |cardinality, binding| Binding { data_type: Some(DataType::Binary), cardinality, ..binding };
    Some(match kind {
        Kind::Queue => binary(None, Binding { queue_name: name, ..binding("queueTrigger", "item") }),
        Kind::Topic => {
            let subscription_name = Some(function.to_owned());
            let trigger = Binding { topic_name: name, subscription_name, ..binding("serviceBusTrigger", "msg") };
            binary(Some(Cardinality::One), trigger)
        }
        // One event at a time would be many at once, in no order.
        Kind::Stream => binary(Some(Cardinality::Many), Binding { event_hub_name: name, ..binding("eventHubTrigger", "events") }),
        Kind::Object => {
            let path = name.map(|container| format!("{container}/{{name}}"));
            binary(None, Binding { path, ..binding("blobTrigger", "blob") })
        }
        Kind::Schedule => Binding { schedule: Some(schedule::six_fields(&name?)), ..binding("timerTrigger", "timer") },
        Kind::Change => Binding { container_name: name, ..binding("cosmosDBTrigger", "docs") },
        Kind::Event => Binding { cardinality: Some(Cardinality::One), ..binding("eventGridTrigger", "event") },
        Kind::Http | Kind::Direct => return None,
    })
}
