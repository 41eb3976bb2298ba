//! A clock of our own, where no scheduler delivers ticks: each schedule function runs by its cron expression.
//!
//! A [`Clock`] goes through the functions of a table and calls each schedule function when it is due. It knows no provider:
//! who serves the functions says in whose name the ticks come.

mod cron;
mod field;
mod tick;
mod ticking;
mod timetable;

use std::{fmt, future::Future, pin::Pin, sync::Arc};

use tokio::task::JoinHandle;

pub use self::cron::Cron;
use self::{ticking::Ticking, timetable::Timetable};
use crate::{Event, Provider, ServeError, event::Time, function::Function, host::Env, server::Stop};

/// What makes the ticks of schedule functions: the machine's own time, or nothing where something else sends them.
///
/// - A tick has the id `NAME/TIME`, the same whenever it comes.
/// - A tick that comes while the one before it still runs is skipped, with a warning.
/// - A failed tick is tried again as often as the function's `retries` say, after pauses of a second, two, four and so on up to
///   a minute.
/// - Each process ticks by itself: of several replicas every one does.
///
/// ```
/// use polyfn_shim::clock::Clock;
///
/// let env = |value: &'static str| move |name: &str| (name == "POLYFN_CLOCK").then(|| value.to_owned());
/// assert!(Clock::from_env(&env("")).unwrap().is_on());
/// assert!(!Clock::from_env(&env("off")).unwrap().is_on());
/// assert!(Clock::from_env(&env("no")).unwrap_err().to_string().starts_with("POLYFN_CLOCK: "));
/// ```
#[derive(Clone)]
pub struct Clock(Option<Arc<dyn Fn() -> Time + Send + Sync>>);

impl Clock {
    /// Ticks by this time, such as a test's own.
    pub fn by(now: impl Fn() -> Time + Send + Sync + 'static) -> Self {
        Self(Some(Arc::new(now)))
    }

    /// Never ticks: something else sends the ticks.
    pub fn off() -> Self {
        Self(None)
    }

    /// On, unless `POLYFN_CLOCK` is `off`.
    ///
    /// # Errors
    /// Another value than `on` and `off`.
    pub fn from_env(env: Env<'_>) -> Result<Self, ServeError> {
        match env("POLYFN_CLOCK").as_deref() {
            None | Some("" | "on") => Ok(Self::default()),
            Some("off") => Ok(Self::off()),
            Some(_) => Err(ServeError::new("POLYFN_CLOCK: neither `on` nor `off`")),
        }
    }

    /// Whether it ticks.
    pub fn is_on(&self) -> bool {
        self.0.is_some()
    }

    fn now(&self) -> Time {
        self.0.as_ref().map_or_else(Time::now, |now| now())
    }

    /// Runs the schedule functions among these until `stop`, beside a server that stops by the first of what it gives back. The
    /// second is what to wait for at the end; there is nothing if no function has a schedule.
    ///
    /// # Errors
    /// A schedule that is no cron expression; the message names its function.
    pub(crate) fn start(
        self,
        functions: &[Function],
        provider: Provider,
        stop: Stop,
        call: CallTick,
    ) -> Result<(Stop, Option<JoinHandle<()>>), ServeError> {
        if !self.is_on() {
            return Ok((stop, None));
        }
        let Some(timetable) = Timetable::new(functions, self.now())? else { return Ok((stop, None)) };
        let (server, own) = stop.shared();
        let ticking = Ticking { clock: self, timetable, functions: functions.to_vec(), provider, call };
        Ok((server, Some(tokio::spawn(ticking.run(own)))))
    }
}

/// Calls a function with its tick, and tells whether that is to be tried again.
pub(crate) type CallTick = Arc<dyn Fn(Function, Event) -> Pin<Box<dyn Future<Output = bool> + Send>> + Send + Sync>;

impl Default for Clock {
    /// The machine's own time.
    fn default() -> Self {
        Self::by(Time::now)
    }
}

impl fmt::Debug for Clock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.is_on() { "Clock(on)" } else { "Clock(off)" })
    }
}
