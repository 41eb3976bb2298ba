use crate::function::Order;

/// What a delivery looks like, which says how its reply must look.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Shape {
    /// Any JSON that is none of the others: Invoke, Step Functions, a schedule's own input.
    Direct,
    /// API Gateway REST API.
    Rest,
    /// API Gateway HTTP API with payload format 1.0.
    HttpApi1,
    /// API Gateway HTTP API with payload format 2.0.
    HttpApi2,
    /// Function URL, which has HTTP API's payload format 2.0.
    FunctionUrl,
    /// API Gateway WebSocket API.
    WebSocket,
    /// Application Load Balancer with one value per header and query key.
    AlbSingle,
    /// Application Load Balancer with multi-value headers switched on.
    AlbMulti,
    /// VPC Lattice, event structure version 1.
    Lattice1,
    /// VPC Lattice, event structure version 2.
    Lattice2,
    /// SQS, a standard queue.
    Sqs,
    /// SQS, a FIFO queue.
    SqsFifo,
    /// SNS.
    Sns,
    /// S3.
    S3,
    /// EventBridge: a rule, a schedule or a bus.
    EventBridge,
    /// A stream of DynamoDB.
    DynamoDb,
    /// A change stream of DocumentDB.
    DocumentDb,
    /// Kinesis.
    Kinesis,
    /// Kafka, of Amazon MSK or self-managed.
    Kafka,
}

impl Shape {
    /// Every HTTP shape, in the order of the documentation.
    pub const HTTP: [Self; 9] = [
        Self::Rest,
        Self::HttpApi1,
        Self::HttpApi2,
        Self::FunctionUrl,
        Self::WebSocket,
        Self::AlbSingle,
        Self::AlbMulti,
        Self::Lattice1,
        Self::Lattice2,
    ];

    /// Every shape whose events have no caller that waits for a response, in the order of the documentation.
    pub const EVENTS: [Self; 9] = [
        Self::Sqs,
        Self::SqsFifo,
        Self::Sns,
        Self::S3,
        Self::EventBridge,
        Self::DynamoDb,
        Self::DocumentDb,
        Self::Kinesis,
        Self::Kafka,
    ];

    /// The order that the handling of its events keeps: within a message group, a shard or a partition. `groups` are those of the
    /// receipts.
    pub fn order<'g>(self, groups: &'g [Option<&'g str>]) -> Order<'g> {
        match self {
            // What is in a message of the group may have no group of its own, such as an event of EventBridge.
            Self::SqsFifo => Order::By(groups),
            Self::DynamoDb | Self::DocumentDb | Self::Kinesis | Self::Kafka => Order::Groups,
            _ => Order::None,
        }
    }

    /// Whether it is an HTTP request.
    pub fn is_http(self) -> bool {
        Self::HTTP.contains(&self)
    }

    /// Whether its front end can take a response piece by piece, if it is configured to.
    ///
    /// Source: [Response streaming](https://docs.aws.amazon.com/lambda/latest/dg/configuration-response-streaming.html).
    pub fn can_stream(self) -> bool {
        matches!(self, Self::Rest | Self::FunctionUrl)
    }
}
