use polyfn_shim::{Event, Trigger, event::Time};

use crate::{Context, Payload, Rejection, trigger};

/// A tick of a schedule.
///
/// ```
/// use polyfn::{Error, Tick, function};
///
/// #[function(schedule = "0 5 * * *")]
/// async fn nightly(tick: Tick) -> Result<(), Error> {
///     println!("due at {:?}", tick.scheduled_for);
///     Ok(())
/// }
///
/// assert_eq!(Tick::default().scheduled_for, None); // in a unit test
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Tick {
    /// The schedule's name, if the provider says.
    pub name: Option<String>,
    /// The time it was due, if the provider says.
    pub scheduled_for: Option<Time>,
}

impl Payload<trigger::Schedule> for Tick {
    fn decode(event: &mut Event, _: &Context) -> Result<Self, Rejection> {
        match event.trigger().clone() {
            Trigger::Schedule(schedule) => Ok(Self { name: schedule.name, scheduled_for: schedule.scheduled_for }),
            _ => Err(Rejection::new("not a tick")),
        }
    }
}
