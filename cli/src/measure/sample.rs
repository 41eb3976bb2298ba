use percent_encoding::{CONTROLS, utf8_percent_encode};
use polyfn_shim::{
    Event, Outcome, Reply,
    event::Kind,
    function::{Function, Functions, Table},
    local::sample,
    manifest::{Entry, Manifest},
};

use crate::failure::Failure;

/// The functions of a program as far as its manifest tells, so that hosts know what to deliver to which. They do nothing here.
pub(super) fn table(manifest: &Manifest) -> Result<Table, Failure> {
    let stands_for = |entry: &Entry| {
        let description = entry.description();
        if entry.batches {
            Function::batch(description, |events, _| async move { events.iter().map(|_| Outcome::Done(Reply::Empty)).collect() })
        } else {
            Function::blocking(description, |_, _| Outcome::Done(Reply::Empty))
        }
    };
    let functions = manifest.functions.iter().map(stands_for).collect();
    Table::new(Functions::new(functions), None, true).map_err(|error| Failure::new(error.to_string()))
}

/// Events to try, one for each function, those first that need the least to be handled.
///
/// # Errors
/// A program without functions, or without the one of this name.
pub(super) fn samples(manifest: &Manifest, function: Option<&str>) -> Result<Vec<Sample>, Failure> {
    if manifest.functions.is_empty() {
        return Err(Failure::new(format!("`{}` has no functions; list them in `polyfn::main!`", manifest.program)));
    }
    let is_wanted = |entry: &&Entry| function.is_none_or(|name| name == entry.name);
    let mut wanted: Vec<_> = manifest.functions.iter().filter(is_wanted).collect();
    if let (Some(name), true) = (function, wanted.is_empty()) {
        let all: Vec<_> = manifest.functions.iter().map(|entry| format!("`{}`", entry.name)).collect();
        return Err(Failure::usage(format!("no function is called `{name}`; there are {}", all.join(", "))));
    }
    wanted.sort_by_key(|entry| needs(entry));
    Ok(wanted.into_iter().map(|entry| Sample { event: event(entry), selected: selected(entry) }).collect())
}

/// This event, for the function of this name if one is given.
///
/// # Errors
/// A function that does not exist, and a call that could be for several.
pub(super) fn given(manifest: &Manifest, event: Event, function: Option<&str>) -> Result<Sample, Failure> {
    if let Some(name) = function {
        samples(manifest, Some(name))?;
        return Ok(Sample { event, selected: Some(name.to_owned()) });
    }
    if event.trigger().kind() != Kind::Direct {
        return Ok(Sample { event, selected: None });
    }
    let calls: Vec<_> = manifest.functions.iter().filter(|entry| entry.trigger == Kind::Direct).collect();
    match calls.as_slice() {
        [entry] => Ok(Sample { event, selected: selected(entry) }),
        [] => Err(Failure::usage(format!("no function of `{}` takes calls", manifest.program))),
        _ => {
            let all: Vec<_> = calls.iter().map(|entry| format!("`{}`", entry.name)).collect();
            Err(Failure::usage(format!("several functions take calls; say with --function which of {}", all.join(", "))))
        }
    }
}

/// An event, and the function that alone is to be run for it.
#[derive(Clone, Debug)]
pub(super) struct Sample {
    pub(super) event: Event,
    pub(super) selected: Option<String>,
}

/// A call names no function: the deployment does. What else happens is routed.
fn selected(entry: &Entry) -> Option<String> {
    (entry.trigger == Kind::Direct).then(|| entry.name.clone())
}

/// How much a function wants of its event: a page that is only looked at wants nothing.
fn needs(entry: &Entry) -> u8 {
    match entry.trigger {
        Kind::Http if !has_body(entry) => 0,
        Kind::Http => 1,
        Kind::Schedule => 2,
        Kind::Direct => 3,
        _ => 4,
    }
}

fn has_body(entry: &Entry) -> bool {
    entry.methods.first().is_some_and(|method| matches!(method.as_str(), "POST" | "PUT" | "PATCH"))
}

/// What the attribute tells of an event that fits; what a body must be like only the types know.
fn event(entry: &Entry) -> Event {
    let mut description = entry.description();
    description.sample.path = entry.path.as_deref().map(filled).unwrap_or_default();
    if has_body(entry) {
        description.sample.body = Some("{}".to_owned());
    }
    sample(&description)
}

