use std::collections::BTreeMap;

use polyfn_shim::local::{Form, Settled};
use serde_json::{Value, json};

use super::{Answer, Body, Wanted};
use crate::suite::{Entry, Reply, base64};

/// A reply as a caller hears it: of HEAD the length of the body alone (RFC 9110, section 9.3.2).
pub(super) fn heard(entry: &Entry, reply: &Reply) -> Reply {
    let mut reply = reply.clone();
    if entry.event.http().is_some_and(|http| http.method == "HEAD") && !reply.body.is_empty() {
        reply.headers.push(("content-length".to_owned(), reply.body.len().to_string()));
        reply.body.clear();
    }
    reply
}

/// The answer of a request that the function has answered.
pub(super) fn wanted(form: Form, reply: &Reply) -> Wanted {
    let name = form.to_string();
    let said = Answer { status: reply.status, headers: reply.headers.clone(), body: Body::Bytes(reply.body.clone()) };
    let (native, response) = match name.as_str() {
        _ if name.starts_with("aws/") => (of_front_end(&name, &said), past_front_end(&name, said)),
        "azure/json" => in_json_mode(reply, said),
        _ => (said.clone(), said),
    };
    Wanted { native, response: Some(response), settled: Settled::Acknowledged }
}

/// A reply in the form of one of Lambda's front ends.
///
/// Sources: <https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html>,
/// <https://docs.aws.amazon.com/elasticloadbalancing/latest/application/lambda-functions.html>.
pub(super) fn of_front_end(form: &str, said: &Answer) -> Answer {
    let Body::Bytes(body) = &said.body else { panic!("a function answers bytes") };
    let is_encoded = !body.is_empty() && said.headers.iter().any(|(name, _)| name == "content-encoding");
    let text = String::from_utf8(body.clone()).ok().filter(|_| !is_encoded);
    let is_base64 = text.is_none();
    let text = text.unwrap_or_else(|| base64::encode(body));
    // A connection is answered by a status, and a message by a body, where its route has a response at all.
    if form == "aws/web-socket" {
        let mut json = json!({"statusCode": said.status});
        if !body.is_empty() {
            json["body"] = json!(text);
        }
        if is_base64 {
            json["isBase64Encoded"] = json!(true);
        }
        return Answer::json(json);
    }
    let mut json = json!({"statusCode": said.status, "body": text, "isBase64Encoded": is_base64});
    if form.starts_with("aws/alb-") {
        json["statusDescription"] = json!(match said.status {
            200 => "200 OK",
            201 => "201 Created",
            204 => "204 No Content",
            302 => "302 Found",
            404 => "404 Not Found",
            500 => "500 Internal Server Error",
            503 => "503 Service Unavailable",
            599 => "599",
            other => panic!("{other} has no phrase here"),
        });
    }
    let mut lists = BTreeMap::<&str, Vec<&str>>::new();
    for (name, value) in &said.headers {
        lists.entry(name).or_default().push(value);
    }
    match form {
        "aws/rest" | "aws/http-api-1" | "aws/alb-multi" => json["multiValueHeaders"] = json!(lists),
        "aws/http-api-2" | "aws/function-url" => {
            json["cookies"] = json!(lists.remove("set-cookie").unwrap_or_default());
            json["headers"] = lists.into_iter().map(|(name, values)| (name.to_owned(), values.join(", "))).collect();
        }
        // One value a name, of which the cookies cannot be joined.
        _ => {
            if let Some(cookies) = lists.get_mut("set-cookie") {
                *cookies = cookies.split_off(cookies.len() - 1);
            }
            json["headers"] = lists.into_iter().map(|(name, values)| (name.to_owned(), values.join(", "))).collect();
        }
    }
    Answer::json(json)
}

/// What the caller gets past the front end.
pub(super) fn past_front_end(form: &str, mut said: Answer) -> Answer {
    if form == "aws/web-socket" {
        return Answer { headers: Vec::new(), ..said };
    }
    let keeps_values = matches!(form, "aws/rest" | "aws/http-api-1" | "aws/alb-multi");
    let keeps_cookies = keeps_values || matches!(form, "aws/http-api-2" | "aws/function-url");
    if !keeps_values {
        let mut joined: Vec<(String, String)> = Vec::new();
        for (name, value) in std::mem::take(&mut said.headers) {
            match joined.iter_mut().find(|(have, _)| *have == name) {
                Some((_, have)) if name != "set-cookie" => *have = format!("{have}, {value}"),
                Some((_, have)) if !keeps_cookies => *have = value,
                _ => joined.push((name, value)),
            }
        }
        said.headers = joined;
    }
    said
}

/// JSON mode has text and one value a name.
///
/// Source: <https://learn.microsoft.com/azure/azure-functions/functions-custom-handlers#response-payload>.
fn in_json_mode(reply: &Reply, mut said: Answer) -> (Answer, Answer) {
    let cookies = reply.headers.iter().filter(|(name, _)| name == "set-cookie").count();
    let text = String::from_utf8(reply.body.clone()).ok();
    let (Some(text), 0 | 1) = (text, cookies) else {
        let what = if cookies > 1 { "with several `Set-Cookie` headers" } else { "whose body is no text" };
        let why = format!("a response {what} needs proxying: remove the extra binding");
        return (Answer::new(500, &[("content-type", "text/plain; charset=utf-8")], why), Answer::new(500, &[], ""));
    };
    let mut headers = BTreeMap::<&str, String>::new();
    // The host counts the body itself.
    for (name, value) in reply.headers.iter().filter(|(name, _)| name != "content-length") {
        headers.entry(name).and_modify(|have| *have = format!("{have}, {value}")).or_insert_with(|| value.clone());
    }
    said.headers = headers.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect();
    // A response without a type is text.
    if !headers.contains_key("content-type") {
        said.headers.push(("content-type".to_owned(), "text/plain; charset=utf-8".to_owned()));
    }
    let res = json!({"statusCode": reply.status, "headers": headers, "body": text});
    (of_handler(json!({"Outputs": {"res": res}, "Logs": [], "ReturnValue": null})), said)
}

/// What a custom handler answers in JSON mode.
pub(super) fn of_handler(body: Value) -> Answer {
    Answer { status: 200, headers: vec![("content-type".to_owned(), "application/json".to_owned())], body: Body::Json(body) }
}
