//! What generated code names. Nothing else does, and it may change in any release.

use std::{
    convert::Infallible,
    future::{Future, Ready as Now, ready},
    marker::PhantomData,
    sync::Arc,
};

use polyfn_shim::{
    Invocation,
    function::{Call, Function, impossible, off_thread},
};
pub use polyfn_shim::{
    Outcome, Provider,
    event::{Action, Kind},
    function::{Ask, Binding, Description, Filter, Malformed, Sample, Settings},
    manifest::embed::{Program as Manifest, Said, length, page},
};

pub use crate::{
    Context, Event, FromContext, IntoError, IntoReply, Payload,
    about::About,
    functions::Registered,
    program::{BUILT, Program, run},
    service::{SERVICE, service},
    trigger,
};
use crate::{
    Functions, Rejection,
    about::{Gathered, Need},
    payload::Carried,
    trigger::{Http, Trigger},
};

/// What `#[function]` implements for the struct that it puts beside the function.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a function of polyfn",
    label = "not annotated",
    note = "put `#[polyfn::function]` on it"
)]
pub trait Register {
    /// What it says of itself in the program's manifest.
    const SAID: Said<'static>;

    /// The function with its code erased.
    fn register() -> Registered;
}

/// Registers an `async fn`; `describe` asks each of its parameters.
pub fn asynchronous<K, F, R>(description: Description, describe: fn(&mut About), call: F) -> Registered
where
    K: Trigger,
    F: Fn(Event, Context) -> R + Send + Sync + 'static,
    R: Future<Output = Outcome> + Send + 'static,
{
    let malformed = description.settings.on_malformed;
    let Described { description, needs, mistake, batch } = described(description, describe);
    let call = if batch {
        Call::batch(move |events, invocation| {
            let carried = carry(events, invocation, malformed);
            let pending = carried.as_ref().map(|(event, cx, _)| call(event.clone(), cx.clone()));
            async move {
                match (pending, carried) {
                    (Some(pending), Some((_, _, carried))) => carried.settle(pending.await),
                    _ => Vec::new(),
                }
            }
        })
    } else {
        Call::new(move |event, invocation| {
            let cx = context(&event, invocation);
            call(event, cx)
        })
    };
    Registered { function: Function::of(description, call, K::SOURCES), needs, mistake }
}

/// Registers a plain `fn`; `describe` asks each of its parameters.
pub fn blocking<K, F>(description: Description, describe: fn(&mut About), call: F) -> Registered
where
    K: Trigger,
    F: Fn(Event, Context) -> Outcome + Send + Sync + 'static,
{
    let malformed = description.settings.on_malformed;
    let Described { description, needs, mistake, batch } = described(description, describe);
    let call = if batch {
        let call = Arc::new(call);
        Call::batch(move |events, invocation| {
            let (call, carried) = (Arc::clone(&call), carry(events, invocation, malformed));
            async move {
                let Some((event, cx, carried)) = carried else { return Vec::new() };
                carried.settle(off_thread(move || call(event, cx)).await.unwrap_or_else(Outcome::Retry))
            }
        })
    } else {
        Call::blocking(move |event, invocation| {
            let cx = context(&event, invocation);
            call(event, cx)
        })
    };
    Registered { function: Function::of(description, call, K::SOURCES), needs, mistake }
}

/// The first event of a batch, and a context that carries all of them.
fn carry(events: Vec<Event>, invocation: Invocation, malformed: Malformed) -> Option<(Event, Context, Carried)> {
    let first = events.first()?.clone();
    let carried = Carried::new(events, malformed);
    let cx = context(&first, invocation).with_batch(carried.clone());
    Some((first, cx, carried))
}

struct Described {
    description: Description,
    needs: Vec<Need>,
    mistake: Option<String>,
    batch: bool,
}

fn described(mut description: Description, describe: fn(&mut About)) -> Described {
    let mut about = About::default();
    describe(&mut about);
    let batch = about.is_batch();
    let Gathered { needs, sample, mistake } = about.finish(&description.binding);
    description.sample = sample;
    Described { description, needs, mistake, batch }
}

