use std::sync::Arc;

use bytes::Bytes;
use http::{Request, Response};
use polyfn_shim::{
    Event, Provider, Trigger,
    event::{Headers, Http},
    function::{Functions as Listed, Table},
    local::{Delivered, Form, Hosts},
};
use serde::Serialize;
use tokio::sync::OnceCell;

use super::{Everywhere, Sending, sample};
use crate::{Functions, program::Program};

/// Functions under test, called as a provider would call them.
///
#[cfg_attr(feature = "aws", doc = "```")]
#[cfg_attr(not(feature = "aws"), doc = "```no_run")]
/// use polyfn::{Path, Provider, State, function, functions, testing::App};
///
/// #[function(http = "GET /hello/{name}")]
/// async fn hello(Path(name): Path<String>, State(greeting): State<String>) -> String {
///     format!("{greeting}, {name}!")
/// }
///
/// # fn main() {
/// let app = App::new(functions![hello]).state("Hello".to_owned()).on(Provider::Aws);
/// let response = app.http(http::Request::get("/hello/Ada").body("").unwrap()).wait();
/// assert_eq!((response.status().as_u16(), response.body().as_ref()), (200, &b"Hello, Ada!"[..]));
/// # }
/// ```
#[derive(Clone)]
pub struct App {
    inner: Arc<Inner>,
    provider: Provider,
    form: Option<Form>,
    only: Option<String>,
}

struct Inner {
    functions: std::sync::Mutex<Option<Functions>>,
    hosts: OnceCell<Hosts>,
}

impl App {
    /// These functions, called as on this machine.
    pub fn new(functions: Functions) -> Self {
        let functions = std::sync::Mutex::new(Some(functions));
        let inner = Arc::new(Inner { functions, hosts: OnceCell::new() });
        Self { inner, provider: Provider::Local, form: None, only: None }
    }

