/// What is left out of a comparison.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Ignore {
    /// Nothing.
    #[default]
    Nothing,
    /// What legitimately differs from one delivery to the next, and from one provider to another: dates, the ids of requests,
    /// traces, what belongs to one connection, and of an event what its provider calls it.
    Delivery,
}

/// https://www.rfc-editor.org/rfc/rfc9110#section-7.6.1, and what servers and front ends put in by themselves.
const HEADERS: [&str; 36] = [
    "connection",
    "keep-alive",
    "proxy-connection",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
    "content-length",
    "date",
    "age",
    "server",
    "via",
    "alt-svc",
    "host",
    "forwarded",
    "x-forwarded-for",
    "x-forwarded-host",
    "x-forwarded-port",
    "x-forwarded-proto",
    "request-id",
    "x-request-id",
    "x-correlation-id",
    "traceparent",
    "tracestate",
    "request-context",
    "apigw-requestid",
    "x-amz-apigw-id",
    "x-amz-cf-id",
    "x-amz-request-id",
    "x-amzn-requestid",
    "x-amzn-trace-id",
    "x-cloud-trace-context",
    "x-azure-ref",
    "x-ms-request-id",
    "function-execution-id",
    "lambda-runtime-aws-request-id",
];

/// Members of an event, by their paths.
const MEMBERS: [&str; 10] =
    ["provider", "id", "source", "time", "attempt", "via", "http.host", "http.scheme", "http.client_ip", "http.raw_path"];

impl Ignore {
    /// Whether a header of this name, in lower case, is left out.
    pub fn header(self, name: &str) -> bool {
        self == Self::Delivery && HEADERS.contains(&name)
    }

    /// Whether a member of an event is left out.
    pub(super) fn member(self, path: &str) -> bool {
        self == Self::Delivery && MEMBERS.contains(&path)
    }
}
