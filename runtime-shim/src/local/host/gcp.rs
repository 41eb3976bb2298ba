use std::{borrow::Cow, sync::Arc};

use super::{Exchange, Hosts, Undeliverable, here::whole};
use crate::{
    Event, Provider, Trigger,
    event::{Kind, Topic},
    gcp::App,
    local::gcp::{Form, delivery, settled},
    server::Delivery,
};

/// One request of Google's front ends.
pub(super) async fn exchange(hosts: &Hosts, form: Form, events: &[Event]) -> Result<Exchange, Undeliverable> {
    let [event] = events else { return Err(Undeliverable::new("Google delivers events one by one")) };
    let sent = hosts.arrived(delivery(form, &published(event))?);
    let here = async {
        let app = App::new(Arc::clone(&hosts.table), Some(hosts.timeout));
        let (parts, body) = sent.clone().into_parts();
        whole(app.answer(Delivery::new(parts, body)).await).await
    };
    let reply = hosts.reply(Provider::Gcp, &sent, here).await;
    let answered = matches!(event.trigger().kind(), Kind::Http | Kind::Direct);
    let settled = settled(form, 1, &reply);
    Ok(Exchange { delivery: sent, response: answered.then(|| reply.clone()), settled, reply })
}

/// A record of a stream is a message whose ordering key is the record's key.
fn published(event: &Event) -> Cow<'_, Event> {
    let Trigger::Stream(stream) = event.trigger().clone() else { return Cow::Borrowed(event) };
    let mut event = event.clone();
    event.set_trigger(Trigger::Topic(Topic { name: stream.name, subject: None, ordering_key: stream.partition_key }));
    Cow::Owned(event)
}
