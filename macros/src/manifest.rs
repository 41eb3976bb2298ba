//! What a function says of itself in the manifest of its program.

use proc_macro2::{Span, TokenStream};
use quote::quote_spanned;

use crate::{
    json,
    options::{Binding, Options},
    settings::Settings,
    signature::Function,
};

/// What the attribute says, as members of a JSON object. Those that it does not mention are left out.
pub(crate) fn members(function: &Function, options: &Options) -> String {
    let name = options.name.as_ref().map_or_else(|| function.name(), |name| name.value());
    let mut members = Members(Vec::new());
    members.text("name", &name);
    members.text("trigger", options.trigger.key());
    if !function.doc.is_empty() {
        members.text("doc", &function.doc);
    }
    match &options.binding {
        Binding::Http(Some(route)) => {
            members.texts("methods", &route.methods);
            members.text("path", &route.path);
        }
        Binding::Http(None) | Binding::Direct => {}
        Binding::Resource(name) => members.text("resource", name),
    }
    members.flag("public", options.public);
    members.settings(&options.settings);
    members.0.join(",")
}

struct Members(Vec<String>);

impl Members {
    fn settings(&mut self, settings: &Settings) {
        self.texts("on", &settings.on);
        for (name, value) in [("prefix", &settings.prefix), ("suffix", &settings.suffix), ("source", &settings.source)] {
            if let Some(value) = value {
                self.text(name, value);
            }
        }
        self.number("concurrency", settings.concurrency);
        self.flag("ordered", settings.ordered);
        self.number("batch", settings.batch);
        self.number("retries", settings.retries);
        self.number("timeout_ms", settings.timeout.map(|timeout| timeout.as_millis()));
        if settings.drops_malformed {
            self.text("on_malformed", "drop");
        }
        self.number("memory_mb", settings.memory);
        self.texts("env", &settings.env);
        self.texts("secrets", &settings.secrets);
    }

    fn text(&mut self, name: &str, value: &str) {
        self.0.push(format!("\"{name}\":{}", json::text(value)));
    }

    fn texts(&mut self, name: &str, values: &[String]) {
        if !values.is_empty() {
            self.0.push(format!("\"{name}\":{}", json::texts(values)));
        }
    }

    fn flag(&mut self, name: &str, value: bool) {
        if value {
            self.0.push(format!("\"{name}\":true"));
        }
    }

    fn number(&mut self, name: &str, value: Option<impl std::fmt::Display>) {
        if let Some(value) = value {
            self.0.push(format!("\"{name}\":{value}"));
        }
    }
}

/// The constant for a function whose attribute has a mistake: it says nothing.
pub(crate) fn nothing(p: &TokenStream) -> TokenStream {
    quote_spanned!(Span::mixed_site()=> #p::Said { members: "", module: "", file: "", line: 0, batches: false, replies: "", native: &[] })
}
