use super::{
    Decoded,
    leaf::Leaf,
    members::{List, members},
    predicates::Kind,
    reader::{Reader, Result},
    source::{Read, Sources},
    value::Value,
};
use crate::DecodeError;

/// Of a program whose functions take requests and calls alone: no decoder of events is in it.
pub(super) enum NoSources {}

impl Sources for NoSources {
    type Records<'a> = Unread<'a>;
}

/// The member `Records`, read no further than to tell that the delivery is no call.
#[derive(Default)]
pub(super) struct Unread<'a>(List<Record<'a>>);

members! {
    /// A record of any source.
    struct Record<'a> {
        source: Leaf<'a> = b"eventSource" | b"EventSource",
    }
}

impl<'a> Value<'a> for Unread<'a> {
    fn read(reader: &mut Reader<'a>) -> Result<Self> {
        Value::read(reader).map(Self)
    }
}

impl<'a> Read<'a> for Unread<'a> {
    fn is_known(&self) -> bool {
        let source = self.0.0.first().and_then(|record| record.source.text());
        matches!(source, Some("aws:sqs" | "aws:sns" | "aws:s3" | "aws:dynamodb" | "aws:kinesis"))
    }

    fn decode(self, _: Kind, _: &bytes::Bytes, _: &str) -> std::result::Result<Decoded, DecodeError> {
        Err(DecodeError::at("", "no function of this program takes events"))
    }
}
