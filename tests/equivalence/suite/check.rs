use bytes::Bytes;
use polyfn_shim::{
    Trigger,
    local::{Delivered, Ended, Form},
};

use super::{Does, Entry, Program, Seen, rows};

/// What is wrong with one delivery; `None` if the form never carries the event.
pub(crate) async fn check(program: &Program, entry: &Entry, form: Form, does: &Does) -> Option<Vec<String>> {
    program.does(does);
    let mut want = Seen::from(&entry.event);
    let row = rows::of(form);
    let refused = (row.refuses)(&want);
    let delivered = match program.hosts.deliver(form, &entry.event).await {
        Ok(_) if refused => return Some(vec!["delivered, which the form cannot".to_owned()]),
        Ok(delivered) => delivered,
        Err(_) if refused => return None,
        Err(error) => return Some(vec![format!("not delivered: {error}")]),
    };
    want.provider = form.provider();
    if let (Trigger::Http(http), "hello") = (&mut want.trigger, program.taker) {
        http.params.push(("name".to_owned(), "Ada".to_owned()));
    }
    (row.arrives)(&mut want);
    let mut wrong = Vec::new();
    called(program, &delivered, does, want, row, &mut wrong);
    Some(wrong)
}

fn called(program: &Program, delivered: &Delivered, does: &Does, mut want: Seen, row: &rows::Row, wrong: &mut Vec<String>) {
    let [call] = &delivered.calls[..] else {
        let names: Vec<_> = delivered.calls.iter().map(|call| call.function).collect();
        wrong.push(format!("calls: {names:?}; the reply is {:?}", delivered.reply));
        return;
    };
    if call.function != program.taker {
        wrong.push(format!("function: {} in place of {}", call.function, program.taker));
    }
    let failure = match &call.ended {
        Ended::Done => None,
        Ended::Retry(failure) | Ended::Drop(failure) => Some(failure.to_string()),
    };
    let ended = (call.ended.as_str(), failure.as_deref());
    if ended != does.ends() {
        wrong.push(format!("ended: {ended:?} in place of {:?}", does.ends()));
    }
    let mut have = Seen::from(&call.event);
    (row.unordered)(&mut have);
    (row.unordered)(&mut want);
    wrong.extend(have.differences(&want));
    let is_raw = delivered.form == Form::Local || call.event.raw() == delivered.delivery.body();
    if !is_raw {
        wrong.push(format!("raw: {:?}", Bytes::copy_from_slice(call.event.raw())));
    }
}
