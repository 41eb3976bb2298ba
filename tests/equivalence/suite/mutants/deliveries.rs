use bytes::Bytes;
use http::Request;

use super::{Break, FRONT_ENDS, Mutant};

pub(super) const MUTANTS: &[Mutant] = &[
    of("ignores that a body is base64", &["http-body-bytes", "http-body-image", "http-body-gzip"], |delivery| {
        let text = [
            ("\"isBase64Encoded\":true", "\"isBase64Encoded\":false"),
            ("\"is_base64_encoded\":true", "\"is_base64_encoded\":false"),
        ];
        text.iter().for_each(|(from, to)| replace(delivery, from, to));
    })
    .reaching(FRONT_ENDS),
    of("takes a text for base64", &["http-body-text", "http-body-json"], |delivery| {
        let text = [
            ("\"isBase64Encoded\":false", "\"isBase64Encoded\":true"),
            ("\"is_base64_encoded\":false", "\"is_base64_encoded\":true"),
        ];
        text.iter().for_each(|(from, to)| replace(delivery, from, to));
    })
    .reaching(FRONT_ENDS),
    of("does not find the count of attempts", &["queue-attempt"], |delivery| {
        for name in ["ApproximateReceiveCount", "deliveryAttempt", "DequeueCount", "polyfnattempt"] {
            replace(delivery, name, "count");
        }
        delivery.headers_mut().remove("x-cloudtasks-taskretrycount");
        delivery.headers_mut().remove("ce-polyfnattempt");
    }),
    of("loses the last byte of a delivery", &["topic-json", "stream-json", "object-created"], |delivery| {
        let body = delivery.body();
        *delivery.body_mut() = body.slice(..body.len().saturating_sub(1));
    }),
    of("loses the query of a request", &["http-query-repeated"], |delivery| {
        if let Ok(path) = delivery.uri().path().parse() {
            *delivery.uri_mut() = path;
        }
        for name in
            ["rawQueryString", "ultiValueQueryStringParameters", "queryStringParameters", "query_string_parameters", "?tag="]
        {
            replace(delivery, name, "lost");
        }
    })
    .reaching(FRONT_ENDS),
];

const fn of(name: &'static str, killed_by: &'static [&'static str], breaks: fn(&mut Request<Bytes>)) -> Mutant {
    Mutant { name, killed_by, reaches: &[], breaks: Break::Delivery(breaks) }
}

/// Writes another text in place of this one, where the body is text.
fn replace(delivery: &mut Request<Bytes>, from: &str, to: &str) {
    if let Ok(text) = std::str::from_utf8(delivery.body())
        && text.contains(from)
    {
        *delivery.body_mut() = Bytes::from(text.replace(from, to));
    }
}
