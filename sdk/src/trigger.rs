//! A marker for each kind of trigger, for bounds such as [`Payload<Queue>`](crate::Payload).

use polyfn_shim::{
    Failure, Outcome, Reply,
    function::problem,
    sources::{SOURCES, Sources},
};

use crate::{Error, Rejection};

/// A kind of trigger, at the type level.
pub trait Trigger: sealed::Sealed {
    /// What reads the deliveries of such events, beside those that are requests and calls.
    #[doc(hidden)]
    const SOURCES: Option<&'static Sources> = Some(&SOURCES);

    /// What a caller gets when all goes well, whatever type the function returns.
    #[doc(hidden)]
    const REPLIES: &'static str = "";

    /// What becomes of an event whose payload could not be decoded.
    #[doc(hidden)]
    fn reject(rejection: Rejection) -> Outcome {
        Self::fail(rejection.into())
    }

    /// What becomes of an event whose function failed.
    #[doc(hidden)]
    fn fail(error: Error) -> Outcome {
        let drop = error.is_drop();
        let failure = Failure::from(error);
        if drop { Outcome::Drop(failure) } else { Outcome::Retry(failure) }
    }
}

/// What becomes of an event whose payload could not be decoded, of a function that gives such events up.
pub(crate) fn give_up(rejection: Rejection) -> Outcome {
    Outcome::Drop(Error::from(rejection).into())
}

mod sealed {
    pub trait Sealed {}
}

/// An HTTP request.
#[derive(Debug)]
pub enum Http {}

impl sealed::Sealed for Http {}

impl Trigger for Http {
    const SOURCES: Option<&'static Sources> = None;

    fn reject(rejection: Rejection) -> Outcome {
        // A rejection is the caller's mistake unless it says otherwise; the caller reads it in the response.
        if rejection.status().is_server_error() {
            tracing::error!("{rejection}");
        }
        Outcome::Done(Reply::Http(rejection.into_response()))
    }

    fn fail(error: Error) -> Outcome {
        match error.http_status() {
            Some(status) => {
                if status.is_server_error() {
                    tracing::error!("{error}");
                }
                Outcome::Done(Reply::Http(problem(status, error.message())))
            }
            None if error.is_drop() => Outcome::Drop(error.into()),
            None => Outcome::Retry(error.into()),
        }
    }
}

macro_rules! markers {
    ($($(#[doc = $doc:literal])* $name:ident;)*) => {$(
        $(#[doc = $doc])*
        #[derive(Debug)]
        pub enum $name {}

        impl sealed::Sealed for $name {}

        impl Trigger for $name {}
    )*};
}

/// A call with JSON in and JSON out.
#[derive(Debug)]
pub enum Direct {}

impl sealed::Sealed for Direct {}

impl Trigger for Direct {
    const SOURCES: Option<&'static Sources> = None;
    const REPLIES: &'static str = "200 application/json";
}

markers! {
    /// A message of a queue.
    Queue;
    /// A message of a topic.
    Topic;
    /// A change of a stored object.
    Object;
    /// A tick of a clock.
    Schedule;
    /// A change of a database record.
    Change;
    /// A record of a stream.
    Stream;
    /// A custom event.
    Event;
}
