use crate::event::Kind;

/// What a function says of itself: its name, its trigger, and what a deployment has to know.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Description {
    /// The name it is selected by; two functions of one binary may share it if nothing selects by name.
    pub name: &'static str,
    /// The module it is written in, to tell two functions of one name apart.
    pub module: &'static str,
    /// Its doc comment; empty without one.
    pub doc: &'static str,
    /// What starts it.
    pub binding: Binding,
    /// Whether anyone may call it; else the deployment asks for authentication.
    pub public: bool,
    /// What a caller gets when all goes well, such as `200 application/json`.
    pub replies: &'static str,
    /// A request that it takes, as far as its types tell.
    pub sample: Sample,
}

/// A request that a function takes, for a line to paste.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sample {
    /// The path, percent-encoded, such as `/hello/text`; empty if any will do.
    pub path: String,
    /// The query string without its `?`; empty for none.
    pub query: String,
    /// The body, as JSON or as a form; `None` for none.
    pub body: Option<String>,
    /// Whether the body is a form.
    pub form: bool,
}

/// What starts a function, as its attribute declares it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Binding {
    /// HTTP requests.
    Http {
        /// The methods in upper case; empty for any.
        methods: &'static [&'static str],
        /// The route, such as `/hello/{name}`; `None` for every path.
        path: Option<&'static str>,
    },
    /// Calls with JSON in and JSON out.
    Direct,
    /// Anything else: its kind and the resource's name (a queue, a bucket, a cron expression ...).
    Resource {
        /// Which kind of trigger.
        kind: Kind,
        /// The resource's name.
        name: &'static str,
    },
}

impl Binding {
    /// The kind of events it takes.
    pub fn kind(&self) -> Kind {
        match self {
            Self::Http { .. } => Kind::Http,
            Self::Direct => Kind::Direct,
            Self::Resource { kind, .. } => *kind,
        }
    }
}
