//! The functions of a process as the Functions host addresses them: a request in, a response out, and no socket.

use std::{
    collections::HashMap,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use bytes::Bytes;
use http::{HeaderValue, Method, Response, StatusCode, header::CONTENT_TYPE, request::Parts};

use super::{
    Declaration, Mode, TriggerType, combine, decode,
    decode::{handshake, invocation_id, raw},
    encode,
    encode::failed,
    prefix,
    route::Route,
    routes::Routes,
};
use crate::{
    Body, DecodeError, Event, Failure, Invocation, Outcome, Provider, Reply, ServeError, Trigger,
    function::{self, Order, Table, problem, response},
    server::new_id,
};

/// The functions of a process, as the Functions host addresses them.
///
/// ```
/// use std::sync::Arc;
///
/// use polyfn_shim::{Outcome, Reply, azure::{App, Declaration}, event::Kind};
/// use polyfn_shim::function::{Binding, Description, Filter, Function, Functions, Table};
///
/// let orders = Binding::Resource { kind: Kind::Queue, name: "orders", filter: Filter::default() };
/// let fulfil = Function::blocking(Description::new("fulfil", orders), |_, _| Outcome::Done(Reply::Empty));
/// let declaration = Declaration::of(fulfil.description(), false);
/// let table = Table::new(Functions::new(vec![fulfil]), None, true).unwrap();
/// let app = App::new(Arc::new(table), vec![declaration], "api").unwrap();
///
/// let request = http::Request::post("/fulfil").header("content-type", "application/json");
/// let (parts, ()) = request.body(()).unwrap().into_parts();
/// let delivery = r#"{"Data":{"item":"YQ=="},"Metadata":{}}"#;
/// # tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(async {
/// assert_eq!(app.answer(parts, delivery.into(), 1024).await.status(), 200);
/// # });
/// ```
pub struct App {
    table: Arc<Table>,
    prefix: String,
    declared: Vec<Declared>,
    /// Places in `declared`, by the name in lower case.
    by_name: HashMap<String, Vec<usize>>,
    /// Places in `declared` of the functions that raw requests reach.
    routes: Routes,
    warned_of_lost_body: AtomicBool,
}

struct Declared {
    declaration: Declaration,
    /// The place in the table.
    function: usize,
}

/// How the host addresses a request, by its path alone: a caller can send any header and any body.
#[derive(Debug, PartialEq, Eq)]
enum Address<'a> {
    /// The host asks whether the process is alive.
    Probe,
    /// A caller's own request.
    Raw,
    /// A delivery in JSON to the functions of this name, of which there should be one.
    Json(&'a [usize]),
    /// Nothing is here.
    Nowhere,
}

impl App {
    /// Joins the functions with their declarations, one for each in the order of the table; `None` is not delivered to. `prefix` is
    /// what the routes of callers begin with, `api` unless the app sets another.
    ///
    /// # Errors
    /// A route that cannot be matched, and a function whose name cannot be told from a route.
    pub fn new(table: Arc<Table>, declarations: Vec<Option<Declaration>>, prefix: &str) -> Result<Self, ServeError> {
        let prefix = prefix.trim_matches('/').to_owned();
        let mut declared = Vec::new();
        let mut by_name: HashMap<String, Vec<usize>> = HashMap::new();
        let mut routes = Vec::new();
        for (index, declaration) in declarations.into_iter().enumerate() {
            let Some(declaration) = declaration else { continue };
            let place = declared.len();
            by_name.entry(declaration.name().to_ascii_lowercase()).or_default().push(place);
            if declaration.bindings().is_pure_http() {
                let route = Route::read(declaration.route())
                    .map_err(|error| ServeError::because(format!("{}: {error}", declaration.name()), error))?;
                routes.push((route, place));
            }
            declared.push(Declared { declaration, function: index });
        }
        let routes = Routes::new(routes);
        let app = Self { table, prefix, declared, by_name, routes, warned_of_lost_body: AtomicBool::new(false) };
        app.check_names()?;
        Ok(app)
    }

    /// A delivery's path must not be one that a caller can reach.
    fn check_names(&self) -> Result<(), ServeError> {
        for Declared { declaration, .. } in &self.declared {
            let name = declaration.name();
            if !self.prefix.is_empty() {
                if name.eq_ignore_ascii_case(&self.prefix) {
                    return Err(ServeError::new(format!("the function `{name}` is named like the route prefix; rename it")));
                }
            } else if !declaration.bindings().is_pure_http()
                && let Some(other) = self.routes.find(&format!("/{name}"), |place, _| Some(place))
            {
                let other = self.declared.get(other).map_or("", |other| other.declaration.name());
                return Err(ServeError::new(format!(
                    "without a route prefix, callers of `{other}` reach `/{name}`, where the host delivers to the function `{name}`; set a route prefix or change the route"
                )));
            }
        }
        Ok(())
    }

    /// How the function of this name is declared.
    pub fn declaration(&self, name: &str) -> Option<&Declaration> {
        match self.by_name.get(&name.to_ascii_lowercase())?.as_slice() {
            [place] => self.declared.get(*place).map(|declared| &declared.declaration),
            _ => None,
        }
    }

    /// The table, if no invocation has it still.
    pub(super) fn into_table(self) -> Option<Table> {
        Arc::into_inner(self.table)
    }

    /// Runs the program's `init`, before the first delivery.
    pub(super) async fn init(&mut self) -> Result<(), Failure> {
        match Arc::get_mut(&mut self.table) {
            Some(table) => table.init().await?,
            None => return Err(Failure::new("Init", "an invocation has begun already")),
        }
        for Declared { declaration, function } in &self.declared {
            let queue = declaration.bindings().trigger_type() == TriggerType::Queue;
            let Some(function) = self.table.functions().get(*function).filter(|_| queue) else { continue };
            for why in function.description().asks().filter_map(function::of_storage_queue) {
                tracing::warn!(function = declaration.name(), "{why}");
            }
        }
        Ok(())
    }

    /// Tells what a request is.
    fn address(&self, request: &Parts) -> Address<'_> {
        let path = request.uri.path();
        let named = || {
            let name = path.strip_prefix('/').filter(|_| request.method == Method::POST)?;
            self.by_name.get(&name.to_ascii_lowercase()).map(Vec::as_slice)
        };
        if path == "/" && request.method == Method::GET && invocation_id(&request.headers).is_none() {
            Address::Probe
        } else if !self.prefix.is_empty() && prefix::strip(path, &self.prefix).is_some() {
            Address::Raw
        } else if self.prefix.is_empty() {
            // A function that gets raw requests gets all of them so.
            let is_pure = |place: &usize| self.declared.get(*place).is_some_and(|d| d.declaration.bindings().is_pure_http());
            named().filter(|places| !places.iter().all(is_pure)).map_or(Address::Raw, Address::Json)
        } else {
            named().map_or(Address::Nowhere, Address::Json)
        }
    }

    /// Answers a request whose whole body is here. A caller's own may hold `raw_limit` bytes, a delivery more.
    pub async fn answer(&self, request: Parts, body: Bytes, raw_limit: usize) -> Response<Body> {
        match self.address(&request) {
            Address::Probe => Response::new(Body::default()),
            Address::Raw if body.len() > raw_limit => {
                problem(StatusCode::PAYLOAD_TOO_LARGE, format!("the body is larger than {raw_limit} bytes"))
            }
            Address::Raw => self.answer_raw(&request, &body).await,
            Address::Json([place]) => match self.declared.get(*place) {
                Some(declared) => self.answer_json(declared, &request, &body).await,
                None => self.nowhere(&request),
            },
            Address::Json(_) => {
                tracing::error!(path = request.uri.path(), "several functions have this name; rename all but one");
                failed("several functions have this name")
            }
            Address::Nowhere => self.nowhere(&request),
        }
    }

    async fn answer_raw(&self, request: &Parts, body: &Bytes) -> Response<Body> {
        let event = raw(request, body, &self.prefix);
        if let Some(declared) = self.webhook(&event) {
            return match self.deliver(declared, request, body, Mode::Proxy).await {
                Ok(Outcome::Retry(failure)) => failed(failure.name()),
                Ok(outcome) => response(outcome),
                Err(failed) => failed,
            };
        }
        let invocation = invocation(request, &[]);
        let outcome = match self.by_declared_route(&event) {
            Some((function, event)) => self.table.call(function, event, invocation).await,
            None => self.table.invoke(event, invocation).await,
        };
        response(outcome)
    }

    /// The function that the host meant, if the table does not know this path: the host's routes are not as strict about
    /// letter case, slashes at the end and absent optional parameters.
    fn by_declared_route(&self, event: &Event) -> Option<(&function::Function, Event)> {
        let http = event.http()?;
        if self.table.answers(&http.method, &http.path) {
            return None;
        }
        self.routes.find(&http.path, |place, params| {
            let function = self.table.functions().get(self.declared.get(place)?.function)?;
            if !takes(&function.description().binding, &http.method) {
                return None;
            }
            let mut event = event.clone();
            if let Trigger::Http(http) = event.trigger_mut() {
                http.params = params;
            }
            let direct = function.description().binding == function::Binding::Direct;
            Some((function, if direct { event.into_call() } else { event }))
        })
    }

    /// The function that Event Grid calls at this path.
    fn webhook(&self, event: &Event) -> Option<&Declared> {
        let place = self.routes.find(&event.http()?.path, |place, _| Some(place))?;
        self.declared.get(place).filter(|declared| declared.declaration.is_webhook())
    }

    async fn answer_json(&self, declared: &Declared, request: &Parts, body: &Bytes) -> Response<Body> {
        let (declaration, name) = (&declared.declaration, declared.declaration.name());
        let outcome = match self.deliver(declared, request, body, Mode::Json).await {
            // No status of an event's failure is one for Event Grid.
            Ok(Outcome::Retry(failure)) if declaration.is_webhook() => return failed(failure.name()),
            Ok(outcome) => whole(outcome).await,
            Err(failed) => return failed,
        };
        let encoded = encode(outcome, declaration, Mode::Json);
        if let Some(error) = encoded.error {
            tracing::error!(function = name, invocation = invocation_id(&request.headers), "{error}");
        }
        encoded.response
    }

    /// Decodes a delivery and runs the function that it is for; what cannot be decoded is answered at once.
    async fn deliver(&self, declared: &Declared, request: &Parts, body: &Bytes, mode: Mode) -> Result<Outcome, Response<Body>> {
        let (declaration, name) = (&declared.declaration, declared.declaration.name());
        let refused = |error: DecodeError| {
            tracing::error!(function = name, invocation = invocation_id(&request.headers), "{error}");
            failed(&error.to_string())
        };
        let mut events = decode(request, body, declaration, mode, &self.prefix).map_err(refused)?;
        let Some(function) = self.table.functions().get(declared.function) else { return Err(self.nowhere(request)) };
        // A function without a route has one for the host alone.
        if let function::Binding::Http { path: None, .. } = function.description().binding {
            events.iter_mut().for_each(without_params);
        }
        if let (true, [event]) = (declaration.is_webhook(), events.as_slice())
            && let Some(answer) = handshake(event)
        {
            return answer.map(|response| Outcome::Done(Reply::Http(response))).map_err(refused);
        }
        for event in &events {
            self.warn_of_lost_body(name, event);
        }
        let invocation = invocation(request, &events);
        let order = order(&events);
        let is_head = events.iter().any(|event| event.http().is_some_and(|http| http.method == Method::HEAD));
        let outcome = combine(self.table.call_all(function, events, invocation, order).await);
        let outcome = if is_head { function::without_body(outcome) } else { outcome };
        // A dropped event is one that Event Grid need not send again.
        let dropped = declaration.is_webhook() && matches!(outcome, Outcome::Drop(_));
        Ok(if dropped { Outcome::Done(Reply::Empty) } else { outcome })
    }

    fn warn_of_lost_body(&self, name: &str, event: &Event) {
        let chunked = event.http().is_some_and(|http| http.headers.get("transfer-encoding").is_some());
        if chunked && event.data().is_none() && !self.warned_of_lost_body.swap(true, Ordering::Relaxed) {
            tracing::warn!(
                function = name,
                "the host drops a body that comes in chunks; such bodies need proxying: remove the extra binding"
            );
        }
    }

    fn nowhere(&self, request: &Parts) -> Response<Body> {
        let names: Vec<_> = self.declared.iter().map(|d| format!("`{}`", d.declaration.name())).collect();
        let names = if names.is_empty() { "none".to_owned() } else { names.join(", ") };
        let text = format!("no function is delivered to at this path; there are {names}");
        tracing::error!(path = request.uri.path(), "{text}");
        let mut response = Response::new(Body::from(text));
        *response.status_mut() = StatusCode::NOT_FOUND;
        response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("text/plain; charset=utf-8"));
        response
    }
}

