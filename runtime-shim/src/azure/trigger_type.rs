use std::fmt;

/// What triggers a function, as the `type` of its trigger binding names it.
///
/// ```
/// use polyfn_shim::azure::TriggerType;
///
/// assert_eq!(TriggerType::read("HttpTrigger"), Some(TriggerType::Http));
/// assert_eq!(TriggerType::read("sqlTrigger"), None);
/// ```
///
/// Source: [triggers and bindings](https://learn.microsoft.com/azure/azure-functions/functions-triggers-bindings).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TriggerType {
    /// `httpTrigger`.
    Http,
    /// `queueTrigger`, of Storage queues.
    Queue,
    /// `serviceBusTrigger`.
    ServiceBus,
    /// `eventHubTrigger`.
    EventHub,
    /// `kafkaTrigger`.
    Kafka,
    /// `eventGridTrigger`.
    EventGrid,
    /// `blobTrigger`.
    Blob,
    /// `timerTrigger`.
    Timer,
    /// `cosmosDBTrigger`.
    CosmosDb,
}

impl TriggerType {
    /// Every type, in the order of the documentation.
    pub const ALL: [Self; 9] = [
        Self::Http,
        Self::Queue,
        Self::ServiceBus,
        Self::EventHub,
        Self::Kafka,
        Self::EventGrid,
        Self::Blob,
        Self::Timer,
        Self::CosmosDb,
    ];

    /// The type of this name, whose letter case the host ignores; `None` if polyfn does not know it.
    pub fn read(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|ty| ty.as_str().eq_ignore_ascii_case(name))
    }

    /// The name, as function.json spells it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Http => "httpTrigger",
            Self::Queue => "queueTrigger",
            Self::ServiceBus => "serviceBusTrigger",
            Self::EventHub => "eventHubTrigger",
            Self::Kafka => "kafkaTrigger",
            Self::EventGrid => "eventGridTrigger",
            Self::Blob => "blobTrigger",
            Self::Timer => "timerTrigger",
            Self::CosmosDb => "cosmosDBTrigger",
        }
    }
}

impl fmt::Display for TriggerType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}
