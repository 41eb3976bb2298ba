//! What the log says at start of functions that ask for more than the provider can do.
#![cfg(feature = "azure")]
#![expect(clippy::unwrap_used, reason = "what a test needs and does not find fails the test")]

use std::{
    fmt,
    sync::{Arc, Mutex},
    time::Duration,
};

use polyfn_shim::{
    Outcome, Provider, Reply,
    azure::serve,
    event::{Action, Kind},
    function::{Binding, Description, Filter, Function, Functions, Hooks, Settings, Table},
    host::{Env, Host},
};
use tracing::{
    Event, Metadata, Subscriber,
    field::{Field, Visit},
    span,
};

/// The lines of a log: function, then message.
#[derive(Clone, Default)]
struct Lines(Arc<Mutex<Vec<String>>>);

#[derive(Default)]
struct Line {
    function: String,
    message: String,
}

impl Visit for Line {
    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        match field.name() {
            "function" => self.function = format!("{value:?}").trim_matches('"').to_owned(),
            "message" => self.message = format!("{value:?}"),
            _ => {}
        }
    }
}

impl Subscriber for Lines {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        *metadata.level() == tracing::Level::WARN
    }

    fn new_span(&self, _: &span::Attributes<'_>) -> span::Id {
        span::Id::from_u64(1)
    }

    fn record(&self, _: &span::Id, _: &span::Record<'_>) {}

    fn record_follows_from(&self, _: &span::Id, _: &span::Id) {}

    fn event(&self, event: &Event<'_>) {
        let mut line = Line::default();
        event.record(&mut line);
        self.0.lock().unwrap().push(format!("{}: {}", line.function, line.message));
    }

    fn enter(&self, _: &span::Id) {}

    fn exit(&self, _: &span::Id) {}
}

fn function(name: &'static str, kind: Kind, resource: &'static str, on: &'static [Action], settings: Settings) -> Function {
    let filter = Filter { on, ..Filter::default() };
    let description = Description { settings, ..Description::new(name, Binding::Resource { kind, name: resource, filter }) };
    Function::new(description, |_, _| async { Outcome::Done(Reply::Empty) })
}

fn functions() -> Functions {
    let batch = Settings { batch: Some(20_000), ..Settings::default() };
    let long = Settings { timeout: Some(Duration::from_secs(3600)), ..Settings::default() };
    Functions::new(vec![
        function("fulfil", Kind::Queue, "orders", &[], batch),
        function("paid", Kind::Event, "paid", &[], Settings::default()),
        function("restored", Kind::Object, "uploads", &[Action::Restored], long),
    ])
}

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap()
}

/// The warnings as these functions start on a host with this variable.
fn warnings(functions: Functions, env: Env<'_>) -> Vec<String> {
    let lines = Lines::default();
    let host = Host::detect(env, &Provider::ALL).unwrap();
    tracing::subscriber::with_default(lines.clone(), || {
        let mut table = Table::for_host(functions, &host, true).unwrap();
        assert!(lines.0.lock().unwrap().is_empty(), "nobody reads before the program's `init` has set up its log");
        runtime().block_on(table.init()).unwrap();
    });
    Arc::into_inner(lines.0).unwrap().into_inner().unwrap()
}

/// The same on the host of this provider.
fn warnings_on(provider: Provider) -> Vec<String> {
    warnings(functions(), &|name| (name == "POLYFN_PROVIDER").then(|| provider.to_string()))
}

#[test]
fn at_start_the_log_has_what_this_provider_cannot_do() {
    for (provider, count) in [(Provider::Aws, 2), (Provider::Gcp, 3), (Provider::Azure, 1), (Provider::Container, 0)] {
        let list = functions();
        let each = list.iter().map(Function::description);
        let lines = |of: &Description| of.unsupported(provider).map(|why| format!("{}: {why}", of.name)).collect::<Vec<_>>();
        let want: Vec<_> = each.flat_map(lines).collect();
        assert_eq!((warnings_on(provider), want.len()), (want, count), "{provider}");
    }
    let gcp = warnings_on(Provider::Gcp);
    assert_eq!(gcp.first().map(String::as_str), Some("fulfil: Google Cloud delivers events one by one; remove `batch`"));
}

#[test]
fn only_what_is_served_is_warned_of() {
    let env = |name: &str| match name {
        "POLYFN_PROVIDER" => Some("gcp".to_owned()),
        "POLYFN_FUNCTION" => Some("paid".to_owned()),
        _ => None,
    };
    assert_eq!(warnings(functions(), &env), [""; 0]);
}

#[test]
fn an_order_that_a_storage_queue_does_not_have_is_warned_of() {
    let ordered = Settings { ordered: true, batch: Some(10), ..Settings::default() };
    // The end of `init` is as far as this start goes: its port is taken.
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port();
    let env = |name: &str| (name == "FUNCTIONS_CUSTOMHANDLER_PORT").then(|| port.to_string());
    let host = Host::detect(&env, &Provider::ALL).unwrap();
    let lines = Lines::default();
    let functions = Functions::new(vec![
        function("fulfil", Kind::Queue, "orders", &[], ordered),
        function("readings", Kind::Stream, "readings", &[], ordered),
    ]);
    let served = tracing::subscriber::with_default(lines.clone(), || {
        runtime().block_on(serve(functions.with_hooks(Hooks::default()), &host, &env))
    });
    assert!(served.unwrap_err().to_string().contains("cannot listen"));
    let want = [
        "fulfil: a Storage queue delivers one message at a time; declare a Service Bus queue, or remove `batch`",
        "fulfil: a Storage queue has no order; declare a Service Bus queue with sessions, or remove `ordered`",
    ];
    assert_eq!(*lines.0.lock().unwrap(), want);
}