fn without_params(event: &mut Event) {
    if let Trigger::Http(http) = event.trigger_mut() {
        http.params.clear();
    }
}

fn takes(binding: &function::Binding, method: &Method) -> bool {
    match binding {
        function::Binding::Http { methods, .. } => {
            methods.is_empty() || methods.contains(&method.as_str()) || (*method == Method::HEAD && methods.contains(&"GET"))
        }
        function::Binding::Direct => *method == Method::POST,
        function::Binding::Resource { .. } => false,
    }
}

/// The invocation of a delivery. An event that has a trace of its own goes on with that.
fn invocation(request: &Parts, events: &[Event]) -> Invocation {
    let own = match events {
        [event] => event.attribute("traceparent"),
        _ => None,
    };
    let trace = own.or_else(|| request.headers.get("traceparent")?.to_str().ok());
    let id = invocation_id(&request.headers).map_or_else(new_id, str::to_owned);
    Invocation::new(Provider::Azure, id).with_trace(trace)
}

/// Sessions, partitions and the change feed have an order; messages without a session have none.
fn order(events: &[Event]) -> Order<'static> {
    let ordered = events.iter().any(|event| match event.trigger() {
        Trigger::Queue(queue) => queue.group.is_some(),
        Trigger::Topic(topic) => topic.ordering_key.is_some(),
        Trigger::Stream(_) | Trigger::Change(_) => true,
        _ => false,
    });
    if ordered { Order::Groups } else { Order::None }
}

/// The outcome with its whole body, which JSON mode needs.
async fn whole(outcome: Outcome) -> Outcome {
    let Outcome::Done(Reply::Http(response)) = outcome else { return outcome };
    let (head, body) = response.into_parts();
    match body.collect().await {
        Ok(bytes) => Outcome::Done(Reply::Http(Response::from_parts(head, Body::from(bytes)))),
        Err(error) => {
            tracing::error!("the response ended early: {error}");
            Outcome::Retry(Failure::new("Response", error.to_string()))
        }
    }
}
