//! `cargo polyfn report` on real programs: `hello`, one of the examples, and one that does nothing that it should.

#![expect(clippy::unwrap_used, reason = "what a test needs and does not find fails the test")]

mod shim;

use std::{
    env, fs,
    path::{Path, PathBuf},
    process::Command,
    time::{Duration, Instant},
};

use polyfn_shim::manifest::embed::MARKER;
use polyfn_tests::example;
use serde_json::Value;

use shim::Ran;

const PROVIDERS: [&str; 4] = ["aws", "gcp", "azure", "container"];

/// An empty folder.
fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("report-{name}"));
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    folder
}

fn report(program: &Path, args: &[&str], env: &[(&str, &str)]) -> Ran {
    let mut command = Command::new(env!("CARGO_BIN_EXE_cargo-polyfn"));
    command.args(["polyfn", "report", "--program"]).arg(program).args(args).envs(env.iter().copied());
    Ran::from(&command.output().unwrap())
}

/// A program that says it has a function, was built for `providers`, and behaves as `BEHAVE` says.
fn misfit(name: &str, providers: &str) -> PathBuf {
    const MAIN: &str = r#"
        fn main() {
            std::hint::black_box(&MANIFEST);
            let hang = || std::thread::sleep(std::time::Duration::from_secs(600));
            match std::env::var("BEHAVE").as_deref() {
                Ok("exit") => {
                    eprintln!("nothing to do here");
                    std::process::exit(3);
                }
                Ok("listen") => {
                    let port = ["FUNCTIONS_CUSTOMHANDLER_PORT", "PORT"].iter().find_map(|name| std::env::var(name).ok());
                    let listener = port.map(|port| std::net::TcpListener::bind(("127.0.0.1", port.parse().unwrap())).unwrap());
                    hang();
                    drop(listener);
                }
                _ => hang(),
            }
        }
    "#;
    let folder = folder(name);
    let json = format!(
        r#"{{"polyfn":"0.1.0","program":"misfit","version":"1.0.0","providers":[{providers}],"functions":[{{"name":"f","module":"m","trigger":"http","path":"/"}}]}}"#
    );
    let carried = format!("{MARKER}{:08}{json}", json.len());
    let source = format!("static MANIFEST: [u8; {}] = *b{carried:?};\n{MAIN}", carried.len());
    fs::write(folder.join("main.rs"), source.replace("\\u{1}", "\\x01").replace("\\u{2}", "\\x02")).unwrap();
    let rustc = env::var("RUSTC").unwrap_or_else(|_| "rustc".to_owned());
    let program = folder.join("misfit");
    let built = Command::new(rustc).args(["--edition", "2024", "-o"]).arg(&program).arg(folder.join("main.rs")).status().unwrap();
    assert!(built.success());
    program
}

fn number(value: &Value) -> u64 {
    value.as_u64().unwrap_or_else(|| unreachable!("{value} is no whole number"))
}

#[test]
fn each_provider_is_measured_and_drawn() {
    let (program, folder) = (PathBuf::from(example("hello")), folder("measured"));
    let svg = folder.join("report.svg");
    let ran = report(&program, &["--runs", "2", "--format", "json", "--svg", svg.to_str().unwrap()], &[]);
    assert_eq!(ran.code, Some(0), "{ran:?}");
    assert!(!ran.err.contains("answers its event with"), "{}", ran.err);
    let report: Value = serde_json::from_str(&ran.out).unwrap();
    assert_eq!((&report["program"], &report["function"], &report["runs"]), (&"hello".into(), &"hello".into(), &2.into()));
    let providers = report["providers"].as_array().unwrap();
    assert_eq!(providers.iter().map(|figures| figures["provider"].as_str().unwrap()).collect::<Vec<_>>(), PROVIDERS);
    for figures in providers {
        for times in [&figures["start"], &figures["event"]] {
            let [least, median, most] = ["shortest_us", "median_us", "longest_us"].map(|name| number(&times[name]));
            assert!(0 < least && least <= median && median <= most, "{figures}");
            assert!(number(&times["median_distance_us"]) <= most - least, "{figures}");
        }
        // Whoever has started has more to do than whoever runs.
        assert!(number(&figures["start"]["median_us"]) > number(&figures["event"]["shortest_us"]), "{figures}");
        assert!(number(&figures["events_a_second"]["in_turn"]) > 0 && number(&figures["events_a_second"]["at_once"]) > 0);
        assert_eq!(number(&figures["program_bytes"]), fs::metadata(&program).unwrap().len());
        assert_eq!(figures["refused"], Value::Null);
        if cfg!(target_os = "linux") {
            // Less than this test's own limit would be no process, and more no small one.
            let memory = number(&figures["peak_memory_bytes"]);
            assert!((500_000..500_000_000).contains(&memory), "{memory}");
        }
    }
    // The container has no price of its own, the other three have one; and there are two to compare them with.
    let costs = &report["costs"];
    assert_eq!(costs["by_invocation"].as_array().unwrap().len(), 3);
    let crossings = costs["crossings"].as_array().unwrap();
    assert_eq!(crossings.len(), 6);
    assert!(crossings.iter().all(|crossing| number(&crossing["from_invocations_a_month"]) > 0));
    assert!(costs["sources"].as_array().unwrap().iter().all(|source| source["source"].as_str().unwrap().starts_with("https://")));
    let drawn = fs::read_to_string(&svg).unwrap();
    let document = roxmltree::Document::parse(&drawn).unwrap();
    let shown: Vec<_> = document.descendants().filter(|node| node.has_tag_name("text")).filter_map(|node| node.text()).collect();
    assert!(PROVIDERS.iter().all(|provider| shown.contains(provider)), "{shown:?}");
    assert_eq!(fs::read_dir(&folder).unwrap().count(), 1, "nothing is left beside the file");
}

