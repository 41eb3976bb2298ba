use super::{Binding, Bindings, route::Route};
use crate::{
    DecodeError,
    event::Kind,
    function::{self, Description},
};

/// A function as the host knows it: its name (the folder of its function.json), its bindings, and its own kind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Declaration {
    name: String,
    kind: Kind,
    bindings: Bindings,
}

impl Declaration {
    /// A function of this name. `kind` is its own: an `httpTrigger` starts `http` and `direct` functions alike.
    pub fn new(name: impl Into<String>, kind: Kind, bindings: Bindings) -> Self {
        Self { name: name.into(), kind, bindings }
    }

    /// What a function that says this of itself is declared as when nothing else is: an `httpTrigger` named `req` and an
    /// output named `res`; `None` for one that no HTTP request starts.
    pub fn of(description: &Description) -> Option<Self> {
        let route = match &description.binding {
            function::Binding::Http { path: Some(path), .. } => Some(path.trim_start_matches('/').to_owned()),
            function::Binding::Http { path: None, .. } => Some("{*path}".to_owned()),
            function::Binding::Direct => None,
            function::Binding::Resource { .. } => return None,
        };
        let mut trigger = Binding::http_trigger("req", route);
        trigger.methods = match &description.binding {
            function::Binding::Http { methods: [], .. } => None,
            function::Binding::Http { methods, .. } => Some(methods.iter().map(|method| method.to_ascii_lowercase()).collect()),
            _ => Some(vec!["post".to_owned()]),
        };
        let bindings = Bindings::new(vec![trigger, Binding::http_output("res")]).ok()?;
        Some(Self::new(description.name, description.binding.kind(), bindings))
    }

    /// Its name, as the host writes it.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Its own kind.
    pub fn kind(&self) -> Kind {
        self.kind
    }

    /// Its bindings.
    pub fn bindings(&self) -> &Bindings {
        &self.bindings
    }

    /// The route that callers use, without the route prefix: the declared one, or the function's name.
    pub fn route(&self) -> &str {
        self.bindings.trigger().route.as_deref().unwrap_or(&self.name)
    }

    /// The route's parameters in a path without the route prefix, each percent-decoded once.
    ///
    /// # Errors
    /// A declared route that cannot be matched.
    pub(crate) fn params(&self, path: &str) -> Result<Vec<(String, String)>, DecodeError> {
        let route = Route::read(self.route()).map_err(|error| error.under(&self.name))?;
        Ok(route.params(path).unwrap_or_default())
    }
}
