use polyfn_shim::Trigger;

use super::{
    FUNCTION, Row, Seen,
    edit::{digits_as_text, name, stream},
};

pub(super) const ROWS: &[Row] = &[
    Row {
        form: "aws/direct",
        source: "https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html",
        refuses: |_| false,
        arrives: |seen| seen.source = FUNCTION.to_owned(),
        unordered: |_| {},
    },
    Row {
        form: "aws/sqs",
        source: "https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html",
        refuses: |seen| !is_text(seen) || name(seen).ends_with(".fifo"),
        arrives: queued,
        unordered: |_| {},
    },
    Row {
        form: "aws/sqs-fifo",
        source: "https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-fifo-queues.html",
        refuses: |seen| !is_text(seen) || !name(seen).ends_with(".fifo"),
        arrives: queued,
        unordered: |_| {},
    },
    Row {
        form: "aws/sns",
        source: "https://docs.aws.amazon.com/lambda/latest/dg/with-sns.html",
        refuses: |seen| std::str::from_utf8(&seen.data).is_err(),
        // Lambda itself tries again, and says nothing of it; a standard topic has no order.
        arrives: |seen| {
            seen.source = format!("arn:aws:sns:us-east-1:123456789012:{}", name(seen));
            seen.datacontenttype = None;
            seen.attempt = 1;
            if let Trigger::Topic(topic) = &mut seen.trigger {
                topic.ordering_key = None;
            }
        },
        unordered: |_| {},
    },
    Row {
        form: "aws/s3",
        source: "https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-content-structure.html",
        refuses: |_| false,
        arrives: stored,
        unordered: |_| {},
    },
    Row {
        form: "aws/event-bridge",
        source: "https://docs.aws.amazon.com/eventbridge/latest/ref/overiew-event-structure.html",
        // A detail is an object.
        refuses: |seen| seen.trigger == Trigger::Event && !seen.data.is_empty() && !seen.data.starts_with(b"{"),
        // An event has no subject and nothing of its sender's beside the detail, which is never missing.
        arrives: |seen| match &seen.trigger {
            Trigger::Object(_) => stored(seen),
            Trigger::Schedule(schedule) => {
                let name = schedule.name.as_deref().unwrap_or_default();
                seen.source = format!("arn:aws:events:us-east-1:123456789012:rule/{name}");
            }
            _ => {
                (seen.subject, seen.datacontenttype) = (None, Some("application/json".to_owned()));
                seen.attributes.clear();
                if seen.data.is_empty() {
                    seen.data = b"{}".to_vec();
                }
            }
        },
        unordered: |_| {},
    },
    Row {
        form: "aws/dynamo-db",
        source: "https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_streams_AttributeValue.html",
        refuses: |_| false,
        arrives: |seen| {
            let stream = "stream/2024-01-01T00:00:00.000";
            seen.source = format!("arn:aws:dynamodb:us-east-1:123456789012:table/{}/{stream}", name(seen));
            whole(seen);
        },
        unordered: |_| {},
    },
    Row {
        form: "aws/document-db",
        source: "https://docs.aws.amazon.com/lambda/latest/dg/with-documentdb.html",
        refuses: |_| false,
        // The cluster counts seconds.
        arrives: |seen| {
            seen.source = "arn:aws:rds:us-east-1:123456789012:cluster:local".to_owned();
            seen.time = Some("2026-03-07T08:00:25Z".to_owned());
            whole(seen);
        },
        unordered: |_| {},
    },
    Row {
        form: "aws/kinesis",
        source: "https://docs.aws.amazon.com/lambda/latest/dg/with-kinesis.html",
        refuses: |_| false,
        // A record is bytes with a key, and its id is its place.
        arrives: |seen| {
            seen.source = format!("arn:aws:kinesis:us-east-1:123456789012:stream/{}", name(seen));
            seen.datacontenttype = None;
            seen.attributes.clear();
            let stream = stream(seen).cloned().unwrap_or_default();
            seen.id = [stream.partition, stream.sequence].map(Option::unwrap_or_default).join(":");
        },
        unordered: |_| {},
    },
    Row {
        form: "aws/kafka",
        source: "https://docs.aws.amazon.com/lambda/latest/dg/with-msk.html",
        // An offset has 64 bits.
        refuses: |seen| matches!(&seen.trigger, Trigger::Stream(s) if s.sequence.as_ref().is_some_and(|text| text.len() > 19)),
        arrives: |seen| {
            seen.source = "arn:aws:kafka:us-east-1:123456789012:cluster/local/0123456789abcdef".to_owned();
            seen.datacontenttype = None;
            let stream = stream(seen).cloned().unwrap_or_default();
            seen.id = [stream.name, stream.partition, stream.sequence].map(Option::unwrap_or_default).join("-");
        },
        unordered: |_| {},
    },
];

/// A message is no bytes, and has no control characters.
fn is_text(seen: &Seen) -> bool {
    std::str::from_utf8(&seen.data).is_ok_and(|text| !text.chars().any(|c| c < ' ' && !['\t', '\n', '\r'].contains(&c)))
}

/// A message has no media type.
fn queued(seen: &mut Seen) {
    seen.source = format!("arn:aws:sqs:us-east-1:123456789012:{}", name(seen));
    seen.datacontenttype = None;
}

/// A notification tells no media type.
fn stored(seen: &mut Seen) {
    seen.source = format!("arn:aws:s3:::{}", name(seen));
    if let Trigger::Object(object) = &mut seen.trigger {
        object.content_type = None;
    }
}

/// A number that plain JSON does not carry is its digits.
fn whole(seen: &mut Seen) {
    if let Trigger::Change(change) = &mut seen.trigger {
        digits_as_text(&mut change.after);
    }
}
