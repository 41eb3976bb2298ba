use std::{future::Future, io::Write, pin::Pin, process::ExitCode, sync::Arc};

use polyfn_shim::{
    Provider, ServeError,
    function::State as Erased,
    host::{Env, Host},
    manifest::embed,
};

use crate::{Error, Functions, IntoError, State, log::Log};

type Init = Box<dyn FnOnce() -> Pin<Box<dyn Future<Output = Result<Erased, Error>> + Send>> + Send>;
type Shutdown = Box<dyn FnOnce(Erased) -> Pin<Box<dyn Future<Output = ()> + Send>> + Send>;

/// What a program does around its functions: `init` and `shutdown` of `main!`.
#[doc(hidden)]
#[derive(Default)]
pub struct Program {
    pub(crate) init: Option<Init>,
    pub(crate) shutdown: Option<Shutdown>,
}

impl Program {
    /// A program that does nothing around its functions.
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets what runs before the first invocation.
    #[must_use]
    pub fn init<F, R, T, E>(mut self, init: F) -> Self
    where
        F: FnOnce() -> R + Send + 'static,
        R: Future<Output = Result<T, E>> + Send + 'static,
        T: Send + Sync + 'static,
        E: IntoError + Send + 'static,
    {
        self.init = Some(Box::new(move || {
            Box::pin(async move {
                let state: Erased = Arc::new(init().await.map_err(IntoError::into_error)?);
                Ok(state)
            })
        }));
        self
    }

    /// Sets what runs after the last invocation.
    #[must_use]
    pub fn shutdown<A, F: ShutdownHook<A>>(mut self, hook: F) -> Self {
        self.shutdown = Some(Box::new(move |state| Box::pin(hook.call(state))));
        self
    }
}

/// A program's `shutdown`: an `async fn` without parameters, or with the `State<T>` that `init` made.
#[doc(hidden)]
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be the `shutdown` of a program",
    label = "not an `async fn()` or `async fn(State<T>)`"
)]
pub trait ShutdownHook<A>: Send + 'static {
    /// Runs it.
    fn call(self, state: Erased) -> impl Future<Output = ()> + Send + 'static;
}

impl<F, R> ShutdownHook<()> for F
where
    F: FnOnce() -> R + Send + 'static,
    R: Future<Output = ()> + Send + 'static,
{
    fn call(self, _: Erased) -> impl Future<Output = ()> + Send + 'static {
        self()
    }
}

impl<F, R, T> ShutdownHook<(T,)> for F
where
    F: FnOnce(State<T>) -> R + Send + 'static,
    R: Future<Output = ()> + Send + 'static,
    T: Send + Sync + 'static,
{
    async fn call(self, state: Erased) {
        match state.downcast() {
            Ok(state) => self(State(state)).await,
            Err(_) => {
                tracing::error!("`shutdown` takes `State<{}>`, but `init` does not return that type", std::any::type_name::<T>())
            }
        }
    }
}

/// Runs a program on the host that started this process, until that host stops it; or prints its manifest, if the environment
/// asks for it.
#[doc(hidden)]
pub fn run(functions: Functions, program: Program, manifest: &'static [u8]) -> ExitCode {
    let env = |name: &str| std::env::var(name).ok();
    if env("POLYFN_MANIFEST").is_some_and(|value| !value.is_empty()) {
        return print(manifest);
    }
    match serve(functions, program, &env) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let mut text = error.to_string();
            let mut source = std::error::Error::source(&error);
            while let Some(cause) = source {
                text = format!("{text}: {cause}");
                source = cause.source();
            }
            eprintln!("error: {text}");
            ExitCode::FAILURE
        }
    }
}

fn print(manifest: &[u8]) -> ExitCode {
    let mut out = std::io::stdout().lock();
    let json = embed::json(manifest).unwrap_or_default();
    match out.write_all(json).and_then(|()| out.write_all(b"\n")) {
        Ok(()) => ExitCode::SUCCESS,
        // Whoever asked has heard enough, or nothing.
        Err(_) => ExitCode::FAILURE,
    }
}

/// The providers that this binary was built with.
#[doc(hidden)]
pub const BUILT: &[Provider] = &[
    #[cfg(feature = "aws")]
    Provider::Aws,
    #[cfg(feature = "gcp")]
    Provider::Gcp,
    #[cfg(feature = "azure")]
    Provider::Azure,
    #[cfg(feature = "container")]
    Provider::Container,
    #[cfg(feature = "local")]
    Provider::Local,
];

fn serve(functions: Functions, program: Program, env: Env<'_>) -> Result<(), ServeError> {
    #[cfg(feature = "local")]
    polyfn_shim::local::end_with_parent(env);
    let host = Host::detect(env, BUILT)?;
    let functions = functions.listed(program, Some(Log::new(host.provider(), env)));
    let runtime = runtime(host.provider()).map_err(|error| ServeError::because("the async runtime did not start", error))?;
    let served = runtime.block_on(async {
        match host.provider() {
            #[cfg(feature = "aws")]
            Provider::Aws => polyfn_shim::aws::serve(functions, &host, env).await,
            #[cfg(feature = "gcp")]
            Provider::Gcp => polyfn_shim::gcp::serve(functions, &host, env).await,
            #[cfg(feature = "azure")]
            Provider::Azure => polyfn_shim::azure::serve(functions, &host, env).await,
            #[cfg(feature = "container")]
            Provider::Container => polyfn_shim::container::serve(functions, &host, env).await,
            #[cfg(feature = "local")]
            Provider::Local => polyfn_shim::local::serve(functions, &host, env).await,
            #[cfg(not(all(feature = "aws", feature = "gcp", feature = "azure", feature = "container", feature = "local")))]
            other => {
                let _ = functions;
                Err(ServeError::new(format!("this binary was built without provider `{other}`")))
            }
        }
    });
    // A plain function that was left alone at its timeout must not keep the process.
    runtime.shutdown_background();
    served
}

/// Lambda delivers one event at a time to a small machine: one thread is what starts fastest and costs least.
fn runtime(provider: Provider) -> std::io::Result<tokio::runtime::Runtime> {
    #[cfg(any(feature = "gcp", feature = "azure", feature = "container", feature = "local"))]
    if provider != Provider::Aws {
        return tokio::runtime::Builder::new_multi_thread().enable_all().build();
    }
    let _ = provider;
    tokio::runtime::Builder::new_current_thread().enable_all().build()
}
