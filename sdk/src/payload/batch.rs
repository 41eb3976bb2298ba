use std::{
    ops::Deref,
    sync::{Arc, Mutex, PoisonError},
    vec::IntoIter,
};

use polyfn_shim::{Event, Outcome, Reply, function::Malformed};

use crate::{
    Context, Error, IntoError, IntoReply, Payload, Rejection,
    about::About,
    trigger::{self, Trigger},
};

/// All events of one delivery that are the function's own, in their order: for work that is cheaper together.
///
/// `T` is what the function would take of one event. An event that is no `T` has failed on its own, or is given up with `on_malformed = "drop"`, and is not in the batch. The
/// function returns `Result<(), _>` for the whole batch, or a `Vec<Result<(), Error>>` with a result for each.
///
/// ```
/// use polyfn::{Batch, Error, Json, function};
///
/// #[derive(serde::Deserialize)]
/// struct Click {
///     page: String,
/// }
///
/// #[function(queue = "clicks")]
/// async fn count(clicks: Batch<Json<Click>>) -> Vec<Result<(), Error>> {
///     let one = |click: &Json<Click>| if click.0.page.is_empty() { Err(Error::drop("no page")) } else { Ok(()) };
///     clicks.iter().map(one).collect()
/// }
///
/// let clicks = Batch::new(vec![Json(Click { page: "/".into() })]); // in a unit test
/// assert_eq!(clicks.len(), 1);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Batch<T>(Vec<T>);

impl<T> Batch<T> {
    /// These items, to call a function with in a unit test.
    pub fn new(items: Vec<T>) -> Self {
        Self(items)
    }
}

impl<T> Deref for Batch<T> {
    type Target = [T];

    fn deref(&self) -> &[T] {
        &self.0
    }
}

impl<T> IntoIterator for Batch<T> {
    type Item = T;
    type IntoIter = IntoIter<T>;

    fn into_iter(self) -> IntoIter<T> {
        self.0.into_iter()
    }
}

macro_rules! batches {
    ($($kind:ident),*) => {$(
        impl<T: Payload<trigger::$kind>> Payload<trigger::$kind> for Batch<T> {
            const BATCH: bool = true;
            const NATIVE: &'static str = T::NATIVE;

            fn decode(event: &mut Event, cx: &Context) -> Result<Self, Rejection> {
                decode::<trigger::$kind, T>(event, cx)
            }

            fn describe(about: &mut About) {
                T::describe(about);
                about.batch();
            }
        }

        impl<E: IntoError> IntoReply<trigger::$kind> for Vec<Result<(), E>> {
            fn into_reply(self) -> Result<Reply, Error> {
                let outcome = |result: Result<(), E>| match result {
                    Ok(()) => Outcome::Done(Reply::Empty),
                    Err(error) => <trigger::$kind as Trigger>::fail(error.into_error()),
                };
                Ok(Reply::Each(self.into_iter().map(outcome).collect()))
            }
        }
    )*};
}

batches!(Queue, Topic, Stream, Change);

fn decode<K: Trigger, T: Payload<K>>(event: &mut Event, cx: &Context) -> Result<Batch<T>, Rejection> {
    let Some(carried) = cx.batch() else { return T::decode(event, cx).map(|item| Batch(vec![item])) };
    let mut items = Vec::new();
    let mut last = None;
    for (index, mut event) in carried.take().into_iter().enumerate() {
        match T::decode(&mut event, cx) {
            Ok(item) => items.push(item),
            Err(rejection) => {
                last = Some(rejection.clone());
                let refused = match carried.malformed {
                    Malformed::Retry => K::reject(rejection),
                    Malformed::Drop => trigger::give_up(rejection),
                };
                carried.refuse(index, refused);
            }
        }
    }
    // With nothing left of it the function is not called.
    match last {
        Some(rejection) if items.is_empty() => Err(rejection),
        _ => Ok(Batch(items)),
    }
}

/// The events of a batch on their way to the function, and the outcomes of those that it never sees.
#[derive(Clone, Debug)]
pub(crate) struct Carried {
    inner: Arc<Mutex<Inner>>,
    malformed: Malformed,
}

#[derive(Debug)]
struct Inner {
    events: Vec<Event>,
    outcomes: Vec<Option<Outcome>>,
}

impl Carried {
    /// `malformed` says what becomes of those that do not fit the function.
    pub(crate) fn new(events: Vec<Event>, malformed: Malformed) -> Self {
        let outcomes = events.iter().map(|_| None).collect();
        Self { inner: Arc::new(Mutex::new(Inner { events, outcomes })), malformed }
    }

    fn with<R>(&self, then: impl FnOnce(&mut Inner) -> R) -> R {
        then(&mut self.inner.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn take(&self) -> Vec<Event> {
        self.with(|inner| std::mem::take(&mut inner.events))
    }

    fn refuse(&self, index: usize, outcome: Outcome) {
        self.with(|inner| {
            if let Some(place) = inner.outcomes.get_mut(index) {
                *place = Some(outcome);
            }
        });
    }

    /// The outcome of each event, from the outcome of the call.
    pub(crate) fn settle(&self, outcome: Outcome) -> Vec<Outcome> {
        let refused = self.with(|inner| std::mem::take(&mut inner.outcomes));
        let accepted = refused.iter().filter(|outcome| outcome.is_none()).count();
        let mut each: Box<dyn Iterator<Item = Outcome>> = match outcome {
            Outcome::Done(Reply::Each(outcomes)) if outcomes.len() == accepted => Box::new(outcomes.into_iter()),
            Outcome::Done(Reply::Each(outcomes)) => {
                let message = format!("the function returned {} results for {accepted} events", outcomes.len());
                Box::new(std::iter::repeat_with(move || trigger::Queue::fail(Error::msg(message.as_str()))))
            }
            Outcome::Done(_) => Box::new(std::iter::repeat_with(|| Outcome::Done(Reply::Empty))),
            Outcome::Retry(failure) => Box::new(std::iter::repeat_with(move || Outcome::Retry(failure.clone()))),
            Outcome::Drop(failure) => Box::new(std::iter::repeat_with(move || Outcome::Drop(failure.clone()))),
        };
        let none = || trigger::Queue::fail(Error::msg("the function gave no result for this event"));
        refused.into_iter().map(|refused| refused.or_else(|| each.next()).unwrap_or_else(none)).collect()
    }
}
