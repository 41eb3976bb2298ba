use super::{Difference, matches};
use crate::local::recording::Ended;

pub(super) fn compare(expected: &[Ended], came: &[Ended]) -> Difference {
    let mut difference = Difference::default();
    for at in 0..expected.len().max(came.len()) {
        let (expected, came) = (expected.get(at), came.get(at));
        if !expected.zip(came).is_some_and(|(expected, came)| is_same(expected, came)) {
            let (expected, came) = (expected.map(text), came.map(text));
            difference.value(&format!("outcomes[{at}]"), expected.as_deref(), came.as_deref());
        }
    }
    difference
}

fn is_same(expected: &Ended, came: &Ended) -> bool {
    expected.as_str() == came.as_str() && matches(&reason(expected), &reason(came))
}

fn text(ended: &Ended) -> String {
    format!("{}{}", ended.as_str(), reason(ended))
}

fn reason(ended: &Ended) -> String {
    match ended {
        Ended::Done => String::new(),
        Ended::Retry { name, message } | Ended::Drop { name, message } => format!(", {name}: {message}"),
    }
}
