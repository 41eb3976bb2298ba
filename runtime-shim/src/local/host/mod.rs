//! Functions of this process under every provider's host: one event in by its native delivery, and all that came of it.

#[cfg(feature = "aws")]
mod aws;
#[cfg(feature = "azure")]
mod azure;
#[cfg(feature = "container")]
mod container;
mod delivered;
mod filled;
mod form;
#[cfg(feature = "gcp")]
mod gcp;
mod here;
mod recorder;
mod wire;

use std::{
    fmt,
    sync::Arc,
    time::{Duration, Instant},
};

use http::{Request, Response};

pub use self::{
    delivered::{Call, Delivered, Ended},
    form::Form,
    wire::Wire,
};
use self::{filled::filled, recorder::Recorder};
use super::Process;
use crate::{
    Body, Event, Failure, Invocation, Provider,
    event::{Kind, Time},
    function::{self, Table, watched},
    local::Settled,
    server::{self, Front, new_id},
};

/// The functions of this process, to be delivered to as each provider's host does.
///
/// ```
/// use std::sync::Arc;
///
/// use polyfn_shim::{Event, Outcome, Provider, Reply, Trigger, event::{Kind, Queue}, local::{Form, Hosts, Settled}};
/// use polyfn_shim::function::{Binding, Description, Filter, Function, Functions, Table};
///
/// let orders = Binding::Resource { kind: Kind::Queue, name: "orders", filter: Filter::default() };
/// let fulfil = Function::blocking(Description::new("fulfil", orders), |_, _| Outcome::Done(Reply::Empty));
/// let hosts = Hosts::new(Arc::new(Table::new(Functions::new(vec![fulfil]), None, true).unwrap()));
///
/// let queue = Trigger::Queue(Queue { name: Some("orders".into()), ..Queue::default() });
/// let event = Event::new(Provider::Local, queue).with_data("hi", None);
/// # tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
/// // The name of a FIFO queue would end in `.fifo`.
/// for form in Form::ALL.iter().filter(|form| form.carries(Kind::Queue) && form.to_string() != "aws/sqs-fifo") {
///     let delivered = hosts.deliver(*form, &event).await.unwrap();
///     assert_eq!((delivered.settled, delivered.calls[0].function), (Settled::Acknowledged, "fulfil"), "{form}");
/// }
/// # });
/// ```
#[derive(Clone)]
pub struct Hosts {
    table: Arc<Table>,
    timeout: Duration,
    /// A program that takes the deliveries of one provider in place of the functions here.
    program: Option<(Provider, Arc<dyn Process>)>,
    wire: Option<Arc<dyn Wire>>,
}

/// How long a host waits for a reply, unless told otherwise.
const TIMEOUT: Duration = Duration::from_secs(30);

impl fmt::Debug for Hosts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Hosts").field("table", &self.table).field("timeout", &self.timeout).finish_non_exhaustive()
    }
}

impl Hosts {
    /// The functions of this table, whose program's `init` has run.
    pub fn new(table: Arc<Table>) -> Self {
        Self { table, timeout: TIMEOUT, program: None, wire: None }
    }

    /// The functions.
    pub fn table(&self) -> &Arc<Table> {
        &self.table
    }

    /// The same hosts for one function alone, as where each function is a deployment of its own; `None` if none has the name.
    pub fn only(&self, function: &str) -> Option<Self> {
        Some(Self { table: Arc::new(self.table.only(function)?), ..self.clone() })
    }

    /// Sets how long a host waits for a reply: what takes longer is cut off, and comes again.
    #[must_use]
    pub fn with_timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// Has a program of its own take this provider's deliveries, behind its host; it must hold the same functions.
    ///
    /// What its functions were called with cannot be seen then: one call is told, as far as the reply tells what came of it.
    #[must_use]
    pub fn with_program(mut self, provider: Provider, program: Arc<dyn Process>) -> Self {
        self.program = Some((provider, program));
        self
    }

    /// Lays this between the hosts and the functions.
    #[must_use]
    pub fn with_wire(mut self, wire: Arc<dyn Wire>) -> Self {
        self.wire = Some(wire);
        self
    }

