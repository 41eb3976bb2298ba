use std::collections::BTreeSet;

use polyfn_shim::{Provider, event::Kind, local::Form};

use super::{Does, Program, check, events, functions::Does::Reply, replies};

/// The kinds of events that each provider delivers in some form as all others do, with the answer that it wants.
pub(crate) async fn ran() -> BTreeSet<(&'static str, &'static str)> {
    let mut ran = BTreeSet::new();
    let mut differs = BTreeSet::new();
    let answers = replies().into_iter().map(Reply).next();
    for entry in events() {
        let kind = entry.kind();
        let program = Program::of(&entry.event);
        let does = answers.clone().filter(|_| kind == Kind::Http).unwrap_or(Does::Done);
        for form in Form::ALL.iter().filter(|form| form.carries(kind)) {
            let checked = check(&program, &entry, *form, &does, None).await;
            let cell = (kind.as_str(), provider(form.provider()));
            if !checked.wrong.is_empty() {
                differs.insert(cell);
            } else if checked.delivered {
                ran.insert(cell);
            }
        }
    }
    &ran - &differs
}

fn provider(provider: Provider) -> &'static str {
    match provider {
        Provider::Aws => "aws",
        Provider::Gcp => "gcp",
        Provider::Azure => "azure",
        Provider::Container => "container",
        Provider::Local => "local",
    }
}
