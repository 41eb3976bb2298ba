use super::{
    Function, Parts, Source,
    inbox::{from_queue, queue},
};
use crate::{
    failure::Failure,
    manifest::{
        aws::{
            cron::cron,
            parts::{attribute, reference, resource, sub},
            policy::{allow, role},
        },
        yaml::Node,
    },
};

/// The group of the program's schedules, so that two deployments can have schedules of the same names.
const GROUP: &str = "ScheduleGroup";

/// A schedule of EventBridge Scheduler under the function's name, which is how a tick finds its function.
///
/// Source: [Scheduler templated targets](https://docs.aws.amazon.com/scheduler/latest/UserGuide/managing-targets-templated.html).
pub(super) fn source(function: Function<'_>, parts: &mut Parts) -> Result<Source, Failure> {
    let name = &function.entry.name;
    let expression = cron(function.resource()).ok_or_else(|| {
        let why = function.entry.description();
        let why = why.unsupported(polyfn_shim::Provider::Aws).last().unwrap_or("EventBridge has no such schedule").to_owned();
        Failure::new(format!("`{name}`: {why}"))
    })?;
    queue(function, None, false, parts);
    let arn = attribute(&function.id("Queue"), "Arn");
    let sender = function.id("ScheduleRole");
    parts.resource(GROUP, resource("AWS::Scheduler::ScheduleGroup", Node::map().with("Name", sub("${AWS::StackName}"))));
    let here = Node::map().with("StringEquals", Node::map().with("aws:SourceAccount", reference("AWS::AccountId")));
    parts.resource(
        sender.clone(),
        role("scheduler.amazonaws.com", Some(here), vec![("send".to_owned(), vec![allow(&["sqs:SendMessage"], arn.clone())])]),
    );
    let target = Node::map().with("Arn", arn.clone()).with("RoleArn", attribute(&sender, "Arn")).with("Input", TICK);
    let properties = Node::map()
        .with("Name", name.as_str())
        .with("GroupName", reference(GROUP))
        .with("ScheduleExpression", expression)
        .with("ScheduleExpressionTimezone", "UTC")
        .with("FlexibleTimeWindow", Node::map().with("Mode", "OFF"))
        .with("Target", target);
    parts.resource(function.id("Schedule"), resource("AWS::Scheduler::Schedule", properties));
    Ok(from_queue(function, arn, false))
}

/// What the Scheduler sends by default, with an id that is the same when a tick is sent again.
///
/// Source: [Context attributes](https://docs.aws.amazon.com/scheduler/latest/UserGuide/managing-schedule-context-attributes.html).
pub(super) const TICK: &str = r#"{"version":"0","id":"<aws.scheduler.schedule-arn>/<aws.scheduler.scheduled-time>","detail-type":"Scheduled Event","source":"aws.scheduler","time":"<aws.scheduler.scheduled-time>","resources":["<aws.scheduler.schedule-arn>"],"detail":{}}"#;

#[cfg(test)]
mod tests {
    use polyfn_shim::{Trigger, aws};

    use super::TICK;

    #[test]
    fn a_tick_in_a_queue_is_one_of_the_schedule_of_that_name() {
        let tick = TICK
            .replace("<aws.scheduler.schedule-arn>", "arn:aws:scheduler:eu-west-1:123456789012:schedule/shop/nightly")
            .replace("<aws.scheduler.scheduled-time>", "2026-11-26T05:00:00Z");
        let record = serde_json::json!({"messageId": "1", "eventSource": "aws:sqs", "eventSourceARN": "arn:aws:sqs:eu-west-1:123456789012:q", "body": tick});
        let delivery = bytes::Bytes::from(serde_json::json!({"Records": [record]}).to_string());
        let events = aws::decode(&delivery, &aws::Frame::default()).unwrap().into_events();
        let [event] = events.as_slice() else { panic!("{events:?}") };
        let Trigger::Schedule(schedule) = event.trigger() else { panic!("{event:?}") };
        assert_eq!(schedule.name.as_deref(), Some("nightly"));
        assert_eq!(schedule.scheduled_for.map(|time| time.to_string()).as_deref(), Some("2026-11-26T05:00:00Z"));
    }
}