/// A route with `1` for each parameter, which is a number and a text alike.
fn filled(route: &str) -> String {
    let (mut path, mut rest) = (String::new(), route);
    while let Some((before, after)) = rest.split_once('{') {
        path.push_str(before);
        path.push('1');
        rest = after.split_once('}').map_or("", |(_, after)| after);
    }
    path.push_str(rest);
    utf8_percent_encode(&path, CONTROLS).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn manifest() -> Manifest {
        let json = br#"{"polyfn": "0.1.0", "program": "shop", "version": "1.2.0", "providers": ["aws"], "functions": [
            {"name": "fulfil", "module": "shop", "trigger": "queue", "resource": "orders"},
            {"name": "add", "module": "shop", "trigger": "direct"},
            {"name": "order", "module": "shop", "trigger": "http", "methods": ["POST"], "path": "/orders"},
            {"name": "price", "module": "shop", "trigger": "http", "methods": ["GET"], "path": "/prices/{sku}/{*rest}"}]}"#;
        Manifest::read(json).unwrap()
    }

    #[test]
    fn what_needs_least_is_tried_first() {
        let samples = samples(&manifest(), None).unwrap();
        let selected: Vec<_> = samples.iter().map(|sample| sample.selected.as_deref()).collect();
        assert_eq!(selected, [None, None, Some("add"), None]);
        let events: Vec<_> = samples.into_iter().map(|sample| sample.event).collect();
        let kinds: Vec<_> = events.iter().map(|event| event.trigger().kind()).collect();
        assert_eq!(kinds, [Kind::Http, Kind::Http, Kind::Direct, Kind::Queue]);
        let http = events[0].http().unwrap();
        assert_eq!((http.method.as_str(), http.path_and_query().as_str()), ("GET", "/prices/1/1"));
        assert_eq!(events[1].http().unwrap().path_and_query(), "/orders");
        assert_eq!(events[1].data().map(|data| &data[..]), Some(&b"{}"[..]));
    }

    #[test]
    fn a_route_has_its_parameters_filled() {
        assert_eq!(filled("/hello/{name}"), "/hello/1");
        assert_eq!(filled("/a/{b}.json"), "/a/1.json");
        assert_eq!(filled("/caf\u{e9}"), "/caf%C3%A9");
        assert_eq!(filled("/a/{b"), "/a/1");
    }

    #[test]
    fn a_function_is_chosen_by_its_name() {
        assert_eq!(samples(&manifest(), Some("fulfil")).unwrap().len(), 1);
        let failure = samples(&manifest(), Some("fulfill")).unwrap_err();
        assert_eq!(failure.to_string(), "no function is called `fulfill`; there are `fulfil`, `add`, `order`, `price`");
        assert_eq!(failure.code(), 2);
        let empty = Manifest { functions: Vec::new(), ..manifest() };
        assert!(samples(&empty, None).unwrap_err().to_string().contains("`shop` has no functions"));
    }

    #[test]
    fn a_call_is_for_one_function() {
        let call = || Event::new(polyfn_shim::Provider::Local, polyfn_shim::Trigger::Direct);
        let selected = |manifest: &Manifest, name| given(manifest, call(), name).map(|sample| sample.selected);
        assert_eq!(selected(&manifest(), None).unwrap().as_deref(), Some("add"));
        assert_eq!(selected(&manifest(), Some("price")).unwrap().as_deref(), Some("price"));
        let mut two = manifest();
        two.functions[0].trigger = Kind::Direct;
        let failure = selected(&two, None).unwrap_err();
        assert_eq!(failure.to_string(), "several functions take calls; say with --function which of `fulfil`, `add`");
        two.functions.retain(|entry| entry.trigger == Kind::Http);
        assert_eq!(selected(&two, None).unwrap_err().to_string(), "no function of `shop` takes calls");
        assert!(selected(&two, Some("add")).unwrap_err().to_string().contains("no function is called `add`"));
    }

    #[test]
    fn hosts_know_each_function() {
        let names: Vec<_> = table(&manifest()).unwrap().functions().iter().map(|function| function.description().name).collect();
        assert_eq!(names, ["fulfil", "add", "order", "price"]);
    }
}
