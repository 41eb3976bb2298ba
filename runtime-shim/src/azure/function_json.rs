use std::fmt;

use serde::Serialize;
use serde_json::Value;

use super::{Binding, Cardinality, DataType, Declaration, Direction, TriggerType};
use crate::{
    event::{Action, Kind},
    function::{self, Description, Settings},
};

/// The function.json of a function that says this of itself: the file that tells the host what starts it, and in which form.
///
/// `batch` says whether the function takes several events at once. A trigger that has a `dataType` or a `cardinality` declares
/// it, so that no default of the host decides what a delivery looks like.
///
/// | the function is for | trigger | form |
/// |---|---|---|
/// | `http`, `direct` | `httpTrigger` | the host's own |
/// | `queue` | `queueTrigger`, of a Storage queue | bytes, one at a time |
/// | `topic` | `serviceBusTrigger`, of a subscription with the function's name | bytes, one at a time or as a batch |
/// | `object` | `blobTrigger`; `eventGridTrigger` if `on` asks for deleted ones | bytes, one at a time; an object |
/// | `schedule` | `timerTrigger` | an object |
/// | `change` | `cosmosDBTrigger` | an array of documents, in one form only |
/// | `stream` | `eventHubTrigger` | bytes, always as a batch: one by one they would run at once, in no order |
/// | `event` | `eventGridTrigger` | an object |
///
/// A queue of Service Bus or a stream of Kafka is chosen by the file: put a `serviceBusTrigger` with a `queueName`, or a
/// `kafkaTrigger`, in the trigger's place, with its `dataType` and `cardinality`; the program reads what it finds there. Connections
/// are app settings of the names in the file, and so is the database, `CosmosDBDatabase`.
///
/// A `topic` that is `ordered` is one with sessions, and `batch` is how many changes come at once; what else is to be said of batches
/// and concurrency stands in host.json, for all functions of an app.
///
/// A `stream` or `change` that fails is lost without a retry policy, so they have one unless `retries` is 0; a `schedule` has one
/// if it asks for it. Queues and topics are delivered again without.
///
/// ```
/// use polyfn_shim::{azure::{Bindings, DataType, function_json}, event::Kind};
/// use polyfn_shim::function::{Binding, Description, Filter};
///
/// let binding = Binding::Resource { kind: Kind::Queue, name: "orders", filter: Filter::default() };
/// let file = function_json(&Description::new("fulfil", binding), false).unwrap();
/// let bindings = Bindings::read(file.as_bytes()).unwrap();
/// assert_eq!(bindings.trigger().queue_name.as_deref(), Some("orders"));
/// assert_eq!(bindings.trigger().data_type, Some(DataType::Binary));
/// ```
///
/// Source: [function.json](https://learn.microsoft.com/azure/azure-functions/functions-reference) and
/// [retry policies](https://learn.microsoft.com/azure/azure-functions/functions-bindings-error-pages#retry-policies).
///
/// # Errors
/// A resource with `*` in its name, where the trigger is bound to one, and an object function that asks only for what Azure
/// does not tell.
pub fn function_json(description: &Description, batch: bool) -> Result<String, Undeclarable> {
    let refused = |reason: String| Undeclarable(format!("{}: {reason}", description.name));
    if let function::Binding::Resource { kind, name, filter } = &description.binding {
        let is_named = matches!(kind, Kind::Queue | Kind::Topic | Kind::Stream | Kind::Object | Kind::Change);
        if is_named && name.contains('*') {
            return Err(refused(format!("a trigger is bound to one {kind}, and `{name}` stands for several; write its name")));
        }
        let told = |action: &Action| matches!(action, Action::Created | Action::Deleted);
        if !filter.on.is_empty() && !filter.on.iter().any(told) {
            return Err(refused("Azure tells of objects that are created or deleted, and of nothing else".to_owned()));
        }
    }
    let declaration = Declaration::of(description, batch).ok_or_else(|| refused("it has no trigger on Azure".to_owned()))?;
    let bindings = declaration.bindings();
    let all = std::iter::once(bindings.trigger()).chain(bindings.others());
    let bindings = all.map(|binding| Members(members(binding, description))).collect();
    let file = File { bindings, retry: retry(description.binding.kind(), description.settings) };
    let json = serde_json::to_string_pretty(&file).map_err(|error| refused(error.to_string()))?;
    Ok(json + "\n")
}

