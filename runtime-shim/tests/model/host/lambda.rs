use std::{sync::Arc, time::Duration};

use bytes::Bytes;
use polyfn_shim::{
    Invocation, Provider,
    aws::{self, Receipt},
    event::Time,
    function::{Order, Table},
};
use tokio::{task::JoinSet, time::sleep};

use super::Host;
use crate::{
    function::Run,
    plan::Mishap,
    source::{Answer, Delivery},
};

/// How long Lambda lets an invocation run.
const TIME: Duration = Duration::from_secs(10);

/// An execution environment for each delivery that is out: decode, the table, encode, as the loop over the Runtime API has
/// them, with no socket. The local shim's own Lambda would have them in one piece, and the model takes one out to see that it tells.
pub(crate) struct Lambda {
    run: Arc<Run>,
    table: Arc<Table>,
    /// Whether the order of groups is forgotten, to see that the model tells.
    pub(crate) forgets_order: bool,
}

impl Lambda {
    pub(crate) fn new(run: &Arc<Run>) -> Self {
        Self { run: Arc::clone(run), table: run.table(), forgets_order: false }
    }
}

impl Host for Lambda {
    async fn deliver(&mut self, wave: &[Delivery], mishap: Mishap) -> Vec<Option<Answer>> {
        let until = match mishap {
            Mishap::Killed { after } => Some(self.run.ledger.len() + after),
            // Lambda stops an environment between invocations only.
            Mishap::Nothing | Mishap::Unheard | Mishap::Stopped { .. } => None,
        };
        let mut running = JoinSet::new();
        for (place, delivery) in wave.iter().enumerate() {
            let (table, run, bytes) = (Arc::clone(&self.table), Arc::clone(&self.run), Bytes::from(delivery.bytes.clone()));
            let forgets_order = self.forgets_order;
            running.spawn(async move {
                let answer = tokio::select! {
                    // What is dropped here is an environment that is gone.
                    answer = invoke(&table, &bytes, forgets_order) => Some(answer),
                    () = sleep(TIME) => None,
                    () = run.ledger.reaches(until.unwrap_or(usize::MAX)) => None,
                };
                (place, answer)
            });
        }
        let mut answers: Vec<_> = wave.iter().map(|_| None).collect();
        while let Some(done) = running.join_next().await {
            let (place, answer) = done.unwrap();
            answers[place] = answer;
        }
        answers
    }
}

async fn invoke(table: &Arc<Table>, bytes: &Bytes, forgets_order: bool) -> Answer {
    let decoded = aws::decode(bytes, &aws::Frame::default()).unwrap();
    let shape = decoded.shape();
    let (events, receipts) = decoded.into_parts();
    let groups: Vec<_> = receipts.iter().map(Receipt::group).collect();
    let order = if forgets_order { Order::None } else { shape.order(&groups) };
    let invocation = Invocation::new(Provider::Aws, "1").with_deadline(Time::now().after(TIME));
    let outcomes = table.invoke_all(events, invocation, order).await;
    match aws::encode::events(shape, &receipts, &outcomes) {
        Ok(reply) => Answer { status: 200, body: reply.into() },
        Err(failure) => Answer { status: 500, body: aws::encode::error(failure.name(), failure.message()).into() },
    }
}
