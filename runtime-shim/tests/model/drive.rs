//! The loop between a source and a host.

use std::sync::Arc;

use crate::{
    function::Run,
    host::Host,
    ledger::Note::Sent,
    plan::Mishap,
    source::{Answer, Delivery, Source},
};

/// More deliveries than any plan needs.
const MOST: usize = 400;

/// What becomes of an answer on its way back to the source.
pub(crate) type Way = fn(&Delivery, Answer) -> Answer;

/// Delivers until nothing is left, and says whether all that happened may happen.
pub(crate) async fn drive(run: &Arc<Run>, source: &mut dyn Source, host: &mut impl Host, way: Way) -> Result<(), String> {
    for number in 0..MOST {
        let wave = source.wave();
        if wave.is_empty() {
            return run.ledger.verdict(&run.plan, source.promise());
        }
        for item in wave.iter().flat_map(|delivery| &delivery.items) {
            run.ledger.note(*item, Sent);
        }
        let mishap = run.plan.mishaps.get(number).copied().unwrap_or(Mishap::Nothing);
        let answers = host.deliver(&wave, mishap).await;
        for (delivery, answer) in wave.iter().zip(answers) {
            let answer = answer.filter(|_| mishap != Mishap::Unheard).map(|answer| way(delivery, answer));
            source.settle(delivery, answer.as_ref());
        }
    }
    Err("it does not come to an end".to_owned())
}
