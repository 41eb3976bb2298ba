use http::{
    HeaderValue, Method, StatusCode,
    header::{ALLOW, CONTENT_LENGTH},
};

#[cfg(feature = "local")]
use super::watch::Seen;
use super::{
    Binding, Function, Hooks, Malformed, State,
    call::Terms,
    index::Index,
    response::{problem, status},
    route::{Found, Routes},
};
#[cfg(any(feature = "aws", feature = "container", feature = "gcp"))]
use crate::sources::Sources;
use crate::{Body, Event, Failure, Invocation, Outcome, Provider, Reply, ServeError, Trigger, host::Host};

/// The functions of a binary, as its `main` lists them.
#[derive(Debug, Default)]
pub struct Functions {
    list: Vec<Function>,
    hooks: Hooks,
}

impl Functions {
    /// These functions, in the order given.
    pub fn new(list: Vec<Function>) -> Self {
        Self { list, hooks: Hooks::default() }
    }

    /// Sets what runs before the first invocation and after the last.
    #[must_use]
    pub fn with_hooks(mut self, hooks: Hooks) -> Self {
        self.hooks = hooks;
        self
    }

    /// The functions, in the order given.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = &Function> {
        self.list.iter()
    }
}

/// The functions of a process, chosen, routed and ready to be invoked.
#[derive(Debug)]
pub struct Table {
    pub(super) functions: Vec<Function>,
    pub(super) index: Index,
    routes: Routes,
    hooks: Hooks,
    state: Option<State>,
    concurrent: bool,
    /// Whose host it is for, if that is known.
    provider: Option<Provider>,
}

impl Table {
    /// Routes these functions, or the one of them that is `selected` by name.
    ///
    /// `concurrent` says whether the host delivers several events at once.
    ///
    /// # Errors
    /// No function or several of the selected name, or two that want the same requests; the message names them.
    pub fn new(functions: Functions, selected: Option<&str>, concurrent: bool) -> Result<Self, ServeError> {
        let Functions { mut list, hooks } = functions;
        if let Some(name) = selected {
            let all = names(&list);
            list.retain(|function| function.description().name == name);
            match list.len() {
                0 => return Err(ServeError::new(format!("no function is called `{name}`; there are {all}"))),
                1 => {}
                _ => return Err(ServeError::new(format!("several functions are called `{name}`: {}", names(&list)))),
            }
        }
        let mut routes = Routes::default();
        let alone = list.len() == 1;
        for (index, function) in list.iter().enumerate() {
            let added = match &function.description().binding {
                Binding::Http { methods, path } => routes.add(methods, *path, index),
                // A direct function answers `POST /its-name`, and every path if it is the only one.
                Binding::Direct if alone => routes.add(&["POST"], None, index),
                Binding::Direct => routes.add(&["POST"], Some(&format!("/{}", function.description().name)), index),
                Binding::Resource { .. } => Ok(()),
            };
            if let Err(other) = added {
                let (a, b) = (list.get(other).map(path).unwrap_or_default(), path(function));
                return Err(ServeError::new(format!("`{a}` and `{b}` answer the same requests; change the route of one")));
            }
        }
        let index = Index::new(&list);
        Ok(Self { functions: list, index, routes, hooks, state: None, concurrent, provider: None })
    }

    /// Routes these functions, or the one that the host's environment selects.
    ///
    /// # Errors
    /// As [`Table::new`].
    pub fn for_host(functions: Functions, host: &Host, concurrent: bool) -> Result<Self, ServeError> {
        let selected = host.function(|name| functions.iter().any(|function| function.description().name == name));
        Ok(Self { provider: Some(host.provider()), ..Self::new(functions, selected, concurrent)? })
    }

    /// Runs the program's `init`, for a host that is told of a failure by the end of the process.
    ///
    /// # Errors
    /// What it failed with.
    pub async fn start(&mut self) -> Result<(), ServeError> {
        self.init().await.map_err(|failure| ServeError::new(format!("init failed: {failure}")))
    }

