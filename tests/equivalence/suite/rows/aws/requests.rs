use polyfn_shim::{Trigger, event::Http};

use super::{
    FUNCTION, Row, Seen,
    edit::{add, by_name, decoded, escaped, headers, http, is_unreserved, query, set_headers, set_query},
};

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
        form: "aws/web-socket",
        source: "https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-websocket-api-mapping-template-reference.html",
        refuses: |seen| !matches!(&seen.trigger, Trigger::Http(http) if ["/$connect", "/$default"].contains(&http.path.as_str())),
        // A message is its body alone, at the API's own domain; what a function answers on the connection with is beside it.
        arrives: |seen| {
            seen.source = FUNCTION.to_owned();
            let http = http(seen);
            let is_message = http.path == "/$default";
            if is_message {
                http.host = Some("local.execute-api.us-east-1.amazonaws.com".to_owned());
                set_headers(http, &Vec::new());
                seen.datacontenttype = None;
            }
            let (route, event) = if is_message { ("$default", "MESSAGE") } else { ("$connect", "CONNECT") };
            let told = [("connectionId", "local="), ("routeKey", route), ("eventType", event), ("stage", "prod")];
            seen.attributes = told.map(|(name, value)| (name.to_owned(), value.to_owned())).into();
        },
        unordered: by_name,
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
];

/// Joins the values of each header.
fn joined(http: &mut Http, with: &str, cookies: &str) {
    let mut groups = headers(http);
    for (name, values) in &mut groups {
        *values = vec![values.join(if name == "cookie" { cookies } else { with })];
    }
    set_headers(http, &groups);
}

/// Puts the caller's address behind what the caller claims.
fn forwarded(http: &mut Http) {
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
fn anew(http: &mut Http) {
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
