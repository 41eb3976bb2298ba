use polyfn_shim::Trigger;

use super::{
    Row, Seen,
    edit::{
        add, by_name, decoded, digits_as_text, escaped, headers, http, is_unreserved, name, query, set_headers, set_query, stream,
    },
};

/// The function that is invoked; the name of nothing else is told.
const FUNCTION: &str = "arn:aws:lambda:us-east-1:123456789012:function:local";
const TARGETS: &str = "arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/local/0123456789abcdef";

pub(super) const ROWS: &[Row] = &[
    Row {
        form: "aws/http-api-2",
        source: "https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html",
        refuses: |_| false,
        // The path is decoded; headers of one name are joined, and cookies are one header.
        arrives: |seen| {
            seen.source = FUNCTION.to_owned();
            let http = http(seen);
            http.raw_path = decoded(&http.path);
            http.path = encoded(&http.raw_path);
            joined(http, ",", "; ");
        },
        unordered: by_name,
    },
    Row {
        form: "aws/function-url",
        source: "https://docs.aws.amazon.com/lambda/latest/dg/urls-invocation.html",
        refuses: |_| false,
        arrives: |seen| {
            seen.source = FUNCTION.to_owned();
            joined(http(seen), ",", "; ");
        },
        unordered: by_name,
    },
    Row {
        form: "aws/rest",
        source: "https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-lambda-proxy-integrations.html",
        refuses: |_| false,
        // The query is decoded, and so written anew; its names have no order. The stage is in what was asked for.
        arrives: |seen| {
            seen.source = FUNCTION.to_owned();
            let http = http(seen);
            http.raw_path = format!("/prod{}", http.path);
            anew(http);
        },
        unordered: unordered_query,
    },
    Row {
        form: "aws/http-api-1",
        source: "https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html",
        refuses: |_| false,
        arrives: |seen| {
            seen.source = FUNCTION.to_owned();
            let http = http(seen);
            http.raw_path = format!("/prod{}", http.path);
            http.path = encoded(&decoded(&http.path));
            anew(http);
        },
        unordered: unordered_query,
    },
    Row {
        form: "aws/alb-multi",
        source: "https://docs.aws.amazon.com/elasticloadbalancing/latest/application/lambda-functions.html",
        refuses: |_| false,
        // Nothing is decoded; the caller's address is added.
        arrives: |seen| {
            seen.source = TARGETS.to_owned();
            let http = http(seen);
            forwarded(http);
            let query = query(http);
            set_query(http, &query);
        },
        unordered: unordered_query,
    },
    Row {
        form: "aws/alb-single",
        source: "https://docs.aws.amazon.com/elasticloadbalancing/latest/application/lambda-functions.html",
        refuses: |_| false,
        // Of several values of a name the last one is left.
        arrives: |seen| {
            seen.source = TARGETS.to_owned();
            let http = http(seen);
            forwarded(http);
            let (mut headers, mut query) = (headers(http), query(http));
            headers.iter_mut().chain(&mut query).for_each(|(_, values)| *values = values.split_off(values.len() - 1));
            set_headers(http, &headers);
            set_query(http, &query);
        },
        unordered: unordered_query,
    },
    Row {
        form: "aws/lattice-2",
        source: "https://docs.aws.amazon.com/vpc-lattice/latest/ug/lambda-functions.html",
        refuses: |_| false,
        arrives: |seen| {
            seen.source = "arn:aws:vpc-lattice:us-east-1:123456789012:service/svc-0123456789abcdef0".to_owned();
            let http = http(seen);
            forwarded(http);
            let query = query(http);
            set_query(http, &query);
        },
        unordered: unordered_query,
    },
    Row {
        form: "aws/lattice-1",
        source: "https://docs.aws.amazon.com/vpc-lattice/latest/ug/lambda-functions.html",
        refuses: |_| false,
        arrives: |seen| {
            seen.source = FUNCTION.to_owned();
            let http = http(seen);
            forwarded(http);
            joined(http, ", ", ", ");
            let mut query = query(http);
            query.iter_mut().for_each(|(_, values)| *values = values.split_off(values.len() - 1));
            set_query(http, &query);
        },
        unordered: unordered_query,
    },
    Row {
        form: "aws/direct",
        source: "https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html",
        refuses: |_| false,
        arrives: |seen| seen.source = FUNCTION.to_owned(),
        unordered: |_| {},
    },
    Row {
        form: "aws/sqs",
        source: "https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html",
        // Bytes, and control characters.
        refuses: |seen| {
            let text = std::str::from_utf8(&seen.data);
            text.map_or(true, |text| text.chars().any(|c| c < ' ' && !['\t', '\n', '\r'].contains(&c)))
        },
        // A message has no media type.
        arrives: |seen| {
            seen.source = format!("arn:aws:sqs:us-east-1:123456789012:{}", name(seen));
            seen.datacontenttype = None;
        },
        unordered: |_| {},
    },
    Row {
        form: "aws/sns",
        source: "https://docs.aws.amazon.com/lambda/latest/dg/with-sns.html",
        refuses: |seen| std::str::from_utf8(&seen.data).is_err(),
        // Lambda itself tries again, and says nothing of it; a standard topic has no order.
        arrives: |seen| {
            seen.source = format!("arn:aws:sns:us-east-1:123456789012:{}", name(seen));
            seen.datacontenttype = None;
            seen.attempt = 1;
            if let Trigger::Topic(topic) = &mut seen.trigger {
                topic.ordering_key = None;
            }
        },
        unordered: |_| {},
    },
    Row {
        form: "aws/s3",
        source: "https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-content-structure.html",
        refuses: |_| false,
        arrives: stored,
        unordered: |_| {},
    },
    Row {
        form: "aws/event-bridge",
        source: "https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-events-structure.html",
        // A detail is an object.
        refuses: |seen| seen.trigger == Trigger::Event && !seen.data.is_empty() && !seen.data.starts_with(b"{"),
        // An event has no subject and nothing of its sender's beside the detail, which is never missing.
        arrives: |seen| match &seen.trigger {
            Trigger::Object(_) => stored(seen),
            Trigger::Schedule(schedule) => {
                let name = schedule.name.as_deref().unwrap_or_default();
                seen.source = format!("arn:aws:events:us-east-1:123456789012:rule/{name}");
            }
            _ => {
                (seen.subject, seen.datacontenttype) = (None, Some("application/json".to_owned()));
                seen.attributes.clear();
                if seen.data.is_empty() {
                    seen.data = b"{}".to_vec();
                }
            }
        },
        unordered: |_| {},
    },
    Row {
        form: "aws/dynamo-db",
        source: "https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_AttributeValue.html",
        refuses: |_| false,
        arrives: |seen| {
            let stream = "stream/2024-01-01T00:00:00.000";
            seen.source = format!("arn:aws:dynamodb:us-east-1:123456789012:table/{}/{stream}", name(seen));
            whole(seen);
        },
        unordered: |_| {},
    },
    Row {
        form: "aws/document-db",
        source: "https://docs.aws.amazon.com/lambda/latest/dg/with-documentdb.html",
        refuses: |_| false,
        // The cluster counts seconds.
        arrives: |seen| {
            seen.source = "arn:aws:rds:us-east-1:123456789012:cluster:local".to_owned();
            seen.time = Some("2026-03-07T08:00:25Z".to_owned());
            whole(seen);
        },
        unordered: |_| {},
    },
    Row {
        form: "aws/kinesis",
        source: "https://docs.aws.amazon.com/lambda/latest/dg/with-kinesis-example.html",
        refuses: |_| false,
        // A record is bytes with a key, and its id is its place.
        arrives: |seen| {
            seen.source = format!("arn:aws:kinesis:us-east-1:123456789012:stream/{}", name(seen));
            seen.datacontenttype = None;
            seen.attributes.clear();
            let stream = stream(seen).cloned().unwrap_or_default();
            seen.id = [stream.partition, stream.sequence].map(Option::unwrap_or_default).join(":");
        },
        unordered: |_| {},
    },
    Row {
        form: "aws/kafka",
        source: "https://docs.aws.amazon.com/lambda/latest/dg/with-msk-process.html",
        // An offset has 64 bits.
        refuses: |seen| matches!(&seen.trigger, Trigger::Stream(s) if s.sequence.as_ref().is_some_and(|text| text.len() > 19)),
        arrives: |seen| {
            seen.source = "arn:aws:kafka:us-east-1:123456789012:cluster/local/0123456789abcdef".to_owned();
            seen.datacontenttype = None;
            let stream = stream(seen).cloned().unwrap_or_default();
            seen.id = [stream.name, stream.partition, stream.sequence].map(Option::unwrap_or_default).join("-");
        },
        unordered: |_| {},
    },
];