    /// Delivers an event in this form, and waits for what comes of it.
    ///
    /// What the event does not say and its provider always does (an id, a time, the name of the resource as the provider writes
    /// it) is made up.
    ///
    /// # Errors
    /// An event that the provider would never deliver so; nothing was called then.
    pub async fn deliver(&self, form: Form, event: &Event) -> Result<Delivered, Undeliverable> {
        self.deliver_batch(form, std::slice::from_ref(event)).await
    }

    /// Delivers events of one resource in one native delivery, as the sources do whose forms
    /// [carry batches](Form::carries_batches); [`Delivered::each`] says what became of each.
    ///
    /// ```
    /// use std::sync::Arc;
    ///
    /// use polyfn_shim::{Event, Failure, Outcome, Provider, Reply, Trigger, event::{Kind, Queue}};
    /// use polyfn_shim::{function::{Binding, Description, Filter, Function, Functions, Table}, local::{Form, Hosts, Settled}};
    ///
    /// let orders = Binding::Resource { kind: Kind::Queue, name: "orders", filter: Filter::default() };
    /// let fulfil = Function::batch(Description::new("fulfil", orders), |events, _| async move {
    ///     let outcome = |event: &Event| match event.id() {
    ///         "2" => Outcome::Retry(Failure::new("SoldOut", "none left")),
    ///         _ => Outcome::Done(Reply::Empty),
    ///     };
    ///     events.iter().map(outcome).collect()
    /// });
    /// let hosts = Hosts::new(Arc::new(Table::new(Functions::new(vec![fulfil]), None, true).unwrap()));
    ///
    /// let queue = || Trigger::Queue(Queue { name: Some("orders".into()), ..Queue::default() });
    /// let events = ["1", "2", "3"].map(|id| Event::new(Provider::Local, queue()).with_id(id).with_data("tea", None));
    /// # tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
    /// let delivered = hosts.deliver_batch(Form::Local, &events).await.unwrap();
    /// assert_eq!(delivered.each, [Settled::Acknowledged, Settled::Again, Settled::Acknowledged]);
    /// # });
    /// ```
    ///
    /// # Errors
    /// As [`deliver`](Self::deliver); or events that no source delivers together.
    pub async fn deliver_batch(&self, form: Form, events: &[Event]) -> Result<Delivered, Undeliverable> {
        let Some(first) = events.first() else { return Err(Undeliverable::new("there is no event")) };
        if events.len() > 1 && !form.carries_batches(first.trigger().kind()) {
            return Err(Undeliverable(format!("{form} delivers such events one by one")));
        }
        if let Some((provider, _)) = &self.program
            && *provider != form.provider()
        {
            return Err(Undeliverable(format!(
                "the functions run behind the host of `{provider}`, which delivers nothing as {form}"
            )));
        }
        if events.iter().any(|event| has_twice(form, event)) {
            return Err(Undeliverable::new("two attributes of one name, which only Kafka has"));
        }
        let events: Vec<_> = events.iter().enumerate().map(|(index, event)| filled(form, event, index)).collect();
        if let Some(why) = unlike(&events) {
            return Err(Undeliverable::new(why));
        }
        let (recorder, began, at) = (Arc::new(Recorder::default()), Instant::now(), Time::now());
        let exchange = watched(recorder.clone(), self.exchange(form, &events)).await?;
        let (mut calls, logs) = recorder.taken();
        let Exchange { delivery, reply, response, mut settled } = exchange;
        // What the reply does not tell of comes again.
        settled.resize(events.len(), Settled::Again);
        // Whoever waits for an answer tries again themselves, if at all.
        if response.is_some() {
            settled.fill(Settled::Acknowledged);
        }
        let each = settled;
        if self.program.as_ref().is_some_and(|(provider, _)| *provider == form.provider()) {
            let told = |(event, settled): (&Event, &Settled)| self.told(event, &reply, *settled, began.elapsed());
            calls.extend(events.iter().zip(&each).filter_map(told));
        }
        let settled = if each.contains(&Settled::Again) { Settled::Again } else { Settled::Acknowledged };
        Ok(Delivered { form, at, delivery, calls, logs, reply, response, settled, each, took: began.elapsed() })
    }

