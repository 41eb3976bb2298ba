use std::sync::Arc;

use super::{Exchange, Hosts, Undeliverable, here::whole};
use crate::{
    Event,
    cloudevents::Mode,
    container::App,
    event::Kind,
    local::{
        Settled,
        container::{delivery, settled},
    },
    server::Delivery,
};

/// One request to a container.
pub(super) async fn exchange(hosts: &Hosts, mode: Mode, event: &Event) -> Result<Exchange, Undeliverable> {
    let sent = hosts.arrived(delivery(event, mode)?);
    let (parts, body) = sent.clone().into_parts();
    let app = App::new(Arc::clone(&hosts.table), 0);
    let reply = hosts.replied(whole(app.answer(Delivery::new(parts, body)).await).await);
    let settled = settled(1, &reply).pop().unwrap_or(Settled::Again);
    let answered = matches!(event.trigger().kind(), Kind::Http | Kind::Direct);
    Ok(Exchange { delivery: sent, response: answered.then(|| reply.clone()), settled, reply })
}
