use std::fmt;

use serde::de::{self, Deserialize, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

use super::{
    dynamodb, kinesis,
    leaf::{Leaf, scalars},
    members::{Map, members},
    s3, sns, sqs,
};

/// The member `Records`, in one pass: the first record says whose they all are, and the others are read as that.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) enum Records<'a> {
    /// Missing, empty, or of a source that has no decoder.
    #[default]
    Other,
    Sqs(Vec<sqs::Record<'a>>),
    Sns(Vec<sns::Record<'a>>),
    S3(Vec<s3::Record<'a>>),
    DynamoDb(Vec<dynamodb::Record<'a>>),
    Kinesis(Vec<kinesis::Record<'a>>),
}

members! {
    /// The first record: every member that a record of any source has.
    struct First<'a> {
        source: Leaf<'a> = b"eventSource" | b"EventSource",
        source_arn: Leaf<'a> = b"eventSourceARN",
        name: Leaf<'a> = b"eventName",
        id: Leaf<'a> = b"eventID",
        time: Leaf<'a> = b"eventTime",
        message_id: Leaf<'a> = b"messageId",
        body: Leaf<'a> = b"body",
        attributes: sqs::System<'a> = b"attributes",
        message_attributes: Map<'a, sqs::Attribute<'a>> = b"messageAttributes",
        sns: sns::Notification<'a> = b"Sns",
        response: s3::Response<'a> = b"responseElements",
        s3: s3::S3<'a> = b"s3",
        dynamodb: Option<dynamodb::Item<'a>> = b"dynamodb",
        kinesis: kinesis::Content<'a> = b"kinesis",
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Records<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(RecordsVisitor).map(|records: Records<'de>| records)
    }
}

/// Reads a list of records; any other JSON has none.
struct RecordsVisitor;

impl<'de> Visitor<'de> for RecordsVisitor {
    type Value = Records<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any JSON")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Records<'de>, A::Error> {
        let Some(first) = seq.next_element::<First<'de>>()? else { return Ok(Records::Other) };
        Ok(match first.source.text() {
            Some("aws:sqs") => Records::Sqs(all(first.sqs(), seq)?),
            Some("aws:sns") => Records::Sns(all(first.sns(), seq)?),
            Some("aws:s3") => Records::S3(all(first.s3(), seq)?),
            Some("aws:dynamodb") => Records::DynamoDb(all(first.dynamodb(), seq)?),
            Some("aws:kinesis") => Records::Kinesis(all(first.kinesis(), seq)?),
            _ => {
                while seq.next_element::<IgnoredAny>()?.is_some() {}
                Records::Other
            }
        })
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Records<'de>, A::Error> {
        while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(Records::Other)
    }

    fn visit_unit<E: de::Error>(self) -> Result<Records<'de>, E> {
        Ok(Records::Other)
    }

    scalars!(Records<'de>, Records::Other);
}

/// The first record and those after it.
fn all<'de, A: SeqAccess<'de>, T: Deserialize<'de>>(first: T, mut seq: A) -> Result<Vec<T>, A::Error> {
    // A batch of SQS has no more unless somebody asks for it; a list that grows is copied each time.
    let mut records = Vec::with_capacity(10);
    records.push(first);
    while let Some(record) = seq.next_element()? {
        records.push(record);
    }
    Ok(records)
}

impl<'a> First<'a> {
    fn sqs(self) -> sqs::Record<'a> {
        let Self { source, source_arn, message_id, body, attributes, message_attributes, .. } = self;
        sqs::Record { source, source_arn, message_id, body, attributes, message_attributes }
    }

    fn sns(self) -> sns::Record<'a> {
        let Self { source, sns, .. } = self;
        sns::Record { source, sns }
    }

    fn s3(self) -> s3::Record<'a> {
        let Self { source, name, time, response, s3, .. } = self;
        s3::Record { source, name, time, response, s3 }
    }

    fn dynamodb(self) -> dynamodb::Record<'a> {
        let Self { source, source_arn, id, name, dynamodb, .. } = self;
        dynamodb::Record { source, source_arn, id, name, dynamodb }
    }

    fn kinesis(self) -> kinesis::Record<'a> {
        let Self { source, source_arn, id, kinesis, .. } = self;
        kinesis::Record { source, source_arn, id, kinesis }
    }
}
