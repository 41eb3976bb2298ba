use std::{ops::Deref, sync::Arc};

use http::StatusCode;
use polyfn_shim::Event;

use crate::{Context, FromContext, Rejection, about::About};

/// What the program's `init` returned, shared by every invocation.
///
/// ```
/// use polyfn::State;
///
/// struct Db(u8);
///
/// async fn count(db: State<Db>) -> u8 {
///     db.0.0
/// }
///
/// let db = State::new(Db(3)); // in a unit test
/// assert_eq!(db.0.0, 3);
/// ```
#[derive(Debug)]
pub struct State<T>(pub Arc<T>);

impl<T> State<T> {
    /// A state to call a function with in a unit test.
    pub fn new(state: T) -> Self {
        Self(Arc::new(state))
    }
}

impl<T> Clone for State<T> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<T> Deref for State<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}

impl<T: Send + Sync + 'static> FromContext for State<T> {
    fn from_context(_: &Event, cx: &Context) -> Result<Self, Rejection> {
        let state = cx.invocation().state().cloned().and_then(|state| state.downcast().ok());
        // Start-up has checked this; only a function called past `main!` comes here without.
        let missing = || Rejection::missing(format!("no state of type `{}`", std::any::type_name::<T>()));
        state.map(Self).ok_or_else(|| missing().with_status(StatusCode::INTERNAL_SERVER_ERROR))
    }

    fn describe(about: &mut About) {
        about.needs::<T>();
    }
}
