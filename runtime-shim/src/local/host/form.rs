use std::fmt;

#[cfg(feature = "aws")]
use crate::aws::Shape;
#[cfg(feature = "azure")]
use crate::azure;
#[cfg(feature = "container")]
use crate::cloudevents;
#[cfg(feature = "gcp")]
use crate::local::gcp;
use crate::{Provider, event::Kind};

/// A native form of a delivery: how one provider's source or front end sends an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Form {
    /// A shape of Lambda's deliveries.
    #[cfg(feature = "aws")]
    Aws(Shape),
    /// A form of Google's requests.
    #[cfg(feature = "gcp")]
    Gcp(gcp::Form),
    /// A mode of the Functions host; events have [`Json`](azure::Mode::Json) alone.
    #[cfg(feature = "azure")]
    Azure(azure::Mode),
    /// A mode of CloudEvents; requests and calls have [`Binary`](cloudevents::Mode::Binary) alone.
    #[cfg(feature = "container")]
    Container(cloudevents::Mode),
    /// This machine's own: the event as it is.
    Local,
}

impl Form {
    /// Every form that this build knows, of each provider in turn; the usual one of a kind of events comes first.
    ///
    /// Some carry only what looks like theirs: a FIFO queue has a name that ends in `.fifo`, and to a WebSocket API a connection is
    /// `GET /$connect`, a message `POST /$default`.
    pub const ALL: &[Self] = &[
        #[cfg(feature = "aws")]
        Self::Aws(Shape::HttpApi2),
        #[cfg(feature = "aws")]
        Self::Aws(Shape::Rest),
        #[cfg(feature = "aws")]
        Self::Aws(Shape::HttpApi1),
        #[cfg(feature = "aws")]
        Self::Aws(Shape::FunctionUrl),
        #[cfg(feature = "aws")]
        Self::Aws(Shape::AlbMulti),
        #[cfg(feature = "aws")]
        Self::Aws(Shape::AlbSingle),
        #[cfg(feature = "aws")]
        Self::Aws(Shape::Lattice2),
        #[cfg(feature = "aws")]
        Self::Aws(Shape::Lattice1),
        #[cfg(feature = "aws")]
        Self::Aws(Shape::WebSocket),
        #[cfg(feature = "aws")]
        Self::Aws(Shape::Direct),
        #[cfg(feature = "aws")]
        Self::Aws(Shape::Sqs),
        #[cfg(feature = "aws")]
        Self::Aws(Shape::SqsFifo),
        #[cfg(feature = "aws")]
        Self::Aws(Shape::Sns),
        #[cfg(feature = "aws")]
        Self::Aws(Shape::S3),
        #[cfg(feature = "aws")]
        Self::Aws(Shape::EventBridge),
        #[cfg(feature = "aws")]
        Self::Aws(Shape::DynamoDb),
        #[cfg(feature = "aws")]
        Self::Aws(Shape::DocumentDb),
        #[cfg(feature = "aws")]
        Self::Aws(Shape::Kinesis),
        #[cfg(feature = "aws")]
        Self::Aws(Shape::Kafka),
        #[cfg(feature = "gcp")]
        Self::Gcp(gcp::Form::Http),
        #[cfg(feature = "gcp")]
        Self::Gcp(gcp::Form::Direct),
        #[cfg(feature = "gcp")]
        Self::Gcp(gcp::Form::Tasks),
        #[cfg(feature = "gcp")]
        Self::Gcp(gcp::Form::WrappedPush),
        #[cfg(feature = "gcp")]
        Self::Gcp(gcp::Form::UnwrappedPush),
        #[cfg(feature = "gcp")]
        Self::Gcp(gcp::Form::Eventarc),
        #[cfg(feature = "gcp")]
        Self::Gcp(gcp::Form::Structured),
        #[cfg(feature = "gcp")]
        Self::Gcp(gcp::Form::Fallback),
        #[cfg(feature = "gcp")]
        Self::Gcp(gcp::Form::Notification),
        #[cfg(feature = "gcp")]
        Self::Gcp(gcp::Form::NotificationWithoutPayload),
        #[cfg(feature = "gcp")]
        Self::Gcp(gcp::Form::Scheduler),
        #[cfg(feature = "gcp")]
        Self::Gcp(gcp::Form::Change(gcp::changes::Source::Firestore(gcp::changes::Form::Protobuf))),
        #[cfg(feature = "gcp")]
        Self::Gcp(gcp::Form::Change(gcp::changes::Source::Firestore(gcp::changes::Form::Json))),
        #[cfg(feature = "gcp")]
        Self::Gcp(gcp::Form::Change(gcp::changes::Source::Datastore(gcp::changes::Form::Protobuf))),
        #[cfg(feature = "gcp")]
        Self::Gcp(gcp::Form::Change(gcp::changes::Source::Datastore(gcp::changes::Form::Json))),
        #[cfg(feature = "gcp")]
        Self::Gcp(gcp::Form::Change(gcp::changes::Source::RealtimeDatabase)),
        #[cfg(feature = "gcp")]
        Self::Gcp(gcp::Form::Legacy),
        #[cfg(feature = "gcp")]
        Self::Gcp(gcp::Form::LegacyRealtimeDatabase),
        #[cfg(feature = "azure")]
        Self::Azure(azure::Mode::Json),
        #[cfg(feature = "azure")]
        Self::Azure(azure::Mode::Proxy),
        #[cfg(feature = "azure")]
        Self::Azure(azure::Mode::Forward),
        #[cfg(feature = "container")]
        Self::Container(cloudevents::Mode::Binary),
        #[cfg(feature = "container")]
        Self::Container(cloudevents::Mode::Structured),
        #[cfg(feature = "container")]
        Self::Container(cloudevents::Mode::Batch),
        Self::Local,
    ];