#[test]
fn a_person_reads_tables() {
    let program = PathBuf::from(example("hello"));
    let ran = report(&program, &["--runs", "2", "--provider", "container", "--provider", "aws", "--provider", "aws"], &[]);
    assert_eq!(ran.code, Some(0), "{ran:?}");
    let lines: Vec<_> = ran.out.lines().collect();
    assert!(lines[0].starts_with("hello ") && lines[0].contains("its function `hello`"), "{}", ran.out);
    let first: Vec<_> = lines.iter().filter_map(|line| line.split_whitespace().next()).collect();
    let at = |word: &str| first.iter().position(|first| *first == word);
    assert!(at("container") < at("aws"), "in the order they were asked for: {}", ran.out);
    assert_eq!(first.iter().filter(|word| **word == "aws").count(), 1, "{}", ran.out);
    for part in ["AWS Lambda, arm64", "AWS Fargate, arm64", "is cheaper than", "Prices:\n"] {
        assert!(ran.out.contains(part), "{part}: {}", ran.out);
    }
    assert!(!ran.out.contains("Azure") && !ran.out.contains("Cloud Run, request-based"), "{}", ran.out);
    assert_eq!(ran.err, "polyfn: measures `hello` as on container\npolyfn: measures `hello` as on aws\n");
}