    /// Whether a function declares this very route, rather than every path.
    pub fn has_route(&self, method: &Method, path: &str) -> bool {
        self.routes.names(method, path)
    }

    /// Runs the program's `init`, and tells the log what the provider cannot do of what the functions ask.
    ///
    /// # Errors
    /// What it failed with.
    pub async fn init(&mut self) -> Result<(), Failure> {
        self.state = self.hooks.init().await?;
        // Only now there may be a log.
        for description in self.functions.iter().map(Function::description) {
            for why in self.provider.into_iter().flat_map(|provider| description.unsupported(provider)) {
                tracing::warn!(function = description.name, "{why}");
            }
        }
        Ok(())
    }

    /// Runs the program's `shutdown` hook.
    pub async fn shutdown(&self) {
        self.hooks.shutdown(self.state.clone()).await;
    }

    /// Whether the program has a `shutdown` hook.
    pub fn has_shutdown(&self) -> bool {
        self.hooks.has_shutdown()
    }

    /// The functions, in the order given.
    pub fn functions(&self) -> &[Function] {
        &self.functions
    }

    /// Whether a function answers such a request; the path is percent-encoded as it came.
    pub fn answers(&self, method: &Method, path: &str) -> bool {
        matches!(self.routes.find(method, path), Found::Function { .. })
    }

    /// What reads deliveries of events, if some function takes any.
    #[cfg(any(feature = "aws", feature = "container", feature = "gcp"))]
    pub(crate) fn sources(&self) -> Option<&'static Sources> {
        self.functions.iter().find_map(Function::sources)
    }

    /// Whether some function takes events that are no requests or calls.
    pub fn has_events(&self) -> bool {
        self.functions.iter().any(|function| matches!(function.description().binding, Binding::Resource { .. }))
    }

    /// Whether every function of events gives a malformed one up: then so is a delivery that holds no event to choose by.
    pub fn drops_malformed(&self) -> bool {
        let descriptions = self.functions.iter().map(Function::description);
        let mut of_events = descriptions.filter(|description| matches!(description.binding, Binding::Resource { .. })).peekable();
        of_events.peek().is_some() && of_events.all(|description| description.settings.on_malformed == Malformed::Drop)
    }

    /// Whether some function takes requests or calls.
    pub fn has_requests(&self) -> bool {
        self.functions.iter().any(|function| !matches!(function.description().binding, Binding::Resource { .. }))
    }

    /// Whether a function declares a route for this path, whatever its method.
    pub fn has_path(&self, path: &str) -> bool {
        self.routes.has(path)
    }

    /// Chooses the function of an event and calls it. The reason of every failure is logged.
    pub async fn invoke(&self, event: Event, invocation: Invocation) -> Outcome {
        match event.trigger() {
            Trigger::Http(_) => self.invoke_http(event, invocation).await,
            _ => match self.choose(&event) {
                Ok(function) => self.call(function, event, invocation).await,
                Err(unhandled) => match unhandled.failure(&event, &invocation) {
                    Some(failure) => Outcome::Retry(failure),
                    None => Outcome::Done(Reply::Empty),
                },
            },
        }
    }

    /// The function that an event is for, if there is one.
    #[cfg(feature = "local")]
    pub(crate) fn chosen(&self, event: &Event) -> Option<&Function> {
        match event.http() {
            Some(http) => match self.routes.find(&http.method, &http.path) {
                Found::Function { index, .. } => self.functions.get(index),
                Found::Method { .. } | Found::Nothing => None,
            },
            None => self.choose(event).ok(),
        }
    }

    /// A table of one of these functions alone, with the same state; `None` if none has the name.
    #[cfg(feature = "local")]
    pub(crate) fn only(&self, name: &str) -> Option<Self> {
        let function = self.functions.iter().find(|function| function.description().name == name)?;
        let table = Self::new(Functions::new(vec![function.clone()]), None, self.concurrent).ok()?;
        Some(Self { state: self.state.clone(), ..table })
    }

    async fn invoke_http(&self, mut event: Event, invocation: Invocation) -> Outcome {
        let Trigger::Http(http) = event.trigger_mut() else { return Outcome::Done(Reply::Empty) };
        let head = http.method == Method::HEAD;
        let outcome = match self.routes.find(&http.method, &http.path) {
            Found::Function { index, params } => {
                http.params = params;
                let Some(function) = self.functions.get(index) else { return Outcome::Done(Reply::Empty) };
                if function.description().binding == Binding::Direct {
                    event = event.into_call();
                }
                self.call(function, event, invocation).await
            }
            Found::Method { allow } => {
                let options = http.method == Method::OPTIONS;
                let mut response =
                    if options { status(StatusCode::NO_CONTENT) } else { problem(StatusCode::METHOD_NOT_ALLOWED, "") };
                if let Ok(allow) = HeaderValue::try_from(allow) {
                    response.headers_mut().insert(ALLOW, allow);
                }
                Outcome::Done(Reply::Http(response))
            }
            Found::Nothing => Outcome::Done(Reply::Http(problem(StatusCode::NOT_FOUND, "no function answers this path"))),
        };
        if head { without_body(outcome) } else { outcome }
    }

    /// Whether the host delivers several events at once.
    pub(super) fn is_concurrent(&self) -> bool {
        self.concurrent
    }

    /// Calls one function, whatever the event would have chosen.
    pub async fn call(&self, function: &Function, event: Event, invocation: Invocation) -> Outcome {
        let terms = Terms { off_thread: self.concurrent, reply: None };
        self.call_on(function, event, invocation, terms).await
    }

    pub(super) async fn call_on(&self, function: &Function, event: Event, invocation: Invocation, terms: Terms) -> Outcome {
        let name = function.description().name;
        let invocation = invocation.with_function(name).with_state(self.state.clone());
        let id = invocation.clone();
        #[cfg(feature = "local")]
        let seen = Seen::begin(name, std::slice::from_ref(&event));
        let outcome = function.call(event, invocation, terms).await;
        log(name, id.id(), &outcome);
        #[cfg(feature = "local")]
        seen.end(std::slice::from_ref(&outcome));
        outcome
    }

    /// Calls a function of several events at once.
    pub(super) async fn call_batch(
        &self,
        function: &Function,
        events: Vec<Event>,
        invocation: Invocation,
        terms: Terms,
    ) -> Vec<Outcome> {
        let name = function.description().name;
        let invocation = invocation.with_function(name).with_state(self.state.clone());
        let id = invocation.clone();
        #[cfg(feature = "local")]
        let seen = Seen::begin(name, &events);
        let outcomes = function.call_batch(events, invocation, terms).await;
        outcomes.iter().for_each(|outcome| log(name, id.id(), outcome));
        #[cfg(feature = "local")]
        seen.end(&outcomes);
        outcomes
    }
}

