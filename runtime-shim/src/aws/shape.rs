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

    /// Whether it is an HTTP request.
    pub fn is_http(self) -> bool {
        self != Self::Direct
    }

    /// Whether its front end can take a response piece by piece, if it is configured to.
    ///
    /// Source: [Response streaming](https://docs.aws.amazon.com/lambda/latest/dg/configuration-response-streaming.html).
    pub fn can_stream(self) -> bool {
        matches!(self, Self::Rest | Self::FunctionUrl)
    }
}
