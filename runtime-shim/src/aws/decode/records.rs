use super::{
    body::Body,
    dynamodb, kinesis,
    leaf::Leaf,
    members::members,
    reader::{Reader, Result},
    s3, sns, sqs,
    value::Value,
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
        body: Body<'a> = b"body",
        attributes: sqs::System<'a> = b"attributes",
        message_attributes: sqs::Attributes = b"messageAttributes",
        sns: sns::Notification<'a> = b"Sns",
        response: s3::Response<'a> = b"responseElements",
        s3: s3::S3<'a> = b"s3",
        dynamodb: Option<dynamodb::Item<'a>> = b"dynamodb",
        kinesis: kinesis::Content<'a> = b"kinesis",
    }
}

impl<'a> Value<'a> for Records<'a> {
    fn read(reader: &mut Reader<'a>) -> Result<Self> {
        let mut records = None;
        reader.array(|reader| match &mut records {
            None => First::read(reader).map(|first| records = Some(first.records())),
            Some(Self::Other) => reader.skip(),
            Some(Self::Sqs(list)) => Value::read(reader).map(|record| list.push(record)),
            Some(Self::Sns(list)) => Value::read(reader).map(|record| list.push(record)),
            Some(Self::S3(list)) => Value::read(reader).map(|record| list.push(record)),
            Some(Self::DynamoDb(list)) => Value::read(reader).map(|record| list.push(record)),
            Some(Self::Kinesis(list)) => Value::read(reader).map(|record| list.push(record)),
        })?;
        Ok(records.unwrap_or_default())
    }
}

/// A list that begins with this record, with room for those of a batch.
fn from<T>(first: T) -> Vec<T> {
    // A batch of SQS has no more unless somebody asks for it; a list that grows is copied each time.
    with_room(first, 10)
}

fn with_room<T>(first: T, room: usize) -> Vec<T> {
    let mut records = Vec::with_capacity(room);
    records.push(first);
    records
}

impl<'a> First<'a> {
    /// A list of records of its source, with it alone.
    fn records(self) -> Records<'a> {
        match self.source.text() {
            Some("aws:sqs") => Records::Sqs(from(self.sqs())),
            // These two come one at a time.
            Some("aws:sns") => Records::Sns(with_room(self.sns(), 1)),
            Some("aws:s3") => Records::S3(with_room(self.s3(), 1)),
            Some("aws:dynamodb") => Records::DynamoDb(from(self.dynamodb())),
            Some("aws:kinesis") => Records::Kinesis(from(self.kinesis())),
            _ => Records::Other,
        }
    }

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
