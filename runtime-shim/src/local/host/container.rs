use std::sync::Arc;

use super::{Exchange, Hosts, Undeliverable, here::whole};
use crate::{
    Event, Provider,
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
    let here = async {
        let (parts, body) = sent.clone().into_parts();
        whole(App::new(Arc::clone(&hosts.table), 0).answer(Delivery::new(parts, body)).await).await
    };
    let reply = hosts.reply(Provider::Container, &sent, here).await;
    let answered = matches!(event.trigger().kind(), Kind::Http | Kind::Direct);
    let settled = settled(1, &reply).pop().unwrap_or(Settled::Again);
    Ok(Exchange { delivery: sent, response: answered.then(|| reply.clone()), settled, reply })
}
