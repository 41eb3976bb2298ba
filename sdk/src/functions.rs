use std::{any::Any, fmt, future::Future, pin::Pin, sync::Arc};

use polyfn_shim::{
    Failure,
    function::{Description, Function, Functions as Listed, Hooks, State},
};

use crate::{Error, about::Need, log::Log, program::Program};

/// The functions of a program, as [`functions!`](crate::functions) lists them.
///
/// ```
/// use polyfn::{function, functions};
///
/// /// Adds two numbers.
/// #[function]
/// fn add((a, b): (i64, i64)) -> i64 {
///     a + b
/// }
///
/// let functions = functions![add];
/// let add = functions.iter().next().unwrap();
/// assert_eq!((add.name, add.doc), ("add", "Adds two numbers."));
/// ```
pub struct Functions {
    list: Vec<Registered>,
    prepare: Option<Prepare>,
    state: Option<State>,
}

/// What the functions themselves need done before the program's `init`.
type Prepare = Box<dyn FnOnce() -> Pin<Box<dyn Future<Output = Result<(), Error>> + Send>> + Send>;

/// A function with its code erased, and the types it needs the program's `init` to return.
#[doc(hidden)]
#[derive(Clone)]
pub struct Registered {
    pub(crate) function: Function,
    pub(crate) needs: Vec<Need>,
    /// Why the function can never be called.
    pub(crate) mistake: Option<String>,
}

impl Functions {
    pub(crate) fn new(list: Vec<Registered>) -> Self {
        Self { list, prepare: None, state: None }
    }

    /// The same functions with this as their [`State`](crate::State), where no `init` makes it: in tests, and as a service.
    #[must_use]
    pub fn with_state<T: Send + Sync + 'static>(mut self, state: T) -> Self {
        self.state = Some(Arc::new(state));
        self
    }

    /// The same functions, which need this done before the program's `init`.
    pub(crate) fn preparing<F, R>(mut self, prepare: F) -> Self
    where
        F: FnOnce() -> R + Send + 'static,
        R: Future<Output = Result<(), Error>> + Send + 'static,
    {
        self.prepare = Some(Box::new(move || Box::pin(prepare())));
        self
    }

    /// What each function says of itself, in the order given.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = &Description> {
        self.list.iter().map(|registered| registered.function.description())
    }

    /// The functions as the hosts take them, with the program's hooks around them.
    pub(crate) fn listed(self, program: Program, log: Option<Log>) -> Listed {
        let needs: Vec<_> =
            self.list.iter().flat_map(|f| f.needs.iter().map(|need| (f.function.description().name, *need))).collect();
        let mistake = self.list.iter().find_map(|f| Some((f.function.description().name, f.mistake.clone()?)));
        let Program { init, shutdown } = program;
        let (prepare, state) = (self.prepare, self.state);
        let hooks = Hooks::default().with_init(move || async move {
            if let Some((function, mistake)) = mistake {
                return Err(Failure::new("BadRoute", format!("`{function}` can never be called: {mistake}")));
            }
            if let Some(prepare) = prepare {
                prepare().await?;
            }
            let state: Result<State, Error> = match init {
                Some(init) => init().await,
                None => Ok(state.unwrap_or_else(|| Arc::new(()))),
            };
            // After `init`, which may install a subscriber of its own.
            if let Some(log) = log {
                log.install();
            }
            let state = state?;
            check(&needs, &*state)?;
            Ok(state)
        });
        let hooks = match shutdown {
            Some(shutdown) => hooks.with_shutdown(move |state| shutdown(state.unwrap_or_else(|| Arc::new(())))),
            None => hooks,
        };
        Listed::new(self.list.into_iter().map(|registered| registered.function).collect()).with_hooks(hooks)
    }
}

/// A function that takes a state which `init` does not return would fail at its first event; the program fails at once.
fn check(needs: &[(&'static str, Need)], state: &(dyn Any + Send + Sync)) -> Result<(), Failure> {
    match needs.iter().find(|(_, need)| need.id != state.type_id()) {
        None => Ok(()),
        Some((function, need)) => {
            let message = format!("`{function}` takes `State<{}>`, but `init` does not return that type", need.name);
            Err(Failure::new("NoState", message))
        }
    }
}

impl fmt::Debug for Functions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.iter().map(|description| description.name)).finish()
    }
}