    /// Who delivers so.
    pub fn provider(self) -> Provider {
        match self {
            #[cfg(feature = "aws")]
            Self::Aws(_) => Provider::Aws,
            #[cfg(feature = "gcp")]
            Self::Gcp(_) => Provider::Gcp,
            #[cfg(feature = "azure")]
            Self::Azure(_) => Provider::Azure,
            #[cfg(feature = "container")]
            Self::Container(_) => Provider::Container,
            Self::Local => Provider::Local,
        }
    }

    /// Whether events of this kind are delivered so.
    pub fn carries(self, kind: Kind) -> bool {
        match (self, kind) {
            #[cfg(feature = "aws")]
            (Self::Aws(shape), kind) => match shape {
                Shape::Direct => kind == Kind::Direct,
                Shape::Sqs | Shape::SqsFifo => kind == Kind::Queue,
                Shape::Sns => kind == Kind::Topic,
                Shape::S3 => kind == Kind::Object,
                Shape::EventBridge => matches!(kind, Kind::Event | Kind::Object | Kind::Schedule),
                Shape::DynamoDb | Shape::DocumentDb => kind == Kind::Change,
                Shape::Kinesis | Shape::Kafka => kind == Kind::Stream,
                _ => kind == Kind::Http,
            },
            // A stream is a subscription with ordering keys.
            #[cfg(feature = "gcp")]
            (Self::Gcp(form), kind) => form.carries(kind) || (kind == Kind::Stream && form.carries(Kind::Topic)),
            #[cfg(feature = "azure")]
            (Self::Azure(mode), kind) => mode == azure::Mode::Json || kind == Kind::Http,
            #[cfg(feature = "container")]
            (Self::Container(mode), kind) => mode == cloudevents::Mode::Binary || !matches!(kind, Kind::Http | Kind::Direct),
            (Self::Local, _) => true,
        }
    }

