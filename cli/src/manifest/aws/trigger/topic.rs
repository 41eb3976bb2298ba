use super::{
    Function, Parts, Source,
    inbox::{inbox, is_fifo},
};
use crate::manifest::{
    aws::{
        name::logical,
        parts::{attribute, parameter, reference, resource},
    },
    yaml::Node,
};

/// A topic of SNS, made here unless the deployment names one, with the function's queue as a subscriber.
pub(super) fn source(function: Function<'_>, parts: &mut Parts) -> Source {
    let name = function.resource();
    let fifo = is_fifo(name);
    let topic = if function.names_one() { made(name, fifo, parts) } else { given(function, parts) };
    let properties = Node::map()
        .with("TopicArn", topic.clone())
        .with("Protocol", "sqs")
        .with("Endpoint", attribute(&function.id("Queue"), "Arn"))
        // The message alone would not say which topic it is of.
        .with("RawMessageDelivery", false);
    parts.resource(function.id("Subscription"), resource("AWS::SNS::Subscription", properties));
    inbox(function, "sns.amazonaws.com", topic, fifo, parts)
}

/// Functions of one topic share it.
fn made(name: &str, fifo: bool, parts: &mut Parts) -> Node {
    let (id, arn, condition) =
        (format!("{}Topic", logical(name)), format!("{}TopicArn", logical(name)), format!("{}TopicIsMade", logical(name)));
    let about = format!("ARN of the topic `{name}`, if it is there already; empty to make it");
    parts.parameter(arn.clone(), parameter(&about, Some("")));
    parts.condition(condition.clone(), Node::list([reference(&arn), Node::from("")]).tagged("!Equals"));
    let properties = Node::map().with("TopicName", name).with_some("FifoTopic", fifo.then_some(true));
    let topic = Node::map().with("Type", "AWS::SNS::Topic").with("Condition", condition.clone()).with("Properties", properties);
    parts.resource(id.clone(), topic);
    Node::list([Node::from(condition), reference(&id), reference(&arn)]).tagged("!If")
}

fn given(function: Function<'_>, parts: &mut Parts) -> Node {
    let arn = function.id("TopicArn");
    let about = format!("ARN of a topic `{}` for {}", function.resource(), function.entry.name);
    parts.parameter(arn.clone(), parameter(&about, None));
    reference(&arn)
}
