use polyfn_shim::Reply;
use serde::Serialize;

use super::IntoReply;
use crate::{
    Error, Json,
    trigger::{Change, Direct, Event, Object, Queue, Schedule, Stream, Topic},
};

/// JSON out, without a wrapper.
impl<T: Serialize> IntoReply<Direct> for T {
    const REPLIES: &'static str = "200 application/json";

    fn into_reply(self) -> Result<Reply, Error> {
        Ok(Reply::Direct(serde_json::to_vec(&self)?.into()))
    }
}

impl<T: Serialize> IntoReply<Direct> for Json<T> {
    const REPLIES: &'static str = "200 application/json";

    fn into_reply(self) -> Result<Reply, Error> {
        <T as IntoReply<Direct>>::into_reply(self.0)
    }
}

/// Nobody waits for a value: handled is all there is to say.
macro_rules! done {
    ($($kind:ty),*) => {$(
        impl IntoReply<$kind> for () {
            fn into_reply(self) -> Result<Reply, Error> {
                Ok(Reply::Empty)
            }
        }
    )*};
}

done!(Queue, Topic, Object, Schedule, Change, Stream, Event);
