use bytes::Bytes;
use http::{HeaderValue, Response, StatusCode, header::CONTENT_TYPE};

use crate::aws::Shape;

/// Why a front end answers by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Failure {
    /// The request is too large.
    TooLarge,
    /// Lambda did not take the invocation.
    Invoke,
    /// The invocation failed.
    Function,
    /// The reply is not in its form, or too large.
    Reply,
    /// The function took too long for it.
    TooSlow,
}

/// The front end's own response.
///
/// The status behind HTTP APIs is that of the first document; callers have told of a 500 in its place.
///
/// Sources: [errors of Lambda behind API Gateway](https://docs.aws.amazon.com/lambda/latest/dg/services-apigateway-errors.html),
/// [HTTP APIs](https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-troubleshooting-lambda.html),
/// [gateway responses](https://docs.aws.amazon.com/apigateway/latest/developerguide/supported-gateway-response-types.html),
/// [load balancer troubleshooting](https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-troubleshooting.html).
pub(super) fn own(shape: Shape, failure: Failure) -> Response<Bytes> {
    let status = match failure {
        Failure::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
        Failure::Invoke if matches!(shape, Shape::Rest | Shape::HttpApi1 | Shape::HttpApi2 | Shape::WebSocket) => {
            StatusCode::INTERNAL_SERVER_ERROR
        }
        Failure::Invoke | Failure::Function | Failure::Reply => StatusCode::BAD_GATEWAY,
        Failure::TooSlow if matches!(shape, Shape::HttpApi1 | Shape::HttpApi2) => StatusCode::SERVICE_UNAVAILABLE,
        Failure::TooSlow => StatusCode::GATEWAY_TIMEOUT,
    };
    let (kind, body) = match shape {
        Shape::Rest | Shape::WebSocket => {
            let message = match failure {
                Failure::TooLarge => "Request Too Long",
                Failure::TooSlow => "Endpoint request timed out",
                _ => "Internal server error",
            };
            ("application/json", format!(r#"{{"message": "{message}"}}"#))
        }
        Shape::HttpApi1 | Shape::HttpApi2 => {
            let message = match failure {
                Failure::TooLarge => "Request Entity Too Large",
                Failure::TooSlow => "Service Unavailable",
                _ => "Internal Server Error",
            };
            ("application/json", format!(r#"{{"message":"{message}"}}"#))
        }
        Shape::AlbSingle | Shape::AlbMulti => {
            let title = format!("{} {}", status.as_u16(), status.canonical_reason().unwrap_or_default());
            let head = format!("<html>\r\n<head><title>{title}</title></head>\r\n");
            ("text/html", format!("{head}<body>\r\n<center><h1>{title}</h1></center>\r\n</body>\r\n</html>\r\n"))
        }
        Shape::FunctionUrl if status == StatusCode::BAD_GATEWAY => ("text/plain", "Internal Server Error".to_owned()),
        _ => ("text/plain", status.canonical_reason().unwrap_or_default().to_owned()),
    };
    let mut response = Response::new(Bytes::from(body));
    *response.status_mut() = status;
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(kind));
    response
}
