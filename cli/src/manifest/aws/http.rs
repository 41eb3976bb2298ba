//! The door of a unit that takes requests: routes of an HTTP API, or the Function URL where a reply is a stream.

use polyfn_shim::{event::Kind, manifest::Entry};

use super::{
    name::logical,
    parts::{Parts, attribute, reference, resource, sub},
};
use crate::{
    failure::Failure,
    manifest::{Unit, yaml::Node},
};

const API: &str = "Api";
/// The methods of a route.
///
/// Source: [Routes for HTTP APIs](https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-routes.html).
const METHODS: [&str; 7] = ["GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT", "DELETE"];

/// The functions of a unit that take requests.
pub(super) fn functions<'a>(unit: &Unit<'a>) -> impl Iterator<Item = &'a Entry> {
    unit.functions.iter().filter(|function| function.trigger == Kind::Http)
}

/// Whether a reply of the unit is a stream, which only a Function URL hands on as it comes.
pub(super) fn streams(unit: &Unit<'_>) -> bool {
    functions(unit).any(|function| function.replies.contains("text/event-stream"))
}

/// The URL of a unit whose replies are streams. It has one door for all that the unit holds, so that it is open only if every
/// function behind it is.
pub(super) fn url(unit: &Unit<'_>, function: &str, parts: &mut Parts) -> Option<Node> {
    if !streams(unit) {
        return None;
    }
    parts.output(
        format!("{function}Url"),
        &format!("Where {} takes requests", unit.name),
        attribute(&format!("{function}Url"), "FunctionUrl"),
    );
    let auth = if functions(unit).all(|function| function.public) { "NONE" } else { "AWS_IAM" };
    Some(Node::map().with("AuthType", auth).with("InvokeMode", "RESPONSE_STREAM"))
}

/// The routes of a function in the program's API, as events of the SAM function.
///
/// # Errors
/// If the API cannot have such a route.
pub(super) fn routes(function: &Entry, parts: &mut Parts) -> Result<Vec<(String, Node)>, Failure> {
    let auth = Node::map().with("EnableIamAuthorizer", true).with("DefaultAuthorizer", "AWS_IAM");
    parts.resource(API, resource("AWS::Serverless::HttpApi", Node::map().with("Auth", auth)));
    parts.output(
        "ApiUrl",
        "Where the program takes requests",
        sub("https://${Api}.execute-api.${AWS::Region}.${AWS::URLSuffix}"),
    );
    let name = &function.name;
    if let Some(method) = function.methods.iter().find(|method| !METHODS.contains(&method.as_str())) {
        return Err(Failure::new(format!("`{name}`: an HTTP API of AWS has no route for the method {method}; write `ANY`")));
    }
    let path = function
        .path
        .as_deref()
        .map(|path| {
            template(path).ok_or_else(|| {
                Failure::new(format!("`{name}`: an HTTP API of AWS has no route `{path}`; use letters, digits and `-._~` in it"))
            })
        })
        .transpose()?;
    // Without a path it is the route of all that no other has.
    let methods: Vec<Option<&str>> = match (&path, function.methods.as_slice()) {
        (None, []) => vec![None],
        (Some(_), []) => vec![Some("ANY")],
        (_, methods) => methods.iter().map(|method| Some(method.as_str())).collect(),
    };
    let path = path.or_else(|| methods.iter().any(Option::is_some).then(|| "/{proxy+}".to_owned()));
    let several = methods.len() > 1;
    let event = |method: Option<&str>| {
        let id = format!(
            "{}{}",
            logical(name),
            method.filter(|_| several).map(|method| logical(&method.to_ascii_lowercase())).unwrap_or_default()
        );
        let authorizer = if function.public { "NONE" } else { "AWS_IAM" };
        let properties = Node::map()
            .with("ApiId", reference(API))
            .with_some("Method", method)
            .with_some("Path", path.clone())
            .with("Auth", Node::map().with("Authorizer", authorizer));
        (id, Node::map().with("Type", "HttpApi").with("Properties", properties))
    };
    Ok(methods.into_iter().map(event).collect())
}

/// A route in the words of API Gateway: `{*rest}` is `{proxy+}`, the only name for the rest of a path that SAM lets the API call
/// the function for at every path below.
fn template(path: &str) -> Option<String> {
    let segment = |segment: &str| {
        let inner = segment.strip_prefix('{').and_then(|segment| segment.strip_suffix('}'));
        let fits = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '.' | '_' | '~');
        match inner.map(|inner| (inner, inner.strip_prefix('*').is_some())) {
            Some((_, true)) => Some("{proxy+}".to_owned()),
            Some((name, false)) => name.chars().all(fits).then(|| format!("{{{name}}}")),
            None => segment.chars().all(fits).then(|| segment.to_owned()),
        }
    };
    let segments: Option<Vec<_>> = path.split('/').map(segment).collect();
    Some(segments?.join("/"))
}

#[cfg(test)]
mod tests {
    use super::template;

    #[test]
    fn a_route_is_in_the_words_of_api_gateway() {
        for (path, want) in [
            ("/", Some("/")),
            ("/orders/{id}", Some("/orders/{id}")),
            ("/files/{*rest}", Some("/files/{proxy+}")),
            ("/a-b/c.d/", Some("/a-b/c.d/")),
            ("/größe", None),
            ("/a b", None),
            ("/{größe}", None),
        ] {
            assert_eq!(template(path).as_deref(), want, "{path}");
        }
    }
}
