use super::parts::resource;
use crate::manifest::yaml::Node;

/// A statement that allows these actions on this resource.
pub(super) fn allow(actions: &[&str], on: impl Into<Node>) -> Node {
    let actions = match actions {
        [one] => Node::from(*one),
        all => Node::list(all.iter().copied()),
    };
    Node::map().with("Effect", "Allow").with("Action", actions).with("Resource", on)
}

pub(super) fn document(statements: Vec<Node>) -> Node {
    Node::map().with("Version", "2012-10-17").with("Statement", Node::list(statements))
}

/// A role that a service of AWS takes on, with a policy for each thing that it does.
pub(super) fn role(service: &str, condition: Option<Node>, policies: Vec<(String, Vec<Node>)>) -> Node {
    let trust = Node::map()
        .with("Effect", "Allow")
        .with("Principal", Node::map().with("Service", service))
        .with("Action", "sts:AssumeRole")
        .with_some("Condition", condition);
    let policy = |(name, statements)| Node::map().with("PolicyName", name).with("PolicyDocument", document(statements));
    let policies: Vec<Node> = policies.into_iter().map(policy).collect();
    let policies = if policies.is_empty() { None } else { Some(Node::list(policies)) };
    resource(
        "AWS::IAM::Role",
        Node::map().with("AssumeRolePolicyDocument", document(vec![trust])).with_some("Policies", policies),
    )
}