    /// The same with this as the functions' [`State`](crate::State), in place of what `init` would make.
    #[must_use]
    pub fn state<T: Send + Sync + 'static>(self, state: T) -> Self {
        if let Ok(mut functions) = self.inner.functions.lock() {
            *functions = functions.take().map(|functions| functions.with_state(state));
        }
        self
    }

    /// The same functions under this provider's host: what is sent goes through its native bytes, both ways.
    #[must_use]
    pub fn on(&self, provider: Provider) -> Self {
        Self { provider, form: None, ..self.clone() }
    }

    /// The same functions, delivered to in this native form, such as by a load balancer rather than an HTTP API.
    #[must_use]
    pub fn by(&self, form: Form) -> Self {
        Self { provider: form.provider(), form: Some(form), ..self.clone() }
    }

    /// The function of this name alone, as where each is a deployment of its own.
    #[must_use]
    pub fn only(&self, function: &str) -> Self {
        Self { only: Some(function.to_owned()), ..self.clone() }
    }

    /// The same functions under the host of every provider that is built, which must agree.
    pub fn everywhere(&self) -> Everywhere {
        Everywhere::new(self.clone())
    }

    /// Sends a request, and gives the response that its caller gets.
    ///
    /// # Panics
    /// If the functions cannot be served: a route that two want, a state that is missing.
    pub fn http<B: Into<Bytes>>(&self, request: Request<B>) -> Sending<'_, Response<Bytes>> {
        let event = request_event(request);
        Sending::new(async move { self.deliver(event).await.response.unwrap_or_default() })
    }

    /// Calls the one function of direct calls, or the [`only`](Self::only) one, and gives its answer: 200 with JSON, or an error.
    ///
    /// # Panics
    /// As [`http`](Self::http); or if the input cannot be JSON.
    pub fn call<T: Serialize + ?Sized>(&self, input: &T) -> Sending<'_, Response<Bytes>> {
        let event = call_event(input);
        Sending::new(async move { self.deliver(event).await.response.unwrap_or_default() })
    }

    /// Sends a message of a queue whose body is this item as JSON.
    ///
    /// # Panics
    /// As [`http`](Self::http); or if the item cannot be JSON.
    pub fn queue<T: Serialize + ?Sized>(&self, name: &str, item: &T) -> Sending<'_, Delivered> {
        self.send(sample::Message::queue(name).json(item))
    }

    /// Sends a message of a topic whose body is this item as JSON.
    ///
    /// # Panics
    /// As [`queue`](Self::queue).
    pub fn topic<T: Serialize + ?Sized>(&self, name: &str, item: &T) -> Sending<'_, Delivered> {
        self.send(sample::Message::topic(name).json(item))
    }

    /// Sends a record of a stream whose data is this item as JSON.
    ///
    /// # Panics
    /// As [`queue`](Self::queue).
    pub fn stream<T: Serialize + ?Sized>(&self, name: &str, item: &T) -> Sending<'_, Delivered> {
        self.send(sample::Record::new(name).json(item))
    }

    /// Tells of an object that is new in a bucket.
    ///
    /// # Panics
    /// As [`http`](Self::http).
    pub fn object(&self, bucket: &str, key: &str) -> Sending<'_, Delivered> {
        self.send(sample::Object::created(bucket, key))
    }

    /// Ticks the schedule of the function of this name, now.
    ///
    /// # Panics
    /// As [`http`](Self::http).
    pub fn tick(&self, function: &str) -> Sending<'_, Delivered> {
        self.send(sample::Tick::of(function))
    }

    /// Tells of a record that is new in a collection, whose key is `id`, and which is this.
    ///
    /// # Panics
    /// As [`queue`](Self::queue).
    pub fn change<T: Serialize + ?Sized>(&self, collection: &str, record: &T) -> Sending<'_, Delivered> {
        self.send(sample::Change::created(collection, record))
    }

    /// Sends a custom event of this type whose data is this item as JSON.
    ///
    /// # Panics
    /// As [`queue`](Self::queue).
    pub fn event<T: Serialize + ?Sized>(&self, ty: &str, item: &T) -> Sending<'_, Delivered> {
        self.send(sample::Event::new(ty).json(item))
    }

    /// Sends an event that a [`sample`] made.
    ///
    /// # Panics
    /// As [`http`](Self::http); or if the provider would never deliver such an event.
    pub fn send(&self, event: impl Into<Event>) -> Sending<'_, Delivered> {
        let event = event.into();
        Sending::new(async move { self.deliver(event).await })
    }

    #[expect(clippy::panic, reason = "a test that cannot run has failed")]
    pub(super) async fn deliver(&self, event: Event) -> Delivered {
        let hosts = self.hosts().await;
        let delivered = match self.form {
            Some(form) => hosts.deliver(form, &event).await,
            None => hosts.send(self.provider, &event).await,
        };
        match delivered {
            Ok(delivered) => delivered,
            Err(error) => panic!("such a {} event is not delivered: {error}", event.trigger().kind()),
        }
    }

    #[expect(clippy::panic, reason = "a test that cannot run has failed")]
    async fn hosts(&self) -> Hosts {
        let hosts = self.inner.hosts.get_or_init(|| async {
            let functions = self.inner.functions.lock().ok().and_then(|mut functions| functions.take());
            let listed = functions.map_or_else(Listed::default, |functions| functions.listed(Program::new(), None));
            match started(listed).await {
                Ok(table) => Hosts::new(Arc::new(table)),
                Err(error) => panic!("the functions cannot be served: {error}"),
            }
        });
        let hosts = hosts.await;
        let Some(name) = &self.only else { return hosts.clone() };
        hosts.only(name).unwrap_or_else(|| panic!("no function is called `{name}`"))
    }
}

async fn started(functions: Listed) -> Result<Table, polyfn_shim::ServeError> {
    let mut table = Table::new(functions, None, true)?;
    table.start().await?;
    Ok(table)
}

/// A direct call whose input is this item as JSON.
pub(super) fn call_event<T: Serialize + ?Sized>(input: &T) -> Event {
    Event::new(Provider::Local, Trigger::Direct).with_data(sample::json(input), Some("application/json"))
}

/// A request as its caller sends it; a target with an authority says the host and the scheme.
pub(super) fn request_event<B: Into<Bytes>>(request: Request<B>) -> Event {
    let (parts, body) = request.into_parts();
    let mut http = Http::new(parts.method, parts.uri.path(), parts.uri.query());
    http.scheme = parts.uri.scheme_str().map(str::to_owned);
    http.host = parts.uri.authority().map(|authority| authority.to_string());
    let content_type = parts.headers.get(http::header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).map(str::to_owned);
    http.headers = Headers::from(parts.headers);
    Event::new(Provider::Local, Trigger::Http(Box::new(http))).with_data(body, content_type.as_deref())
}

impl std::fmt::Debug for App {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("App").field("provider", &self.provider).field("only", &self.only).finish_non_exhaustive()
    }
}