/// A notification tells no media type.
fn stored(seen: &mut Seen) {
    seen.source = format!("arn:aws:s3:::{}", name(seen));
    if let Trigger::Object(object) = &mut seen.trigger {
        object.content_type = None;
    }
}

/// A number that plain JSON does not carry is its digits.
fn whole(seen: &mut Seen) {
    if let Trigger::Change(change) = &mut seen.trigger {
        digits_as_text(&mut change.after);
    }
}

/// Joins the values of each header.
fn joined(http: &mut polyfn_shim::event::Http, with: &str, cookies: &str) {
    let mut groups = headers(http);
    for (name, values) in &mut groups {
        *values = vec![values.join(if name == "cookie" { cookies } else { with })];
    }
    set_headers(http, &groups);
}

/// Puts the caller's address behind what the caller claims.
fn forwarded(http: &mut polyfn_shim::event::Http) {
    let ip = http.client_ip.expect("a caller of the corpus has an address").to_string();
    let mut groups = headers(http);
    match groups.iter_mut().find(|(name, _)| name == "x-forwarded-for") {
        Some((_, values)) => {
            *values = vec![format!("{}, {ip}", values.join(", "))];
            set_headers(http, &groups);
        }
        None => add(http, "x-forwarded-for", &ip),
    }
}

/// The query with its pairs decoded, and escaped again but for the unreserved letters.
fn anew(http: &mut polyfn_shim::event::Http) {
    let anew = |text: &str| escaped(&decoded(&text.replace('+', " ")), is_unreserved);
    let mut groups = query(http);
    for (name, values) in &mut groups {
        *name = anew(name);
        values.iter_mut().for_each(|value| *value = anew(value));
    }
    set_query(http, &groups);
}

/// A decoded path as one that can be routed.
fn encoded(path: &str) -> String {
    let bytes = path.as_bytes();
    let is_hex = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_hexdigit);
    let mut text = String::new();
    for (at, byte) in bytes.iter().enumerate() {
        let keeps = match byte {
            b'%' => is_hex(at + 1) && is_hex(at + 2),
            b' ' | b'"' | b'#' | b'<' | b'>' | b'?' | b'\\' | b'^' | b'`' | b'{' | b'|' | b'}' => false,
            byte => byte.is_ascii_graphic(),
        };
        text += &escaped(std::str::from_utf8(&[*byte]).unwrap_or(""), |_| keeps);
        if !byte.is_ascii() {
            text += &format!("%{byte:02X}");
        }
    }
    text
}

/// The members of an object have no order: neither headers nor the names of a query.
fn unordered_query(seen: &mut Seen) {
    by_name(seen);
    let http = http(seen);
    let mut groups = query(http);
    groups.sort();
    set_query(http, &groups);
}