fn log(function: &str, invocation: &str, outcome: &Outcome) {
    match outcome {
        Outcome::Done(_) => {}
        Outcome::Retry(failure) => tracing::error!(function, invocation, "{failure}"),
        Outcome::Drop(failure) => tracing::error!(function, invocation, dropped = true, "{failure}"),
    }
}

impl std::fmt::Debug for Routes {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Routes")
    }
}

/// The answer to HEAD: what GET would say, without the body.
pub(crate) fn without_body(outcome: Outcome) -> Outcome {
    let Outcome::Done(Reply::Http(mut response)) = outcome else { return outcome };
    if let Some(bytes) = response.body().bytes()
        && !bytes.is_empty()
    {
        let length = HeaderValue::from(bytes.len());
        response.headers_mut().insert(CONTENT_LENGTH, length);
    }
    *response.body_mut() = Body::default();
    Outcome::Done(Reply::Http(response))
}

fn path(function: &Function) -> String {
    let description = function.description();
    if description.module.is_empty() {
        description.name.to_owned()
    } else {
        format!("{}::{}", description.module, description.name)
    }
}

pub(super) fn names(functions: &[Function]) -> String {
    if functions.is_empty() {
        return "none".to_owned();
    }
    functions.iter().map(|function| format!("`{}`", path(function))).collect::<Vec<_>>().join(", ")
}
