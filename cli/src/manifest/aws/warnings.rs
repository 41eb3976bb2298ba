use polyfn_shim::{
    event::Kind,
    manifest::{Entry, Manifest},
};

use super::{http, trigger::is_fifo, unit::LEAST_MEMORY};
use crate::manifest::{Unit, Units};

/// What an HTTP API waits at the most, in milliseconds.
///
/// Source: [HTTP API quotas](https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html).
const PATIENCE: u64 = 30_000;

/// What will not be as the functions say, and is no single attribute that AWS cannot do.
pub(crate) fn warnings(manifest: &Manifest, units: Units) -> Vec<String> {
    let each = manifest.functions.iter().filter_map(alone);
    each.chain(units.of(manifest).iter().flat_map(together)).collect()
}

fn alone(function: &Entry) -> Option<String> {
    let (name, resource) = (&function.name, function.resource.as_deref().unwrap_or_default());
    if function.ordered && matches!(function.trigger, Kind::Queue | Kind::Topic) && !is_fifo(resource) {
        return Some(format!("`{name}`: AWS keeps an order only in queues and topics whose name ends in `.fifo`"));
    }
    if function.memory_mb.is_some_and(|memory| u64::from(memory) < LEAST_MEMORY) {
        return Some(format!("`{name}`: Lambda gives at least {LEAST_MEMORY} MB of memory, so it gets those"));
    }
    None
}

/// Of functions in one unit.
fn together(unit: &Unit<'_>) -> Vec<String> {
    let mut warnings = Vec::new();
    let streams = http::streams(unit);
    let (open, closed): (Vec<_>, Vec<_>) = http::functions(unit).partition(|function| function.public);
    if let (true, [open, ..], [closed, ..]) = (streams, open.as_slice(), closed.as_slice()) {
        warnings.push(format!(
            "`{}` is public and `{}` is not, and a Function URL is one or the other: it asks for IAM; `--split` gives each its own",
            open.name, closed.name
        ));
    }
    let wide = open.iter().find(|function| function.path.as_deref().is_none_or(|path| path.contains("{*")));
    if let (false, Some(open), [closed, ..]) = (streams, wide, closed.as_slice()) {
        warnings.push(format!(
            "`{}` is public and takes paths of any kind, and `{}` beside it is not public: a path that the API and the program read differently would pass; use `--split`",
            open.name, closed.name
        ));
    }
    for function in
        http::functions(unit).filter(|function| !streams && function.timeout_ms.is_some_and(|timeout| timeout > PATIENCE))
    {
        warnings.push(format!("`{}`: an HTTP API waits 30 seconds for a reply, whatever the timeout", function.name));
    }
    let called: Vec<_> = unit
        .functions
        .iter()
        .filter(|function| function.trigger == Kind::Direct)
        .map(|function| format!("`{}`", function.name))
        .collect();
    if called.len() > 1 {
        warnings.push(format!("an Invoke does not say which of {} it calls; use `--split`", called.join(", ")));
    }
    for (at, one) in unit.functions.iter().enumerate() {
        let others = unit.functions.iter().skip(at + 1).filter(|other| share(one, other));
        warnings.extend(others.map(|other| {
            format!(
                "`{}` and `{}` may both get the same event, each by its own queue, and the program would not know for which: use `--split`",
                one.name, other.name
            )
        }));
    }
    warnings
}

/// Whether two functions of one program may be sent the same event. Within the program what happened decides which function is
/// called, and not the queue that it came by.
fn share(one: &Entry, other: &Entry) -> bool {
    let sent = matches!(one.trigger, Kind::Topic | Kind::Object | Kind::Change | Kind::Stream | Kind::Event);
    let resource = |function: &'_ Entry| function.resource.clone().unwrap_or_default();
    let source = |function: &'_ Entry| if function.source.is_empty() { "*".to_owned() } else { function.source.clone() };
    sent && one.trigger == other.trigger
        && overlap(&resource(one), &resource(other))
        && overlap(&source(one), &source(other))
        && overlap(&format!("{}*{}", one.prefix, one.suffix), &format!("{}*{}", other.prefix, other.suffix))
        && (one.on.is_empty() || other.on.is_empty() || one.on.iter().any(|action| other.on.contains(action)))
}

/// Whether a text may fit both patterns, as far as their beginnings and their ends tell.
fn overlap(one: &str, other: &str) -> bool {
    if !one.contains('*') && !other.contains('*') {
        return one == other;
    }
    let ends = |pattern: &'_ str| {
        let (first, last) = (pattern.split('*').next().unwrap_or_default(), pattern.rsplit('*').next().unwrap_or_default());
        (first.to_owned(), last.to_owned())
    };
    let ((first, last), (other_first, other_last)) = (ends(one), ends(other));
    (first.starts_with(&other_first) || other_first.starts_with(&first))
        && (last.ends_with(&other_last) || other_last.ends_with(&last))
}

#[cfg(test)]
mod tests {
    use super::overlap;

    #[test]
    fn patterns_overlap_where_one_text_may_fit_both() {
        for (one, other, want) in [
            ("a", "a", true),
            ("a", "b", false),
            ("a", "*", true),
            ("order.created", "order.*", true),
            ("order.created", "*.deleted", false),
            ("in/*.jpg", "in/new/*", true),
            ("in/*", "out/*", false),
            ("*.jpg", "*.png", false),
        ] {
            assert_eq!((overlap(one, other), overlap(other, one)), (want, want), "{one} {other}");
        }
    }
}