fn context(event: &Event, invocation: Invocation) -> Context {
    Context::new(invocation, event.attempt())
}

/// The list that `functions!` makes.
pub fn functions<const N: usize>(list: [Registered; N]) -> Functions {
    Functions::new(list.into())
}

/// What becomes of an event that does not fit the function.
pub fn reject<K: Trigger>(rejection: Rejection) -> Outcome {
    K::reject(rejection)
}

/// What becomes of an event whose payload does not fit a function that says `on_malformed = "drop"`.
pub fn give_up(rejection: Rejection) -> Outcome {
    trigger::give_up(rejection)
}

/// What becomes of an event that the function has seen.
pub fn reply<K: Trigger, T: IntoReply<K>, E: IntoError>(returned: Result<T, E>) -> Outcome {
    match returned.map_err(IntoError::into_error).and_then(IntoReply::into_reply) {
        Ok(reply) => Outcome::Done(reply),
        Err(error) => K::fail(error),
    }
}

/// What a function returned: a `Result` by any name, or a plain value. The type decides, not its spelling.
pub struct Returned<T>(pub T);

impl<T, E> Returned<Result<T, E>> {
    /// The result itself.
    pub fn split(self) -> Result<T, E> {
        self.0
    }
}

/// The way of a value that is no `Result`; a method of the type itself comes before a trait's.
pub trait Plain<T> {
    /// The value as a result that cannot fail.
    fn split(self) -> Result<T, Infallible>;
}

impl<T> Plain<T> for Returned<T> {
    fn split(self) -> Result<T, Infallible> {
        Ok(self.0)
    }
}

/// What a program's `init` returned: a future by any name, or a value.
pub struct Started<T>(pub T);

impl<F: Future> Started<F> {
    /// The future itself.
    pub fn settle(self) -> F {
        self.0
    }
}

/// The way of a value that is no future.
pub trait Ready<T> {
    /// The value as a future that is ready.
    fn settle(self) -> Now<T>;
}

impl<T> Ready<T> for Started<T> {
    fn settle(self) -> Now<T> {
        ready(self.0)
    }
}

/// Asks what a caller of a function that returns `T` gets, in words. A constant of the type itself comes before a trait's.
pub struct Probe<K, T>(PhantomData<(K, T)>);

impl<T: IntoReply<Http>> Probe<Http, T> {
    /// What the reply is when all goes well.
    pub const REPLIES: &'static str = T::REPLIES;
}

impl<T: IntoReply<Http>, E> Probe<Http, Result<T, E>> {
    /// What the reply is when all goes well.
    pub const REPLIES: &'static str = T::REPLIES;
}

/// The way of every other trigger, and of a type that is no reply at all: the error for that is told elsewhere, once.
pub trait ProbeElse {
    /// What the reply is.
    const REPLIES: &'static str;
}

impl<K: Trigger, T> ProbeElse for Probe<K, T> {
    const REPLIES: &'static str = K::REPLIES;
}

/// What Cargo says of the package, if it is Cargo that builds it.
pub const fn or_nothing(said: Option<&'static str>) -> &'static str {
    match said {
        Some(said) => said,
        None => "",
    }
}

/// Refuses, at compile time, a parameter that takes the body before the last.
pub const fn only_the_last_takes_the_body(takes_it: bool) {
    assert!(!takes_it, "this parameter takes the body of the request: only the last parameter of a function may");
}

/// Refuses, at compile time, what the only provider of this build cannot do.
#[expect(clippy::panic, reason = "at compile time it is the message")]
pub const fn the_only_provider_must_be_able(kind: Kind, resource: &str, ask: Ask<'_>) {
    if let [provider] = BUILT
        && let Some(why) = impossible(*provider, kind, resource, ask)
    {
        panic!("{}", why);
    }
}

/// Says that the function's future is `Send`, as hosts that deliver several events at once need it.
pub fn the_future_of_a_function_must_be_send<F: Future + Send>(future: F) -> F {
    future
}

/// Stands in for a function whose attribute has a mistake.
pub fn stub() -> Registered {
    unreachable!("the program does not compile")
}
