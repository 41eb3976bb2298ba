use polyfn_shim::Event;

use crate::{Context, Payload, Rejection, about::About, trigger::Http};

/// `None` if it is not there at all; what is there must still be right.
impl<T: Payload<Http>> Payload<Http> for Option<T> {
    const BODY: bool = T::BODY;

    fn decode(event: &mut Event, cx: &Context) -> Result<Self, Rejection> {
        match T::decode(event, cx) {
            Ok(value) => Ok(Some(value)),
            Err(rejection) if rejection.is_missing() => Ok(None),
            Err(rejection) => Err(rejection),
        }
    }

    fn describe(about: &mut About) {
        T::describe(about);
    }
}

/// The rejection is the function's to answer.
impl<T: Payload<Http>> Payload<Http> for Result<T, Rejection> {
    const BODY: bool = T::BODY;

    fn decode(event: &mut Event, cx: &Context) -> Result<Self, Rejection> {
        Ok(T::decode(event, cx))
    }

    fn describe(about: &mut About) {
        T::describe(about);
    }
}
