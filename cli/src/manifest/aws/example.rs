//! A program with every trigger and every option, which no attribute of another shares a value with.

use polyfn_shim::{
    Provider,
    event::{Action, Kind},
    function::Malformed,
    manifest::{Entry, Manifest},
};

/// A function that says nothing but its trigger.
pub(super) fn function(name: &str, trigger: Kind, resource: Option<&str>) -> Entry {
    Entry {
        name: name.to_owned(),
        module: "shop".to_owned(),
        file: String::new(),
        line: 0,
        doc: String::new(),
        trigger,
        resource: resource.map(str::to_owned),
        methods: Vec::new(),
        path: None,
        public: false,
        on: Vec::new(),
        prefix: String::new(),
        suffix: String::new(),
        source: String::new(),
        concurrency: None,
        ordered: false,
        batch: None,
        retries: None,
        timeout_ms: None,
        on_malformed: Malformed::Retry,
        memory_mb: None,
        env: Vec::new(),
        secrets: Vec::new(),
        batches: false,
        replies: String::new(),
        portable: true,
        native: Vec::new(),
    }
}

/// The program.
pub(super) fn shop() -> Manifest {
    let texts = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect::<Vec<_>>();
    let functions = vec![
        Entry {
            doc: "Greets a person by name.".to_owned(),
            methods: texts(&["GET"]),
            path: Some("/hello/{name}".to_owned()),
            public: true,
            replies: "200 application/json".to_owned(),
            ..function("hello", Kind::Http, None)
        },
        Entry {
            methods: texts(&["PUT", "POST"]),
            path: Some("/files/{*rest}".to_owned()),
            timeout_ms: Some(20_000),
            ..function("upload", Kind::Http, None)
        },
        Entry {
            doc: "Adds two numbers.".to_owned(),
            native: texts(&["takes a native event"]),
            ..function("add", Kind::Direct, None)
        },
        Entry {
            doc: "Takes payment for an order, and ships it.\n\nAn order that fails is tried again.".to_owned(),
            concurrency: Some(4),
            batch: Some(100),
            retries: Some(7),
            timeout_ms: Some(45_000),
            on_malformed: Malformed::Drop,
            memory_mb: Some(512),
            env: texts(&["TABLE", "AWS_REGION"]),
            secrets: texts(&["STRIPE_KEY"]),
            batches: true,
            ..function("fulfil", Kind::Queue, Some("orders"))
        },
        Entry { ordered: true, batch: Some(5), ..function("ledger", Kind::Queue, Some("payments.fifo")) },
        function("any_queue", Kind::Queue, Some("eu-*")),
        Entry { retries: Some(2), ..function("announce", Kind::Topic, Some("news")) },
        function("gossip", Kind::Topic, Some("team-*")),
        Entry {
            on: vec![Action::Created, Action::Deleted],
            prefix: "in/".to_owned(),
            suffix: ".jpg".to_owned(),
            ..function("thumbnail", Kind::Object, Some("shop-uploads"))
        },
        function("audit", Kind::Object, Some("*")),
        Entry { retries: Some(1), ..function("nightly", Kind::Schedule, Some("30 5 * * 1-5")) },
        Entry { ordered: true, retries: Some(9), batch: Some(50), ..function("mirror", Kind::Change, Some("orders")) },
        Entry { env: texts(&["TABLE", "CLICK_LIMIT"]), ..function("count", Kind::Stream, Some("clicks")) },
        Entry { source: "shop.*".to_owned(), ..function("welcome", Kind::Event, Some("customer.created")) },
        function("rest", Kind::Event, Some("*")),
    ];
    Manifest {
        polyfn: "0.1.0".to_owned(),
        program: "shop".to_owned(),
        version: "1.2.0".to_owned(),
        providers: vec![Provider::Aws],
        functions,
    }
}

/// A small program whose requests anyone may send, and of which one is answered with a stream.
pub(super) fn news() -> Manifest {
    let page = |name: &str, path: &str, replies: &str| Entry {
        methods: vec!["GET".to_owned()],
        path: Some(path.to_owned()),
        public: true,
        replies: replies.to_owned(),
        ..function(name, Kind::Http, None)
    };
    let functions = vec![page("front", "/", "200 text/html"), page("ticker", "/ticker", "200 text/event-stream")];
    Manifest { program: "news".to_owned(), functions, ..shop() }
}
