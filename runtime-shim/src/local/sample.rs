use crate::{
    Event, Provider, Trigger,
    event::{Action, Change, Headers, Http, Kind, Object, Queue, Schedule, Stream, Time, Topic},
    function::{Binding, Description, Filter},
};

/// An event that a function takes, as far as its types and its attribute tell; the function itself says more than a manifest.
pub fn sample(description: &Description) -> Event {
    let sample = &description.sample;
    let body = sample.body.clone();
    let (trigger, ty) = match &description.binding {
        Binding::Http { methods, .. } => {
            let method = methods.first().and_then(|method| method.parse().ok()).unwrap_or(http::Method::GET);
            let path = if sample.path.is_empty() { "/" } else { &sample.path };
            let mut http = Http::new(method, path, Some(sample.query.as_str()).filter(|query| !query.is_empty()));
            let media_type = if sample.form { "application/x-www-form-urlencoded" } else { "application/json" };
            if body.is_some() {
                http.headers = Headers::from_iter([(http::header::CONTENT_TYPE, http::HeaderValue::from_static(media_type))]);
            }
            return Event::new(Provider::Local, Trigger::Http(Box::new(http)))
                .with_data(body.unwrap_or_default(), Some(media_type));
        }
        Binding::Direct => (Trigger::Direct, None),
        Binding::Resource { kind, name, filter } => {
            resource(description.name, *kind, &name.replace('*', "x"), filter, body.as_deref())
        }
    };
    let event = Event::new(Provider::Local, trigger);
    let event = match ty {
        Some(ty) => event
            .with_type(ty)
            .with_source(Some(source(description)).filter(|source| !source.is_empty()).unwrap_or_else(|| "/local".to_owned())),
        None => event,
    };
    match event.trigger().kind() {
        Kind::Object | Kind::Schedule | Kind::Change => event,
        _ => event.with_data(body.unwrap_or_else(|| "{}".to_owned()), Some("application/json")),
    }
}

fn source(description: &Description) -> String {
    match &description.binding {
        Binding::Resource { filter, .. } => filter.source.replace('*', "x"),
        Binding::Http { .. } | Binding::Direct => String::new(),
    }
}

/// The trigger of an event of a resource, and the type of a custom event.
fn resource(function: &str, kind: Kind, name: &str, filter: &Filter, body: Option<&str>) -> (Trigger, Option<String>) {
    let named = Some(name.to_owned());
    let trigger = match kind {
        Kind::Queue => Trigger::Queue(Queue { name: named, ..Queue::default() }),
        Kind::Topic => Trigger::Topic(Topic { name: named, ..Topic::default() }),
        Kind::Stream => Trigger::Stream(Stream { name: named, ..Stream::default() }),
        Kind::Schedule => {
            let due = Time::from_seconds(Time::now().as_millis().div_euclid(1_000));
            Trigger::Schedule(Schedule { name: Some(function.to_owned()), scheduled_for: due })
        }
        Kind::Object => Trigger::Object(Box::new(Object {
            action: filter.on.first().copied().unwrap_or(Action::Created),
            bucket: name.to_owned(),
            key: format!("{}a{}", filter.prefix, filter.suffix),
            size: Some(1_024),
            ..Object::default()
        })),
        Kind::Change => Trigger::Change(Box::new(Change {
            action: Action::Created,
            collection: named,
            key: Some(r#"{"id":"1"}"#.to_owned()),
            before: None,
            after: Some(body.unwrap_or("{}").to_owned()),
        })),
        Kind::Event | Kind::Http | Kind::Direct => return (Trigger::Event, named),
    };
    (trigger, None)
}
