//! Whole templates as files that a person reads; `POLYFN_UPDATE=1` writes them anew. And what an attribute changes in them.

use std::{env, fs, path::Path};

use polyfn_shim::{
    event::{Action, Kind},
    function::Malformed,
    manifest::{Entry, Manifest},
};

use proptest::prelude::*;

use super::{
    example::{function, news, shop},
    files,
};
use crate::manifest::{
    Units,
    yaml::{Node, Value, read},
};

const ARTEFACTS: &str = "../../target/polyfn/aws";

fn check(manifest: &Manifest, units: Units, folder: &str) {
    let golden = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/manifest/aws/golden").join(folder);
    // What runs as one container is not split.
    let files = files(manifest, units, ARTEFACTS).unwrap().into_iter();
    for file in files.filter(|file| units == Units::One || file.path != Path::new("fargate.yaml")) {
        let path = golden.join(&file.path);
        if env::var_os("POLYFN_UPDATE").is_some() {
            fs::create_dir_all(&golden).unwrap();
            fs::write(&path, &file.text).unwrap();
            continue;
        }
        let kept = fs::read_to_string(&path).unwrap_or_default();
        assert!(
            kept == file.text,
            "{} is different; read this, then run again with POLYFN_UPDATE=1:\n{}",
            path.display(),
            file.text
        );
    }
}

#[test]
fn a_program_with_every_trigger() {
    check(&shop(), Units::One, "one");
}

#[test]
fn a_program_with_every_trigger_that_is_split() {
    check(&shop(), Units::Split, "split");
}

#[test]
fn a_public_program_that_answers_with_a_stream() {
    check(&news(), Units::One, "stream");
}

/// The names of the files that a program becomes.
fn names(manifest: &Manifest) -> Vec<String> {
    files(manifest, Units::One, ARTEFACTS).unwrap().iter().map(|file| file.path.display().to_string()).collect()
}

#[test]
fn fargate_is_for_programs_that_take_requests() {
    assert_eq!(names(&shop()), ["template.yaml", "fargate.yaml"]);
    assert_eq!(names(&Manifest { functions: vec![function("a", Kind::Queue, Some("a"))], ..shop() }), ["template.yaml"]);
}

fn template(manifest: &Manifest) -> Node {
    read(&files(manifest, Units::One, ARTEFACTS).unwrap()[0].text).unwrap().remove(0)
}

/// The paths at which two trees hold something else.
fn changed(one: &Node, other: &Node, path: &str, paths: &mut Vec<String>) {
    match (&one.value, &other.value) {
        (Value::Map(ones), Value::Map(others)) if one.tag == other.tag => {
            for (key, node) in ones {
                match others.iter().find(|(have, _)| have == key) {
                    Some((_, other)) => changed(node, other, &format!("{path}/{key}"), paths),
                    None => paths.push(format!("{path}/{key}")),
                }
            }
            let added = others.iter().filter(|(key, _)| !ones.iter().any(|(have, _)| have == key));
            paths.extend(added.map(|(key, _)| format!("{path}/{key}")));
        }
        (Value::List(ones), Value::List(others)) if one.tag == other.tag && ones.len() == others.len() => {
            for (at, (one, other)) in ones.iter().zip(others).enumerate() {
                changed(one, other, &format!("{path}/{at}"), paths);
            }
        }
        _ if one.value == other.value && one.tag == other.tag => {}
        _ => paths.push(path.to_owned()),
    }
}

