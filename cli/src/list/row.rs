use polyfn_shim::{event::Kind, function::Malformed, manifest::Entry};

use crate::terminal::on_one_line;

/// A function's name, its trigger, what it is started by, its options as its attribute has them, and whether it is portable.
pub(super) fn row(function: &Entry) -> [String; 5] {
    let portable = match (function.portable, function.native.as_slice()) {
        (true, _) => "yes".to_owned(),
        (false, []) => "no".to_owned(),
        (false, reasons) => format!("no: {}", reasons.join("; ")),
    };
    let cells =
        [function.name.clone(), function.trigger.as_str().to_owned(), of(function), options(function).join(", "), portable];
    cells.map(|cell| on_one_line(&cell))
}

/// The route, or the resource.
fn of(function: &Entry) -> String {
    match function.trigger {
        Kind::Http => {
            let methods = if function.methods.is_empty() { "ANY".to_owned() } else { function.methods.join("|") };
            format!("{methods} {}", function.path.as_deref().unwrap_or("every path"))
        }
        _ => function.resource.clone().unwrap_or_else(|| "-".to_owned()),
    }
}

fn options(function: &Entry) -> Vec<String> {
    let Entry { public, on, prefix, suffix, source, concurrency, ordered, batch, retries, timeout_ms, memory_mb, .. } = function;
    let flag = |name: &str, is: bool| is.then(|| name.to_owned());
    let text = |name: &str, text: &str| (!text.is_empty()).then(|| format!("{name} = {text:?}"));
    let number = |name: &str, number: &Option<u32>| number.map(|number| format!("{name} = {number}"));
    let list = |name: &str, list: &[String]| (!list.is_empty()).then(|| format!("{name} = {}", list.join(" ")));
    let actions: Vec<_> = on.iter().map(|action| action.as_str().to_owned()).collect();
    let timeout = timeout_ms.map(|ms| if ms % 1_000 == 0 { format!("{}s", ms / 1_000) } else { format!("{ms}ms") });
    let all = [
        flag("public", *public),
        list("on", &actions),
        text("prefix", prefix),
        text("suffix", suffix),
        text("source", source),
        number("concurrency", concurrency),
        flag("ordered", *ordered),
        number("batch", batch),
        number("retries", retries),
        timeout.map(|timeout| format!("timeout = {timeout}")),
        (function.on_malformed != Malformed::default()).then(|| "on_malformed = drop".to_owned()),
        memory_mb.map(|memory| format!("memory = {memory}MB")),
        list("env", &function.env),
        // Their names; nobody here knows their values.
        list("secrets", &function.secrets),
    ];
    all.into_iter().flatten().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn function(json: &str) -> [String; 5] {
        row(&serde_json::from_str(json).unwrap())
    }

    #[test]
    fn options_stand_as_in_the_attribute() {
        assert_eq!(
            function(
                r#"{"name": "hello", "module": "shop", "trigger": "http", "methods": ["GET", "HEAD"], "path": "/hello/{name}", "public": true}"#
            ),
            ["hello", "http", "GET|HEAD /hello/{name}", "public", "yes"]
        );
        let queue = r#"{"name": "fulfil", "module": "shop", "trigger": "queue", "resource": "orders", "concurrency": 4, "ordered": true,
            "batch": 10, "retries": 3, "timeout_ms": 30000, "on_malformed": "drop", "memory_mb": 512, "env": ["TABLE", "ZONE"], "secrets": ["KEY"]}"#;
        assert_eq!(
            function(queue),
            [
                "fulfil",
                "queue",
                "orders",
                "concurrency = 4, ordered, batch = 10, retries = 3, timeout = 30s, on_malformed = drop, memory = 512MB, \
                 env = TABLE ZONE, secrets = KEY",
                "yes"
            ]
        );
        let object = r#"{"name": "look", "module": "shop", "trigger": "object", "resource": "up*", "on": ["created", "deleted"], "prefix": "a/",
            "suffix": ".png", "timeout_ms": 1500, "portable": false, "native": ["takes `x`"]}"#;
        assert_eq!(
            function(object),
            [
                "look",
                "object",
                "up*",
                r#"on = created deleted, prefix = "a/", suffix = ".png", timeout = 1500ms"#,
                "no: takes `x`"
            ]
        );
        assert_eq!(function(r#"{"name": "all", "module": "shop", "trigger": "http"}"#)[2], "ANY every path");
        assert_eq!(function(r#"{"name": "add", "module": "shop", "trigger": "direct"}"#)[2], "-");
    }
}
