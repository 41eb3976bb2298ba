//! What a provider cannot do of what a function's attribute asks: each rule with the document that says so.
//!
//! The functions are `const`, so that a build for one provider refuses at compile time what that one cannot do.

use std::time::Duration;

use crate::{
    Provider,
    event::{Action, Kind},
};

/// One thing that a function's attribute asks of the provider.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ask<'a> {
    /// So many events in a delivery, at the most.
    Batch(u32),
    /// Order within a group or partition.
    Ordered,
    /// So many deliveries again of a failed event.
    Retries(u32),
    /// So long for an event.
    Timeout(Duration),
    /// What is done to an object, of which at least one has to be told.
    On(&'a [Action]),
    /// The cron expression that is the resource's name.
    Schedule,
}

/// Why this provider cannot do it, and what to write instead; `None` if it can. `name` is that of the resource.
///
/// What depends on more than the attribute, such as the plan that is paid for, is no rule here.
///
/// ```
/// use polyfn_shim::{Provider, event::Kind, function::{Ask, impossible}};
///
/// const WHY: Option<&str> = impossible(Provider::Aws, Kind::Queue, "orders", Ask::Batch(20_000));
/// assert_eq!(WHY, Some("Lambda gets at most 10000 messages or records in a delivery; write `batch = 10000` or less"));
/// assert_eq!(impossible(Provider::Container, Kind::Queue, "orders", Ask::Batch(20_000)), None);
/// ```
pub const fn impossible(provider: Provider, kind: Kind, name: &str, ask: Ask<'_>) -> Option<&'static str> {
    match provider {
        Provider::Aws => aws(kind, name, ask),
        Provider::Gcp => gcp(kind, ask),
        Provider::Azure => azure(kind, name, ask),
        // Whoever sends events to a container sets its own limits, and this machine has none.
        Provider::Container | Provider::Local => None,
    }
}

const fn aws(kind: Kind, name: &str, ask: Ask<'_>) -> Option<&'static str> {
    Some(match (kind, ask) {
        // https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-parameters.html; a FIFO queue's name ends so.
        (Kind::Queue, Ask::Batch(11..)) if matches!(name.as_bytes(), [.., b'.', b'f', b'i', b'f', b'o']) => {
            "Lambda gets at most 10 messages of a FIFO queue in a delivery; write `batch = 10` or less"
        }
        // BatchSize: https://docs.aws.amazon.com/lambda/latest/api/API_CreateEventSourceMapping.html
        (_, Ask::Batch(10_001..)) => "Lambda gets at most 10000 messages or records in a delivery; write `batch = 10000` or less",
        // MaximumRetryAttempts, in the same place.
        (Kind::Change | Kind::Stream, Ask::Retries(10_001..)) => {
            "Lambda reads records again at most 10000 times; write `retries = 10000` or less"
        }
        // https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
        (_, Ask::Timeout(timeout)) if timeout.as_millis() > 900_000 => {
            "Lambda ends an invocation after 15 minutes; write `timeout = \"15m\"` or less"
        }
        // One of the two fields must be `?`: https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html
        (_, Ask::Schedule) if names_both_days(name) => {
            "a schedule of EventBridge has a day of the month or a weekday, not both; write two functions, one with each"
        }
        _ => return None,
    })
}

const fn gcp(kind: Kind, ask: Ask<'_>) -> Option<&'static str> {
    // Eventarc's transport is Pub/Sub: https://cloud.google.com/eventarc/docs/retry-events
    let by_pub_sub = matches!(kind, Kind::Topic | Kind::Stream | Kind::Object | Kind::Change | Kind::Event);
    Some(match (kind, ask) {
        // https://cloud.google.com/pubsub/docs/push#receive_push
        (_, Ask::Batch(2..)) => "Google Cloud delivers events one by one; remove `batch`",
        // https://cloud.google.com/firestore/docs/eventarc#limitations
        (Kind::Change, Ask::Ordered) => "Google Cloud delivers changes in no order; remove `ordered`",
        // maxDeliveryAttempts is 5 to 100: https://cloud.google.com/pubsub/docs/reference/rest/v1/projects.subscriptions
        (_, Ask::Retries(1..=3 | 100..)) if by_pub_sub => {
            "Pub/Sub gives a message up after 5 to 100 deliveries, or Eventarc after one; write `retries = 0`, or 4 to 99"
        }
        // retryCount: https://cloud.google.com/scheduler/docs/reference/rest/v1/projects.locations.jobs#RetryConfig
        (Kind::Schedule, Ask::Retries(6..)) => "Cloud Scheduler tries a job again at most 5 times; write `retries = 5` or less",
        // ackDeadlineSeconds: https://cloud.google.com/pubsub/docs/reference/rest/v1/projects.subscriptions
        (_, Ask::Timeout(timeout)) if by_pub_sub && timeout.as_millis() > 600_000 => {
            "Pub/Sub waits at most 10 minutes for an answer; write `timeout = \"10m\"` or less"
        }
        // dispatchDeadline: https://cloud.google.com/tasks/docs/reference/rest/v2/projects.locations.queues.tasks,
        // attemptDeadline: https://cloud.google.com/scheduler/docs/reference/rest/v1/projects.locations.jobs
        (Kind::Queue | Kind::Schedule, Ask::Timeout(timeout)) if timeout.as_millis() > 1_800_000 => {
            "Cloud Tasks and Cloud Scheduler wait at most 30 minutes for an answer; write `timeout = \"30m\"` or less"
        }
        // https://cloud.google.com/storage/docs/pubsub-notifications#events
        (_, Ask::On(on)) if tells_none(on, Provider::Gcp) => {
            "Cloud Storage never tells of a restored object; add `created`, `deleted`, `archived` or `updated`"
        }
        _ => return None,
    })
}

const fn azure(kind: Kind, name: &str, ask: Ask<'_>) -> Option<&'static str> {
    Some(match (kind, ask) {
        // https://learn.microsoft.com/azure/event-grid/delivery-and-retry#retry-policy
        (Kind::Event, Ask::Retries(30..)) => "Event Grid delivers an event at most 30 times; write `retries = 29` or less",
        // Of what Event Grid says of blobs (https://learn.microsoft.com/azure/event-grid/event-schema-blob-storage), the others are
        // custom events; the blob trigger tells of new and replaced ones.
        (_, Ask::On(on)) if tells_none(on, Provider::Azure) => {
            "Azure tells of blobs that were created or deleted only; add `created` or `deleted`"
        }
        // https://learn.microsoft.com/azure/azure-functions/functions-bindings-timer#ncrontab-expressions
        (_, Ask::Schedule) if names_both_days(name) => {
            "Azure waits for a day that is both, where cron means either; write two functions, one with each day"
        }
        _ => return None,
    })
}

/// What a Storage queue of Azure cannot do, where the function's declaration says that its queue is one.
///
/// Source: [Azure Queue storage trigger](https://learn.microsoft.com/azure/azure-functions/functions-bindings-storage-queue-trigger).
#[cfg(feature = "azure")]
pub(crate) const fn of_storage_queue(ask: Ask<'_>) -> Option<&'static str> {
    match ask {
        Ask::Ordered => Some("a Storage queue has no order; declare a Service Bus queue with sessions, or remove `ordered`"),
        Ask::Batch(2..) => Some("a Storage queue delivers one message at a time; declare a Service Bus queue, or remove `batch`"),
        _ => None,
    }
}

/// Whether a provider tells of none of these actions, so that a function of them is never called.
const fn tells_none(on: &[Action], provider: Provider) -> bool {
    let mut rest = on;
    while let [action, others @ ..] = rest {
        let never = match provider {
            Provider::Gcp => matches!(action, Action::Restored),
            _ => matches!(action, Action::Archived | Action::Restored | Action::Updated),
        };
        if !never {
            return false;
        }
        rest = others;
    }
    !on.is_empty()
}

/// Whether a cron expression restricts both the day of the month and the weekday.
const fn names_both_days(cron: &str) -> bool {
    !is_star(cron, 2) && !is_star(cron, 4)
}

/// Whether this field of a cron expression, counted from 0, takes every value.
const fn is_star(cron: &str, field: usize) -> bool {
    let mut rest = cron.as_bytes().trim_ascii_start();
    let mut skipped = 0;
    loop {
        let mut length = 0;
        let mut ahead = rest;
        while let [byte, others @ ..] = ahead {
            if byte.is_ascii_whitespace() {
                break;
            }
            length += 1;
            ahead = others;
        }
        if skipped == field {
            return matches!(rest.split_at(length).0, b"*" | b"");
        }
        rest = ahead.trim_ascii_start();
        skipped += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MINUTE: Duration = Duration::from_secs(60);

    /// Whether it is possible on aws, gcp and azure.
    fn possible(kind: Kind, name: &str, ask: Ask<'_>) -> [bool; 3] {
        assert_eq!(impossible(Provider::Container, kind, name, ask), None);
        assert_eq!(impossible(Provider::Local, kind, name, ask), None);
        [Provider::Aws, Provider::Gcp, Provider::Azure].map(|provider| impossible(provider, kind, name, ask).is_none())
    }

    #[test]
    fn each_limit_is_where_the_document_has_it() {
        use Action::{Archived, Created, Deleted, Restored, Updated};
        let (yes, no) = (true, false);
        for (kind, name, ask, want) in [
            (Kind::Queue, "q", Ask::Batch(1), [yes, yes, yes]),
            (Kind::Queue, "q", Ask::Batch(2), [yes, no, yes]),
            (Kind::Queue, "q", Ask::Batch(10_000), [yes, no, yes]),
            (Kind::Queue, "q", Ask::Batch(10_001), [no, no, yes]),
            (Kind::Queue, "q.fifo", Ask::Batch(10), [yes, no, yes]),
            (Kind::Queue, "q.fifo", Ask::Batch(11), [no, no, yes]),
            (Kind::Queue, "qfifo", Ask::Batch(11), [yes, no, yes]),
            (Kind::Stream, "s.fifo", Ask::Batch(11), [yes, no, yes]),
            (Kind::Change, "c", Ask::Batch(10_001), [no, no, yes]),
            (Kind::Queue, "q", Ask::Ordered, [yes, yes, yes]),
            (Kind::Topic, "t", Ask::Ordered, [yes, yes, yes]),
            (Kind::Change, "c", Ask::Ordered, [yes, no, yes]),
            (Kind::Stream, "s", Ask::Retries(10_000), [yes, no, yes]),
            (Kind::Stream, "s", Ask::Retries(10_001), [no, no, yes]),
            (Kind::Topic, "t", Ask::Retries(0), [yes, yes, yes]),
            (Kind::Topic, "t", Ask::Retries(3), [yes, no, yes]),
            (Kind::Topic, "t", Ask::Retries(4), [yes, yes, yes]),
            (Kind::Object, "o", Ask::Retries(99), [yes, yes, yes]),
            (Kind::Object, "o", Ask::Retries(100), [yes, no, yes]),
            (Kind::Queue, "q", Ask::Retries(3), [yes, yes, yes]),
            (Kind::Schedule, "* * * * *", Ask::Retries(5), [yes, yes, yes]),
            (Kind::Schedule, "* * * * *", Ask::Retries(6), [yes, no, yes]),
            (Kind::Event, "e", Ask::Retries(29), [yes, yes, yes]),
            (Kind::Event, "e", Ask::Retries(30), [yes, yes, no]),
            (Kind::Topic, "t", Ask::Timeout(10 * MINUTE), [yes, yes, yes]),
            (Kind::Topic, "t", Ask::Timeout(10 * MINUTE + Duration::from_millis(1)), [yes, no, yes]),
            (Kind::Queue, "q", Ask::Timeout(15 * MINUTE), [yes, yes, yes]),
            (Kind::Queue, "q", Ask::Timeout(16 * MINUTE), [no, yes, yes]),
            (Kind::Schedule, "* * * * *", Ask::Timeout(30 * MINUTE), [no, yes, yes]),
            (Kind::Schedule, "* * * * *", Ask::Timeout(31 * MINUTE), [no, no, yes]),
            (Kind::Object, "o", Ask::On(&[]), [yes, yes, yes]),
            (Kind::Object, "o", Ask::On(&[Created, Restored]), [yes, yes, yes]),
            (Kind::Object, "o", Ask::On(&[Restored]), [yes, no, no]),
            (Kind::Object, "o", Ask::On(&[Archived, Restored, Updated]), [yes, yes, no]),
            (Kind::Object, "o", Ask::On(&[Updated, Deleted]), [yes, yes, yes]),
        ] {
            assert_eq!(possible(kind, name, ask), want, "{kind} {name} {ask:?}");
        }
    }

    #[test]
    fn a_day_and_a_weekday_together_are_cron_but_not_everywhere() {
        for (cron, both) in [
            ("0 5 * * *", false),
            ("0 5 1 * *", false),
            ("0 5 * 1 MON", false),
            ("0 5 1 * MON", true),
            ("  0  5 \t*/2 * 1-5 ", true),
            ("0 5 1", false),
            ("", false),
        ] {
            assert_eq!(possible(Kind::Schedule, cron, Ask::Schedule), [!both, true, !both], "{cron}");
        }
    }

    #[cfg(feature = "azure")]
    #[test]
    fn a_storage_queue_is_the_least_of_queues() {
        assert!(of_storage_queue(Ask::Ordered).is_some() && of_storage_queue(Ask::Batch(2)).is_some());
        assert!(of_storage_queue(Ask::Batch(1)).is_none() && of_storage_queue(Ask::Retries(3)).is_none());
    }
}