    /// Delivers an event as this provider does: in its usual form, or in the next one where the usual cannot carry the event, as
    /// Google sends what no header can carry in a message.
    ///
    /// # Errors
    /// An event that the provider never delivers; nothing was called then.
    pub async fn send(&self, provider: Provider, event: &Event) -> Result<Delivered, Undeliverable> {
        let kind = event.trigger().kind();
        let usual = Form::usual(provider, kind);
        let others = Form::ALL.iter().copied().filter(|form| form.provider() == provider && form.carries(kind));
        let forms = usual.into_iter().chain(others.filter(|form| Some(*form) != usual));
        self.first(forms, std::slice::from_ref(event)).await.map_err(|error| error.unwrap_or_else(|| lacking(provider, kind)))
    }

    /// Delivers events in one delivery of this provider, in the first form that can carry them all.
    ///
    /// # Errors
    /// Events that the provider never delivers together; nothing was called then.
    pub(crate) async fn send_batch(&self, provider: Provider, events: &[Event]) -> Result<Delivered, Undeliverable> {
        let kind = events.first().map_or(Kind::Event, |event| event.trigger().kind());
        let forms = Form::ALL.iter().copied();
        let forms = forms.filter(|form| form.provider() == provider && form.carries(kind) && form.carries_batches(kind));
        self.first(forms, events).await.map_err(|error| error.unwrap_or_else(|| lacking(provider, kind)))
    }

    /// Delivers in the first of these forms that can carry the events; else why the first of them cannot, if there is one.
    async fn first(&self, forms: impl Iterator<Item = Form>, events: &[Event]) -> Result<Delivered, Option<Undeliverable>> {
        let mut failed = None;
        for form in forms {
            match self.deliver_batch(form, events).await {
                Ok(delivered) => return Ok(delivered),
                Err(error) => failed = failed.or(Some(error)),
            }
        }
        Err(failed)
    }

    /// A caller's request to this machine as an event.
    pub(crate) fn request(&self, delivery: server::Delivery) -> Event {
        let front = Front { scheme: Some("http".to_owned()), client_ip: delivery.peer_ip(), host: None };
        delivery.into_event(Provider::Local, Some(&new_id()), front)
    }

    /// Answers a caller's request to this machine; a body that comes piece by piece is in the response alone.
    pub(crate) async fn answer(&self, delivery: server::Delivery) -> (Delivered, Response<Body>) {
        let (recorder, began, at) = (Arc::new(Recorder::default()), Instant::now(), Time::now());
        let native = Request::from_parts(delivery.parts.clone(), delivery.body.clone());
        let trace = delivery.header("traceparent").map(str::to_owned);
        let event = self.request(delivery);
        let invocation = Invocation::new(Provider::Local, event.id()).with_trace(trace.as_deref());
        let response = function::response(watched(recorder.clone(), self.table.invoke(event, invocation)).await);
        let (calls, logs) = recorder.taken();
        let mut reply = Response::new(response.body().bytes().cloned().unwrap_or_default());
        *reply.status_mut() = response.status();
        *reply.headers_mut() = response.headers().clone();
        let (form, settled, took) = (Form::Local, Settled::Acknowledged, began.elapsed());
        let each = vec![settled];
        (
            Delivered { form, at, delivery: native, calls, logs, response: Some(reply.clone()), reply, settled, each, took },
            response,
        )
    }

    /// The reply to a delivery as it arrives: of the program that takes this provider's deliveries, else of the functions here.
    #[cfg(any(feature = "aws", feature = "azure", feature = "container", feature = "gcp"))]
    async fn reply(
        &self,
        provider: Provider,
        delivery: &Request<bytes::Bytes>,
        here: impl Future<Output = Response<bytes::Bytes>>,
    ) -> Response<bytes::Bytes> {
        let program = self.program.as_ref().filter(|(of, _)| *of == provider);
        let reply = match program {
            Some((_, program)) => program.deliver(delivery.clone()).await.unwrap_or_else(|error| {
                tracing::error!("{error}");
                function::logged(&error.to_string());
                let mut reply = Response::new(bytes::Bytes::from(error.to_string()));
                *reply.status_mut() = http::StatusCode::BAD_GATEWAY;
                reply
            }),
            None => here.await,
        };
        self.replied(reply)
    }