    /// Whether one delivery can hold several events of this kind, if its function takes several.
    ///
    /// Sources: [Lambda's batching](https://docs.aws.amazon.com/lambda/latest/dg/invocation-eventsourcemapping.html); for Azure the
    /// `cardinality` of each trigger, in [triggers and bindings](https://learn.microsoft.com/azure/azure-functions/functions-triggers-bindings).
    pub fn carries_batches(self, kind: Kind) -> bool {
        match self {
            #[cfg(feature = "aws")]
            Self::Aws(shape) => {
                matches!(shape, Shape::Sqs | Shape::SqsFifo | Shape::DynamoDb | Shape::DocumentDb | Shape::Kinesis | Shape::Kafka)
            }
            #[cfg(feature = "gcp")]
            Self::Gcp(_) => false,
            // A queue is one of Storage, whose messages come one by one.
            #[cfg(feature = "azure")]
            Self::Azure(mode) => mode == azure::Mode::Json && matches!(kind, Kind::Topic | Kind::Stream | Kind::Change),
            #[cfg(feature = "container")]
            Self::Container(mode) => mode == cloudevents::Mode::Batch && !matches!(kind, Kind::Http | Kind::Direct),
            Self::Local => !matches!(kind, Kind::Http | Kind::Direct),
        }
    }

    /// How this provider delivers events of this kind, unless told otherwise; `None` if this build lacks the provider.
    pub fn usual(provider: Provider, kind: Kind) -> Option<Self> {
        // On Azure a request comes through as the caller sent it.
        #[cfg(feature = "azure")]
        if (provider, kind) == (Provider::Azure, Kind::Http) {
            return Some(Self::Azure(azure::Mode::Proxy));
        }
        Self::ALL.iter().copied().find(|form| form.provider() == provider && form.carries(kind))
    }
}

/// As recordings and the console spell it: `aws/sqs`, `gcp/wrapped-push`.
impl fmt::Display for Form {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = match self {
            #[cfg(feature = "aws")]
            Self::Aws(shape) => kebab(&format!("{shape:?}")),
            #[cfg(feature = "gcp")]
            Self::Gcp(form) => kebab(&format!("{form:?}")),
            #[cfg(feature = "azure")]
            Self::Azure(mode) => kebab(&format!("{mode:?}")),
            #[cfg(feature = "container")]
            Self::Container(mode) => kebab(&format!("{mode:?}")),
            Self::Local => String::new(),
        };
        let between = if name.is_empty() { "" } else { "/" };
        f.pad(&format!("{}{between}{name}", self.provider()))
    }
}

/// `HttpApi2` as `http-api-2`, `S3` as `s3`, and `Change(Firestore(Json))` as `change-firestore-json`.
#[cfg(any(feature = "aws", feature = "azure", feature = "container", feature = "gcp"))]
fn kebab(name: &str) -> String {
    let (mut text, mut after_capital) = (String::new(), false);
    for letter in name.chars() {
        if matches!(letter, '(' | ')') {
            continue;
        }
        let is_word = letter.is_uppercase() || (letter.is_ascii_digit() && !after_capital);
        if is_word && !text.is_empty() {
            text.push('-');
        }
        text.extend(letter.to_lowercase());
        after_capital = letter.is_uppercase();
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    const KINDS: [Kind; 9] = [
        Kind::Http,
        Kind::Direct,
        Kind::Queue,
        Kind::Topic,
        Kind::Object,
        Kind::Schedule,
        Kind::Change,
        Kind::Stream,
        Kind::Event,
    ];

    #[test]
    fn each_form_carries_something_and_has_a_name_of_its_own() {
        let mut names: Vec<_> = Form::ALL.iter().map(ToString::to_string).collect();
        for form in Form::ALL {
            assert!(KINDS.iter().any(|kind| form.carries(*kind)), "{form}");
        }
        names.sort();
        names.dedup();
        assert_eq!(names.len(), Form::ALL.len());
    }

    #[test]
    #[cfg(all(feature = "aws", feature = "gcp", feature = "azure", feature = "container"))]
    fn every_provider_delivers_every_kind() {
        for provider in [Provider::Aws, Provider::Gcp, Provider::Azure, Provider::Container, Provider::Local] {
            for kind in KINDS {
                assert!(Form::usual(provider, kind).is_some(), "{provider} {kind}");
            }
        }
        assert_eq!(Form::usual(Provider::Aws, Kind::Http).unwrap().to_string(), "aws/http-api-2");
        assert_eq!(Form::usual(Provider::Gcp, Kind::Topic).unwrap().to_string(), "gcp/wrapped-push");
        assert_eq!(Form::usual(Provider::Aws, Kind::Object).unwrap().to_string(), "aws/s3");
    }
}
