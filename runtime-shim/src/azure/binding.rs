use serde::{Deserialize, Deserializer, de::Error};

/// One element of the `bindings` array of a function.json.
///
/// Members that no decoder asks for are left out.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Binding {
    /// What it binds to, such as `httpTrigger` or `queue`; the host ignores its letter case.
    #[serde(rename = "type")]
    pub ty: String,
    /// The name of its value in `Data` or `Outputs`, letter for letter.
    pub name: String,
    /// Whether the host sends it or takes it.
    pub direction: Direction,
    /// How its values are written; absent means text.
    pub data_type: Option<DataType>,
    /// Whether a delivery holds one value or many.
    pub cardinality: Option<Cardinality>,
    /// The route of an `httpTrigger`, without the route prefix; absent means the function's name.
    pub route: Option<String>,
    /// The methods of an `httpTrigger`; absent means all.
    pub methods: Option<Vec<String>>,
    /// The queue of a `queueTrigger` or `serviceBusTrigger`.
    pub queue_name: Option<String>,
    /// The topic of a `serviceBusTrigger`.
    pub topic_name: Option<String>,
    /// The subscription of a `serviceBusTrigger` to its topic.
    pub subscription_name: Option<String>,
    /// The hub of an `eventHubTrigger`.
    pub event_hub_name: Option<String>,
    /// The topic of a `kafkaTrigger`.
    pub topic: Option<String>,
    /// The container and name pattern of a `blobTrigger`.
    pub path: Option<String>,
    /// The schedule of a `timerTrigger`.
    pub schedule: Option<String>,
    /// The container of a `cosmosDBTrigger`.
    #[serde(alias = "collectionName")]
    pub container_name: Option<String>,
}

impl Binding {
    /// An HTTP trigger of this name and route, for every method.
    pub fn http_trigger(name: impl Into<String>, route: Option<String>) -> Self {
        Self { ty: "httpTrigger".to_owned(), name: name.into(), route, ..Self::default() }
    }

    /// An HTTP output of this name.
    pub fn http_output(name: impl Into<String>) -> Self {
        Self { ty: "http".to_owned(), name: name.into(), direction: Direction::Out, ..Self::default() }
    }

    /// Whether it is a trigger, by its type.
    pub fn is_trigger(&self) -> bool {
        let suffix = self.ty.len().checked_sub("trigger".len()).and_then(|at| self.ty.get(at..));
        suffix.is_some_and(|suffix| suffix.eq_ignore_ascii_case("trigger"))
    }

    /// Whether it is what an HTTP caller gets.
    pub fn is_http_output(&self) -> bool {
        self.direction == Direction::Out && self.ty.eq_ignore_ascii_case("http")
    }
}

/// Which way a binding's value goes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Direction {
    /// From the host to the function.
    #[default]
    In,
    /// From the function to the host.
    Out,
    /// Both ways.
    InOut,
}

/// How a binding's values are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DataType {
    /// As text.
    Text,
    /// As base64.
    Binary,
    /// As a stream, which a custom handler gets as base64.
    Stream,
}

/// Whether a delivery holds one value or many.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cardinality {
    /// One.
    One,
    /// Many.
    Many,
}

/// Reads one of these words, whose letter case the host ignores.
fn word<'de, D: Deserializer<'de>, T: Copy>(deserializer: D, words: &[(&str, T)]) -> Result<T, D::Error> {
    let text = String::deserialize(deserializer)?;
    words.iter().find(|(word, _)| word.eq_ignore_ascii_case(&text)).map(|(_, value)| *value).ok_or_else(|| {
        let words = words.iter().map(|(word, _)| format!("`{word}`")).collect::<Vec<_>>().join(", ");
        D::Error::custom(format!("`{text}` is not one of {words}"))
    })
}

impl<'de> Deserialize<'de> for Direction {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        word(deserializer, &[("in", Self::In), ("out", Self::Out), ("inout", Self::InOut)])
    }
}

impl<'de> Deserialize<'de> for DataType {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        word(deserializer, &[("string", Self::Text), ("binary", Self::Binary), ("stream", Self::Stream)])
    }
}

impl<'de> Deserialize<'de> for Cardinality {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        word(deserializer, &[("one", Self::One), ("many", Self::Many)])
    }
}
