use bytes::Bytes;
use http::{Request, Response};
use polyfn_shim::{Event, Provider, local::Delivered};
use serde::Serialize;

use super::{
    App, Sending,
    agreement::disagreement,
    app::{call_event, request_event},
    sample,
};
use crate::program::BUILT;

/// Functions under the host of every provider, which must agree on what the functions saw and what came of it.
///
/// Made by [`App::everywhere`]. A disagreement fails the test and shows what differs.
#[derive(Clone, Debug)]
pub struct Everywhere(App);

impl Everywhere {
    pub(super) fn new(app: App) -> Self {
        Self(app)
    }

    /// Sends a request to each; the response is the one that all have given.
    ///
    /// # Panics
    /// If two providers disagree, and as [`App::http`].
    pub fn http<B: Into<Bytes>>(&self, request: Request<B>) -> Sending<'_, Response<Bytes>> {
        let event = request_event(request);
        Sending::new(async move { self.agreed(event).await.response.unwrap_or_default() })
    }

    /// Calls the one function of direct calls at each; the answer is the one that all have given.
    ///
    /// # Panics
    /// If two providers disagree, and as [`App::call`].
    pub fn call<T: Serialize + ?Sized>(&self, input: &T) -> Sending<'_, Response<Bytes>> {
        let event = call_event(input);
        Sending::new(async move { self.agreed(event).await.response.unwrap_or_default() })
    }

    /// Sends a message of a queue whose body is this item as JSON to each.
    ///
    /// # Panics
    /// If two providers disagree, and as [`App::queue`].
    pub fn queue<T: Serialize + ?Sized>(&self, name: &str, item: &T) -> Sending<'_, Delivered> {
        self.send(sample::Message::queue(name).json(item))
    }

    /// Sends an event that a [`sample`] made to each; what is given back is what came of it on this machine.
    ///
    /// # Panics
    /// If two providers disagree, and as [`App::send`].
    pub fn send(&self, event: impl Into<Event>) -> Sending<'_, Delivered> {
        let event = event.into();
        Sending::new(async move { self.agreed(event).await })
    }

    #[expect(clippy::panic, reason = "providers that disagree fail the test")]
    async fn agreed(&self, event: Event) -> Delivered {
        let here = self.0.on(Provider::Local).deliver(event.clone()).await;
        for provider in BUILT.iter().filter(|provider| **provider != Provider::Local) {
            let there = self.0.on(*provider).deliver(event.clone()).await;
            if let Some(difference) = disagreement(&here, &there) {
                let reply = String::from_utf8_lossy(there.reply.body());
                panic!(
                    "{} and {} disagree:\n{difference}  the native reply was {} {reply}",
                    here.form,
                    there.form,
                    there.reply.status()
                );
            }
        }
        here
    }
}