type Mutation = (&'static str, fn(&mut Entry), &'static [&'static str]);

const LAMBDA: &str = "/Resources/ShopFunction/Properties";

/// One option of one function, and all that it changes; `~` stands for the properties of the Lambda function.
const MUTATIONS: &[Mutation] = &[
    ("hello", |f| f.public = false, &["~/Events/Hello/Properties/Auth/Authorizer"]),
    ("hello", |f| f.methods = vec!["DELETE".into()], &["~/Events/Hello/Properties/Method"]),
    ("hello", |f| f.methods = vec![], &["~/Events/Hello/Properties/Method"]),
    ("hello", |f| f.path = Some("/bye/{name}".into()), &["~/Events/Hello/Properties/Path"]),
    ("hello", |f| f.doc = "Greets.".into(), &[]),
    ("hello", |f| f.replies = "204".into(), &[]),
    ("fulfil", |f| f.resource = Some("returns".into()), &["/Resources/FulfilQueue/Properties/QueueName"]),
    ("fulfil", |f| f.batch = Some(99), &["~/Events/Fulfil/Properties/BatchSize"]),
    ("fulfil", |f| f.retries = Some(3), &["/Resources/FulfilQueue/Properties/RedrivePolicy/maxReceiveCount"]),
    ("fulfil", |f| f.memory_mb = Some(1024), &["~/MemorySize"]),
    ("fulfil", |f| f.env = vec![], &[]),
    ("fulfil", |f| f.env.push("REGION".into()), &["/Parameters/EnvRegion", "~/Environment/Variables/REGION"]),
    ("fulfil", |f| f.secrets = vec![], &["/Parameters/SecretStripeKey", "~/Environment/Variables/STRIPE_KEY"]),
    // What runs within one delivery is no matter of the deployment.
    ("fulfil", |f| f.concurrency = Some(1), &[]),
    ("fulfil", |f| f.ordered = true, &[]),
    ("fulfil", |f| f.on_malformed = Malformed::Retry, &[]),
    ("fulfil", |f| f.batches = false, &[]),
    ("ledger", |f| f.batch = Some(9), &["~/Events/Ledger/Properties/BatchSize"]),
    ("announce", |f| f.retries = Some(3), &["/Resources/AnnounceQueue/Properties/RedrivePolicy/maxReceiveCount"]),
    ("announce", |f| f.batch = Some(9), &["~/Events/Announce/Properties/BatchSize"]),
    ("thumbnail", |f| f.on = vec![Action::Created], &["/Resources/ThumbnailRule/Properties/EventPattern/detail-type"]),
    // A prefix and a suffix are also what the function may read.
    (
        "thumbnail",
        |f| f.prefix = "new/".into(),
        &[
            "/Resources/ThumbnailRule/Properties/EventPattern/detail/object/key/0/wildcard",
            "/Resources/ShopRole/Properties/Policies/6/PolicyDocument/Statement/1/Resource",
        ],
    ),
    (
        "thumbnail",
        |f| f.suffix = ".png".into(),
        &[
            "/Resources/ThumbnailRule/Properties/EventPattern/detail/object/key/0/wildcard",
            "/Resources/ShopRole/Properties/Policies/6/PolicyDocument/Statement/1/Resource",
        ],
    ),
    ("nightly", |f| f.resource = Some("0 6 * * *".into()), &["/Resources/NightlySchedule/Properties/ScheduleExpression"]),
    ("nightly", |f| f.retries = Some(0), &["/Resources/NightlyQueue/Properties/RedrivePolicy/maxReceiveCount"]),
    ("mirror", |f| f.ordered = false, &["~/Events/Mirror/Properties/ParallelizationFactor"]),
    ("mirror", |f| f.retries = Some(0), &["~/Events/Mirror/Properties/MaximumRetryAttempts"]),
    ("mirror", |f| f.batch = None, &["~/Events/Mirror/Properties/BatchSize"]),
    (
        "count",
        |f| f.resource = Some("views".into()),
        &["~/Events/Count/Properties/Stream", "/Resources/ShopRole/Properties/Policies/10/PolicyDocument/Statement/0/Resource"],
    ),
    ("count", |f| f.ordered = true, &["~/Events/Count/Properties/ParallelizationFactor"]),
    ("welcome", |f| f.source = "crm".into(), &["/Resources/WelcomeRule/Properties/EventPattern/source/0"]),
    ("welcome", |f| f.resource = Some("customer.*".into()), &["/Resources/WelcomeRule/Properties/EventPattern/detail-type/0"]),
    // A shorter timeout than another function's changes nothing in one unit.
    ("upload", |f| f.timeout_ms = Some(10_000), &[]),
];

#[test]
fn an_option_changes_what_it_says_and_nothing_else() {
    let before = template(&shop());
    for (at, (name, mutate, want)) in MUTATIONS.iter().enumerate() {
        let mut manifest = shop();
        mutate(manifest.functions.iter_mut().find(|function| function.name == *name).unwrap());
        let mut paths = Vec::new();
        changed(&before, &template(&manifest), "", &mut paths);
        let want: Vec<_> = want.iter().map(|path| path.replace('~', LAMBDA)).collect();
        paths.sort();
        let mut sorted = want.clone();
        sorted.sort();
        assert_eq!(paths, sorted, "mutation {at} of {name}");
    }
}

#[test]
fn a_timeout_is_that_of_the_program_and_of_what_its_queues_wait() {
    let mut manifest = shop();
    manifest.functions.iter_mut().find(|function| function.name == "fulfil").unwrap().timeout_ms = Some(59_001);
    let mut paths = Vec::new();
    let after = template(&manifest);
    changed(&template(&shop()), &after, "", &mut paths);
    let (queues, rest): (Vec<_>, Vec<_>) = paths.iter().partition(|path| path.ends_with("/VisibilityTimeout"));
    // The description of a parameter says how long a queue that is there already has to wait.
    assert_eq!(
        rest,
        [&format!("{LAMBDA}/Timeout"), "/Parameters/AnyQueueQueueArn/Description"]
            .map(str::to_owned)
            .iter()
            .rev()
            .collect::<Vec<_>>()
    );
    assert_eq!(queues.len(), 9);
    let of = |path: &str| path.split('/').skip(1).fold(&after, |node, key| node.get(key).unwrap()).value.clone();
    assert_eq!(of(&format!("{LAMBDA}/Timeout")), Value::Plain("60".to_owned()));
    assert_eq!(of("/Resources/LedgerQueue/Properties/VisibilityTimeout"), Value::Plain("360".to_owned()));
    // Six times the timeout, and the second that it waits for more.
    assert_eq!(of("/Resources/FulfilQueue/Properties/VisibilityTimeout"), Value::Plain("361".to_owned()));
}

fn refused(functions: Vec<Entry>) -> String {
    files(&Manifest { functions, ..shop() }, Units::One, ARTEFACTS).unwrap_err().to_string()
}

#[test]
fn what_cannot_be_deployed_is_one_line() {
    let route = |method: &str, path: &str| Entry {
        methods: vec![method.to_owned()],
        path: Some(path.to_owned()),
        ..function("a", Kind::Http, None)
    };
    for (functions, want) in [
        (vec![route("PROPFIND", "/")], "no route for the method PROPFIND; write `ANY`"),
        (vec![route("GET", "/größe")], "no route `/größe`"),
        (
            vec![function("a-b", Kind::Direct, None), function("a_b", Kind::Direct, None)],
            "`a-b` and `a_b` are both AB for CloudFormation",
        ),
        (vec![function("a", Kind::Schedule, Some("0 0 1 * MON"))], "write two functions, one with each"),
        (vec![Entry { memory_mb: Some(10_241), ..function("a", Kind::Direct, None) }], "Lambda gives at most 10240 MB"),
        (
            vec![Entry {
                env: vec!["A_B".to_owned(), "AB".to_owned(), "aB".to_owned(), "a_b".to_owned()],
                ..function("a", Kind::Direct, None)
            }],
            "are both the parameter",
        ),
        (
            vec![function("a", Kind::Queue, Some("q")), function("b", Kind::Queue, Some("q"))],
            "`a` and `b` both take the queue `q`",
        ),
    ] {
        let message = refused(functions);
        assert!(message.contains(want) && !message.contains('\n'), "{message}");
    }
}

#[test]
fn what_will_not_be_as_it_says_is_a_warning() {
    let page = |name: &str, public: bool, replies: &str| Entry {
        public,
        replies: replies.to_owned(),
        path: Some(format!("/{name}")),
        ..function(name, Kind::Http, None)
    };
    for (functions, want) in [
        (vec![Entry { ordered: true, ..function("a", Kind::Queue, Some("q")) }], "whose name ends in `.fifo`"),
        (vec![Entry { memory_mb: Some(64), ..function("a", Kind::Direct, None) }], "at least 128 MB"),
        (vec![Entry { batch: Some(10_001), ..function("a", Kind::Queue, Some("q")) }], "at most 10000 messages"),
        (vec![page("a", true, "200 text/event-stream"), page("b", false, "")], "it asks for IAM"),
        (vec![Entry { path: None, ..page("a", true, "") }, page("b", false, "")], "use `--split`"),
        (vec![Entry { timeout_ms: Some(31_000), ..page("a", true, "") }], "waits 30 seconds"),
        (vec![function("a", Kind::Direct, None), function("b", Kind::Direct, None)], "which of `a`, `b`"),
        (vec![function("a", Kind::Event, Some("x.*")), function("b", Kind::Event, Some("x.y"))], "`a` and `b` may both get"),
    ] {
        let manifest = Manifest { functions, ..shop() };
        let warnings = crate::manifest::warnings(crate::target::Target::Aws, &manifest, Units::One);
        assert!(warnings.len() == 1 && warnings[0].contains(want), "{want}: {warnings:?}");
        // They stand in the template too, where a reader of it sees them.
        let text = &files(&manifest, Units::One, ARTEFACTS).unwrap()[0].text;
        assert!(text.contains(&format!("# - {}", warnings[0])), "{text}");
    }
    assert_eq!(crate::manifest::warnings(crate::target::Target::Aws, &news(), Units::One), [""; 0]);
}

/// Texts that mean something to YAML, to `!Sub`, or to EventBridge.
fn texts() -> impl Strategy<Value = String> {
    const HOSTILE: &[&str] = &[
        "${AWS::Region}",
        "a: b",
        "#a",
        "!Ref a",
        "'",
        "\"",
        "yes",
        "12",
        "a\nb",
        "- a",
        "{{resolve:ssm:a}}",
        " a ",
        "[?]",
        "a\\b",
    ];
    prop_oneof![proptest::sample::select(HOSTILE).prop_map(str::to_owned), "[ -)+-~éß]{1,12}"]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn a_text_of_an_attribute_is_that_text_in_the_template(name in texts(), prefix in texts(), doc in any::<String>()) {
        let functions = vec![
            Entry { doc, ..function("a", Kind::Queue, Some(&name)) },
            Entry { prefix: prefix.clone(), ..function("b", Kind::Object, Some(&name)) },
            Entry { source: prefix.clone(), ..function("c", Kind::Event, Some(&name)) },
        ];
        let template = template(&Manifest { functions, ..shop() });
        let of = |path: &str| path.split('/').fold(&template, |node, key| node.get(key).unwrap_or(node));
        prop_assert_eq!(of("Resources/AQueue/Properties/QueueName").as_text(), Some(name.as_str()));
        let pattern = of("Resources/BRule/Properties/EventPattern/detail");
        prop_assert_eq!(&pattern.get("bucket").unwrap().get("name").unwrap().value, &Node::list([name.as_str()]).value);
        let key = Node::list([Node::map().with("prefix", prefix.as_str())]);
        prop_assert_eq!(&pattern.get("object").unwrap().get("key").unwrap().value, &key.value);
        prop_assert_eq!(&of("Resources/CRule/Properties/EventPattern/source").value, &Node::list([prefix.as_str()]).value);
        // Nothing of it is for `!Sub` to replace.
        let Value::List(policies) = &of("Resources/ShopRole/Properties/Policies").value else { panic!("no policies") };
        let Value::List(statements) = &policies[2].get("PolicyDocument").unwrap().get("Statement").unwrap().value else { panic!() };
        let Value::Text(objects) = &statements[1].get("Resource").unwrap().value else { panic!("no text") };
        prop_assert_eq!(objects.replace("${!", "${"), format!("arn:${{AWS::Partition}}:s3:::{name}/{prefix}*"));
        prop_assert_eq!(objects.replace("${!", "").matches("${").count(), 1);
    }
}
