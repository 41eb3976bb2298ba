use http::Response;
use serde_json::{Map, Value, json};

use super::{Api, answer};
use crate::{
    Body,
    clock::Cron,
    event::{Kind, Time},
    function::{Binding, Description, Function},
    local::{Form, listing::line, sample::sample},
};

/// How many of the next runs of a schedule are told.
const RUNS: usize = 5;

impl Api {
    pub(super) fn functions(&self) -> Response<Body> {
        let functions = self.courier.hosts().table().functions();
        let listed: Vec<_> = functions.iter().map(|function| self.function(function, functions.len() == 1)).collect();
        answer(&json!({ "functions": listed }))
    }

    fn function(&self, function: &Function, alone: bool) -> Value {
        let description = function.description();
        let kind = description.binding.kind();
        let mut members = Map::new();
        let mut add = |name: &str, value: Value| members.insert(name.to_owned(), value);
        add("name", json!(description.name));
        add("module", json!(description.module));
        add("doc", json!(description.doc));
        add("trigger", json!(kind.as_str()));
        add("batch", json!(function.is_batch()));
        add("replies", json!(description.replies));
        match &description.binding {
            Binding::Http { methods, path } => {
                add("methods", json!(methods));
                add("route", json!(path));
            }
            Binding::Direct => {}
            Binding::Resource { name, .. } => {
                add("resource", json!(name));
            }
        }
        add("line", json!(line(description, &self.address, alone)));
        let forms = Form::ALL.iter().filter(|form| form.carries(kind)).map(ToString::to_string);
        add("forms", json!(forms.collect::<Vec<_>>()));
        add("sample", json!(sample(description)));
        Value::Object(members)
    }

    pub(super) fn schedules(&self) -> Response<Body> {
        let functions = self.courier.hosts().table().functions().iter().map(Function::description);
        let schedules: Vec<_> = functions.filter_map(schedule).collect();
        answer(&json!({ "schedules": schedules }))
    }
}

fn schedule(description: &Description) -> Option<Value> {
    let Binding::Resource { kind: Kind::Schedule, name, .. } = description.binding else { return None };
    let cron = Cron::parse(name)?;
    let mut next = Vec::new();
    let mut after = Time::now();
    while next.len() < RUNS
        && let Some(time) = cron.next(after)
    {
        next.push(time);
        after = time;
    }
    Some(json!({"function": description.name, "cron": name, "next": next}))
}