/// Runs a command on `hello`, which is built without whole-program optimization: that takes minutes, and figures are not what is
/// looked at here.
fn quick(root: &Path, args: &[&str]) -> Ran {
    let mut command = Command::new(env!("CARGO_BIN_EXE_cargo-polyfn"));
    command.current_dir(root).arg("polyfn").args(args).args(["-p", "hello", "--offline", "--format", "json"]);
    command.env("CARGO_PROFILE_RELEASE_LTO", "off").env("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "16");
    Ran::from(&command.output().unwrap())
}

#[test]
#[ignore = "builds `hello` for production, which takes minutes; run it by `bash .ci/run report`"]
fn it_is_built_for_each_provider_alone() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    // Lambda's program speaks another protocol than all others.
    let chosen = ["aws", "gcp"];
    let ran = quick(root, &["report", "--runs", "5", "--provider", "aws", "--provider", "gcp"]);
    assert_eq!(ran.code, Some(0), "{ran:?}");
    let report: Value = serde_json::from_str(&ran.out).unwrap();
    let providers = report["providers"].as_array().unwrap();
    assert_eq!(providers.len(), chosen.len());
    let all = fs::metadata(example("hello")).unwrap().len();
    for (figures, provider) in providers.iter().zip(chosen) {
        let [bytes, start] = [&figures["program_bytes"], &figures["start"]["median_us"]].map(number);
        println!("{provider}: {bytes} bytes, {start} us from the start to the first reply");
        // One provider, stripped, beside all of them with what a debugger needs.
        assert!(bytes < all / 4, "{provider}: {bytes} of {all}");
        assert!(ran.err.contains(&format!("builds `hello` for {provider}\n")), "{}", ran.err);
    }
    // The same programs, held against budgets.
    let ran = quick(
        root,
        &["check", "--provider", "gcp", "--budget", "size=1GB", "--budget", "cold-start=60s", "--budget", "memory=1GB"],
    );
    assert_eq!((ran.code, ran.out.as_str()), (Some(0), ""), "{ran:?}");
    let ran = quick(root, &["check", "--provider", "gcp", "--budget", "size=1kB", "--budget", "memory=1kB"]);
    assert_eq!((ran.code, ran.out.matches(r#""code":"PF013""#).count()), (Some(1), 2), "{ran:?}");
}

#[test]
fn an_event_that_does_not_fit_is_told_and_one_that_does_is_not() {
    let (program, folder) = (PathBuf::from(example("hello")), folder("event"));
    let ran = report(&program, &["--runs", "1", "--provider", "gcp", "--function", "add", "--format", "json"], &[]);
    assert!(ran.code == Some(0) && ran.err.contains("`add` answers its event with 400"), "{ran:?}");
    let event = folder.join("add.json");
    fs::write(&event, r#"{"provider":"local","trigger":"direct","direct":{},"data":[2,3],"datacontenttype":"application/json"}"#)
        .unwrap();
    for provider in PROVIDERS {
        let args = ["--runs", "1", "--provider", provider, "--event", event.to_str().unwrap(), "--format", "json"];
        let ran = report(&program, &args, &[]);
        assert!(ran.code == Some(0) && !ran.err.contains("answers its event"), "{provider}: {ran:?}");
        let report: Value = serde_json::from_str(&ran.out).unwrap();
        assert_eq!(report["function"], "add");
    }
}

#[test]
fn a_program_that_gives_no_reply_is_one_line_and_no_hang() {
    let program = misfit("mute", r#""aws","gcp","azure","container""#);
    let late = "no reply within 1 s";
    for (behaviour, provider, told) in [
        ("exit", "aws", "Runtime exited"),
        ("exit", "gcp", "exit status: 3; its last line: nothing to do here"),
        ("exit", "azure", "exit status: 3"),
        ("exit", "container", "exit status: 3; its last line: nothing to do here"),
        ("hang", "aws", late),
        ("hang", "gcp", "does not listen"),
        ("hang", "azure", late),
        ("hang", "container", "does not listen"),
        ("listen", "gcp", "no reply after 1s"),
    ] {
        let began = Instant::now();
        let ran = report(&program, &["--provider", provider, "--timeout", "1"], &[("BEHAVE", behaviour)]);
        assert_eq!(ran.code, Some(1), "{behaviour} {provider}: {ran:?}");
        assert_eq!(ran.err.lines().count(), 1, "{behaviour} {provider}: {ran:?}");
        let begins = format!("error: `misfit` cannot be measured as on {provider}: ");
        assert!(ran.err.starts_with(&begins) && ran.err.contains(told), "{behaviour} {provider}: {ran:?}");
        assert!(ran.out.is_empty(), "{ran:?}");
        assert!(began.elapsed() < Duration::from_secs(300), "{behaviour} {provider}: it waited for the program");
    }
}

#[test]
fn what_cannot_be_meant_is_refused_before_anything_runs() {
    let (hello, folder) = (PathBuf::from(example("hello")), folder("refused"));
    let only_aws = misfit("only-aws", r#""aws""#);
    let path = |name: &str, text: &str| {
        let path = folder.join(name);
        fs::write(&path, text).unwrap();
        path.to_str().unwrap().to_owned()
    };
    let (event, prices) = (path("event.json", "{}"), path("prices.json", r#"{"format": 1}"#));
    let itself = PathBuf::from(env!("CARGO_BIN_EXE_cargo-polyfn"));
    for (program, args, told) in [
        (&hello, vec!["--function", "hallo"], "no function is called `hallo`; there are `hello`, `add`"),
        (&hello, vec!["--event", &event], "event.json: provider: missing"),
        (&hello, vec!["--prices", &prices], "prices.json: missing field"),
        (&hello, vec!["--prices", "nowhere.json"], "nowhere.json: cannot read"),
        (&hello, vec!["--runs", "0"], "0 is not in 1..=1000"),
        (&hello, vec!["--provider", "heroku"], "invalid value 'heroku'"),
        (&only_aws, vec!["--provider", "gcp"], "it was built without gcp"),
        (&itself, vec![], "carries no description of functions"),
        (&folder.join("none"), vec![], "none: cannot read"),
    ] {
        let ran = report(program, &args, &[]);
        assert!(ran.code == Some(2) && ran.err.contains(told), "{args:?}: {ran:?}");
        assert!(ran.out.is_empty(), "{ran:?}");
    }
}

#[test]
fn a_picture_that_cannot_be_written_is_told() {
    let program = PathBuf::from(example("hello"));
    let ran = report(&program, &["--runs", "1", "--provider", "gcp", "--svg", "/nowhere/report.svg"], &[]);
    assert!(ran.code == Some(1) && ran.err.contains("/nowhere/report.svg: cannot write"), "{ran:?}");
    assert!(ran.out.starts_with("hello "), "what was measured is not lost: {ran:?}");
}