    /// The call of a function that ran elsewhere.
    fn told(&self, event: &Event, reply: &Response<bytes::Bytes>, settled: Settled, took: Duration) -> Option<Call> {
        let function = self.table.chosen(event)?.description().name;
        let failed = settled == Settled::Again || reply.status().is_server_error();
        let failure = || {
            Failure::new(
                "Error",
                match reply.status() {
                    status if status.is_success() => format!("the reply, {status}, does not acknowledge it"),
                    status => format!("the reply was {status}"),
                },
            )
        };
        let ended = if failed { Ended::Retry(failure()) } else { Ended::Done };
        Some(Call { function, event: event.clone(), ended, took })
    }

    /// A delivery as it arrives.
    #[cfg(any(feature = "aws", feature = "azure", feature = "container", feature = "gcp"))]
    fn arrived(&self, delivery: Request<bytes::Bytes>) -> Request<bytes::Bytes> {
        match &self.wire {
            Some(wire) => wire.delivery(delivery),
            None => delivery,
        }
    }

    /// A reply as it arrives.
    fn replied(&self, reply: Response<bytes::Bytes>) -> Response<bytes::Bytes> {
        match &self.wire {
            Some(wire) => wire.reply(reply),
            None => reply,
        }
    }

    async fn exchange(&self, form: Form, events: &[Event]) -> Result<Exchange, Undeliverable> {
        match form {
            #[cfg(feature = "aws")]
            Form::Aws(shape) => aws::exchange(self, shape, events).await,
            #[cfg(feature = "gcp")]
            Form::Gcp(form) => gcp::exchange(self, form, events).await,
            #[cfg(feature = "azure")]
            Form::Azure(mode) => azure::exchange(self, mode, events).await,
            #[cfg(feature = "container")]
            Form::Container(mode) => container::exchange(self, mode, events).await,
            Form::Local => here::exchange(self, events).await,
        }
    }
}

/// Whether an event has two attributes of one name where its form has one of each.
fn has_twice(form: Form, event: &Event) -> bool {
    #[cfg(feature = "aws")]
    if form == Form::Aws(crate::aws::Shape::Kafka) {
        return false;
    }
    let mut names: Vec<_> = event.attributes().iter().map(|(name, _)| name.as_str()).collect();
    names.sort_unstable();
    form != Form::Local && names.windows(2).any(|pair| matches!(pair, [one, other] if one == other))
}

/// A native delivery, and what the host made of the reply.
struct Exchange {
    delivery: Request<bytes::Bytes>,
    reply: Response<bytes::Bytes>,
    response: Option<Response<bytes::Bytes>>,
    /// Of each event.
    settled: Vec<Settled>,
}

fn lacking(provider: Provider, kind: Kind) -> Undeliverable {
    Undeliverable(format!("`{provider}` delivers no {kind} events in this build"))
}

/// Why these events would never come in one delivery.
fn unlike(events: &[Event]) -> Option<&'static str> {
    let mut ids: Vec<_> = events.iter().map(Event::id).collect();
    ids.sort_unstable();
    let first = events.first();
    let of_first = |event: &Event| first.is_some_and(|first| first.trigger().kind() == event.trigger().kind());
    if !events.iter().all(of_first) {
        return Some("events of different kinds come in deliveries of their own");
    }
    let is_same = |pair: &[&str]| matches!(pair, [one, other] if one == other);
    ids.windows(2).any(is_same).then_some("two events of one id, which a reply could not tell apart")
}

/// Why a provider would never deliver an event so.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Undeliverable(String);

impl Undeliverable {
    fn new(why: impl Into<String>) -> Self {
        Self(why.into())
    }
}

impl fmt::Display for Undeliverable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Undeliverable {}

#[cfg(any(feature = "azure", feature = "container", feature = "gcp"))]
impl From<crate::DecodeError> for Undeliverable {
    fn from(error: crate::DecodeError) -> Self {
        Self(error.to_string())
    }
}

#[cfg(feature = "azure")]
impl From<super::azure::Refused> for Undeliverable {
    fn from(refused: super::azure::Refused) -> Self {
        Self(refused.to_string())
    }
}
