use std::sync::Arc;

use super::{Exchange, Hosts, Undeliverable, here::whole};
use crate::{
    Event, Provider,
    cloudevents::Mode,
    container::App,
    event::Kind,
    local::container::{batch, delivery, settled},
    server::Delivery,
};

/// One request to a container.
pub(super) async fn exchange(hosts: &Hosts, mode: Mode, events: &[Event]) -> Result<Exchange, Undeliverable> {
    let sent = hosts.arrived(match events {
        [event] => delivery(event, mode)?,
        _ => batch(events)?,
    });
    let here = async {
        let (parts, body) = sent.clone().into_parts();
        whole(App::new(Arc::clone(&hosts.table), 0).answer(Delivery::new(parts, body)).await).await
    };
    let reply = hosts.reply(Provider::Container, &sent, here).await;
    let answered = events.iter().any(|event| matches!(event.trigger().kind(), Kind::Http | Kind::Direct));
    let settled = settled(events.len(), &reply);
    Ok(Exchange { delivery: sent, response: answered.then(|| reply.clone()), settled, reply })
}
