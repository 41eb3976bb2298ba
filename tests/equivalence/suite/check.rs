use polyfn_shim::{
    Trigger,
    event::Kind,
    local::{Delivered, Ended, Form},
};

use super::{
    Does, Entry, Program, Seen, answers,
    mutants::{Break, Mutant},
    replies, rows,
};

/// What came of one delivery.
#[derive(Debug, Default)]
pub(crate) struct Checked {
    /// Whether the form carries the event at all.
    pub(crate) delivered: bool,
    /// What is not as it must be, a line each.
    pub(crate) wrong: Vec<String>,
}

/// All that a function may do with an event.
pub(crate) fn does(entry: &Entry) -> Vec<Does> {
    match entry.kind() {
        Kind::Http => replies().into_iter().map(Does::Reply).chain([Does::Retry, Does::Drop, Does::Panic]).collect(),
        _ => Does::WITH_EVENTS.to_vec(),
    }
}

/// Delivers an event and compares all that comes of it with what must; a mutant breaks something on the way.
pub(crate) async fn check(program: &Program, entry: &Entry, form: Form, does: &Does, mutant: Option<&Mutant>) -> Checked {
    program.does(does);
    let mut want = Seen::from(&entry.event);
    let row = rows::of(form);
    let refused = row.refuses(&want);
    let delivered = match program.hosts.deliver(form, &entry.event).await {
        Ok(_) if refused => return Checked { delivered: true, wrong: vec!["delivered, which the form cannot".to_owned()] },
        Ok(delivered) => delivered,
        Err(_) if refused => return Checked::default(),
        Err(error) => return Checked { delivered: false, wrong: vec![format!("not delivered: {error}")] },
    };
    want.provider = form.provider();
    if let (Trigger::Http(http), "hello") = (&mut want.trigger, program.taker) {
        http.params.push(("name".to_owned(), "Ada".to_owned()));
    }
    (row.arrives)(&mut want);
    let mut wrong = Vec::new();
    called(program, &delivered, does, want, row, mutant, &mut wrong);
    answers::check(&delivered, &answers::wanted(form, entry, does), &mut wrong);
    Checked { delivered: true, wrong }
}

fn called(
    program: &Program,
    delivered: &Delivered,
    does: &Does,
    mut want: Seen,
    row: &rows::Row,
    mutant: Option<&Mutant>,
    wrong: &mut Vec<String>,
) {
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
    if let Some(Mutant { breaks: Break::Event(breaks), .. }) = mutant {
        let sound = have.clone();
        breaks(&mut have);
        if have != sound {
            program.harm.done();
        }
    }
    (row.unordered)(&mut have);
    (row.unordered)(&mut want);
    wrong.extend(have.differences(&want));
    // This machine hands over an event and no bytes.
    if delivered.form != Form::Local && call.event.raw() != delivered.delivery.body() {
        wrong.push(format!("raw: {}", call.event.raw().escape_ascii()));
    }
}