/// A function that no file can declare on Azure.
#[derive(Debug)]
pub struct Undeclarable(String);

impl fmt::Display for Undeclarable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Undeclarable {}

#[derive(Serialize)]
struct File {
    bindings: Vec<Members>,
    #[serde(skip_serializing_if = "Option::is_none")]
    retry: Option<Members>,
}

/// The members of an object, in this order; those without a value are left out.
struct Members(Vec<(&'static str, Option<Value>)>);

impl Serialize for Members {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().filter_map(|(name, value)| Some((name, value.as_ref()?))))
    }
}

fn members(binding: &Binding, description: &Description) -> Vec<(&'static str, Option<Value>)> {
    let text = |text: &Option<String>| text.as_deref().map(Value::from);
    let ty = TriggerType::read(&binding.ty);
    let only = |wanted: TriggerType, value: Value| (ty == Some(wanted)).then_some(value);
    let direction = match binding.direction {
        Direction::In => "in",
        Direction::Out => "out",
        Direction::InOut => "inout",
    };
    let data_type = binding.data_type.map(|data_type| match data_type {
        DataType::Text => "string",
        DataType::Binary => "binary",
        DataType::Stream => "stream",
    });
    let cardinality = binding.cardinality.map(|cardinality| match cardinality {
        Cardinality::One => "one",
        Cardinality::Many => "many",
    });
    vec![
        ("type", Some(binding.ty.as_str().into())),
        ("direction", Some(direction.into())),
        ("name", Some(binding.name.as_str().into())),
        ("route", text(&binding.route)),
        ("methods", binding.methods.clone().map(Value::from)),
        ("authLevel", only(TriggerType::Http, if description.public { "anonymous" } else { "function" }.into())),
        ("queueName", text(&binding.queue_name)),
        ("topicName", text(&binding.topic_name)),
        ("subscriptionName", text(&binding.subscription_name)),
        // The messages of one session come one after the other.
        ("isSessionsEnabled", if description.settings.ordered { only(TriggerType::ServiceBus, true.into()) } else { None }),
        ("eventHubName", text(&binding.event_hub_name)),
        ("consumerGroup", only(TriggerType::EventHub, "$Default".into())),
        ("path", text(&binding.path)),
        // The one way that every plan takes.
        ("source", only(TriggerType::Blob, "EventGrid".into())),
        ("schedule", text(&binding.schedule)),
        ("databaseName", only(TriggerType::CosmosDb, "%CosmosDBDatabase%".into())),
        ("containerName", text(&binding.container_name)),
        // Two functions of one container would otherwise take turns with its changes.
        ("leaseContainerPrefix", only(TriggerType::CosmosDb, description.name.into())),
        ("createLeaseContainerIfNotExists", only(TriggerType::CosmosDb, true.into())),
        ("maxItemsPerInvocation", description.settings.batch.and_then(|batch| only(TriggerType::CosmosDb, batch.into()))),
        ("connection", ty.and_then(connection).map(Value::from)),
        ("cardinality", cardinality.map(Value::from)),
        ("dataType", data_type.map(Value::from)),
    ]
}

/// The app setting that holds the address of what a trigger listens to.
fn connection(ty: TriggerType) -> Option<&'static str> {
    match ty {
        TriggerType::Queue | TriggerType::Blob => Some("AzureWebJobsStorage"),
        TriggerType::ServiceBus => Some("ServiceBusConnection"),
        TriggerType::EventHub => Some("EventHubConnection"),
        TriggerType::CosmosDb => Some("CosmosDBConnection"),
        TriggerType::Http | TriggerType::Kafka | TriggerType::EventGrid | TriggerType::Timer => None,
    }
}

/// How often a failed delivery is sent again, where the trigger itself does not.
pub(crate) fn retries(kind: Kind, settings: Settings) -> Option<u32> {
    let count = match kind {
        Kind::Stream | Kind::Change => settings.retries.unwrap_or(5),
        Kind::Schedule => settings.retries?,
        _ => return None,
    };
    (count > 0).then_some(count)
}

fn retry(kind: Kind, settings: Settings) -> Option<Members> {
    let count = retries(kind, settings)?;
    let policy = [
        ("strategy", "exponentialBackoff".into()),
        ("maxRetryCount", count.into()),
        ("minimumInterval", "00:00:10".into()),
        ("maximumInterval", "00:15:00".into()),
    ];
    Some(Members(policy.map(|(name, value)| (name, Some(value))).into()))
}
