//! `deploy.sh`: the commands of gcloud that make or update all that a program needs.

use polyfn_shim::manifest::Manifest;

use super::{
    calls::{self, Source, audited, lines, title},
    name,
    place::Place,
    shell::{comment, word},
};
/// What the calls of a script are: each function of the shell's after its comment, between blank lines.
const COMMANDS: &str = include_str!("commands.sh");

/// The script for these services, with notes for who reads it.
pub(super) fn script(manifest: &Manifest, places: &[Place<'_>], notes: &[String]) -> String {
    let body = [accounts(manifest, places), triggers(manifest, places), ends(places)].concat();
    [head(manifest, places, notes), parameters(manifest, places), commands(&body), body].concat()
}

fn head(manifest: &Manifest, places: &[Place<'_>], notes: &[String]) -> String {
    let notes: String = notes.iter().map(|note| comment(&format!("# Note: {note}")) + "\n").collect();
    let notes = if notes.is_empty() { notes } else { format!("#\n{notes}") };
    let (program, version) = (comment(&manifest.program), comment(&manifest.version));
    let image = match places {
        [_] => format!("europe-west1-docker.pkg.dev/my-project/{program}/{program}:{version}"),
        _ => format!("europe-west1-docker.pkg.dev/my-project/{program}/{{unit}}:{version}"),
    };
    format!(
        "#!/usr/bin/env bash
# Deploys `{program}` to Google Cloud: its services, what triggers them, and the accounts that may call them.
#
# Written by `cargo polyfn manifest --provider gcp`, which writes it anew; settings of your own belong into overlay.yaml.
# Run it after every build: what is there already is brought up to date.
#
#   PROJECT=my-project REGION=europe-west1 \\
#     IMAGE={image} bash deploy.sh
{notes}set -euo pipefail
cd \"$(dirname \"${{BASH_SOURCE[0]}}\")\"
"
    )
}

/// What the caller sets, all of it looked at before anything is done.
fn parameters(manifest: &Manifest, places: &[Place<'_>]) -> String {
    let mut needs = vec![
        ("PROJECT".to_owned(), "the id of the project".to_owned()),
        ("REGION".to_owned(), "where it runs, such as europe-west1".to_owned()),
        (
            "IMAGE".to_owned(),
            match places {
                [_] => "the image in its registry".to_owned(),
                _ => "the images in their registry, with {unit} where a unit has its name".to_owned(),
            },
        ),
    ];
    for function in &manifest.functions {
        for name in &function.env {
            needs.push((name.clone(), format!("a variable of {}", function.name)));
        }
        if let Some((service, method)) = audited(function) {
            needs.push((service, format!("of which service {} hears, such as bigquery.googleapis.com", function.name)));
            needs.push((
                method,
                format!("of which method {} hears, such as google.cloud.bigquery.v2.JobService.InsertJob", function.name),
            ));
        }
    }
    let mut text = "
# What you set: all of it, or nothing is done.
missing=0
need() { # variable, what it is
  [[ -n ${!1:-} ]] && return
  printf 'set %s: %s\\n' \"$1\" \"$2\" >&2
  missing=1
}
"
    .to_owned();
    let mut seen = Vec::new();
    for (name, what) in needs {
        if !seen.contains(&name) {
            text += &format!("need {name} {}\n", word(&what));
            seen.push(name);
        }
    }
    text += "((missing == 0)) || exit 2
[[ $PROJECT =~ ^[a-z][a-z0-9-]+$ ]] || { printf 'PROJECT: %s is no id of a project\\n' \"$PROJECT\" >&2; exit 2; }
[[ $IMAGE =~ ^[A-Za-z0-9][A-Za-z0-9._/:@{}-]*$ ]] || { printf 'IMAGE: %s is no name of an image\\n' \"$IMAGE\" >&2; exit 2; }
";
    if sources(manifest).any(|source| source == Source::Documents) {
        text += "DATABASE=${DATABASE:-(default)} # of Firestore\n";
    }
    text
}

/// The functions of the shell's that the rest calls, and those that they call.
fn commands(body: &str) -> String {
    let named = |block: &'static str| block.lines().find_map(|line| Some((line.split_once("() {")?.0, block)));
    let all: Vec<_> = COMMANDS.split("\n\n").filter_map(named).collect();
    let mut wanted: Vec<&str> = Vec::new();
    let mut texts = vec![body];
    while let Some(text) = texts.pop() {
        for (name, block) in &all {
            if !wanted.contains(name) && calls(text, name) {
                wanted.push(name);
                texts.push(block);
            }
        }
    }
    let chosen = all.iter().filter(|(name, _)| wanted.contains(name));
    chosen.map(|(_, block)| format!("\n{}\n", block.trim_end())).collect()
}

/// Whether a text of the shell's calls this function.
fn calls(text: &str, name: &str) -> bool {
    let command = |line: &str| {
        let line = line.trim_start();
        let line = line.strip_prefix("if ").unwrap_or(line);
        let first = |text: &str| text.split_ascii_whitespace().next().is_some_and(|word| word.trim_end_matches(')') == name);
        first(line) || line.split("$(").skip(1).any(first) || line.split(['|', '&']).skip(1).any(first)
    };
    text.lines().any(command)
}

/// Which interfaces are switched on, who is who, and the services themselves.
fn accounts(manifest: &Manifest, places: &[Place<'_>]) -> String {
    let any = |wanted: fn(Source) -> bool| sources(manifest).any(wanted);
    let secrets = places.iter().any(|place| !place.needs.secrets.is_empty());
    let interfaces = [
        ("run", true),
        ("iam", true),
        ("secretmanager", secrets),
        ("pubsub", any(Source::is_subscribed)),
        ("eventarc", any(Source::is_triggered)),
        ("firestore", any(|source| source == Source::Documents)),
        ("cloudscheduler", any(|source| source == Source::Job)),
        ("cloudtasks", any(|source| source == Source::Tasks)),
    ];
    let mut text = "\n# The interfaces of Google's that it uses.\ncloud services enable".to_owned();
    for (interface, _) in interfaces.into_iter().filter(|(_, used)| *used) {
        text += &format!(" \\\n  {interface}.googleapis.com");
    }
    text += "\n";
    if any(|source| source != Source::Requests) {
        let invoker = name::account(&program(manifest), "invoker");
        text += &format!(
            "\n# Who calls the services for the sources of events: the only account that may, unless you name others.\naccount {invoker} 'calls the functions of {}'\ninvoker=\"{invoker}@$PROJECT.iam.gserviceaccount.com\"\n",
            program(manifest)
        );
    }
    if any(Source::is_subscribed) {
        text += "number=$(cloud projects describe \"$PROJECT\" --format='value(projectNumber)')\npubsub=\"serviceAccount:service-$number@gcp-sa-pubsub.iam.gserviceaccount.com\"\n# Pub/Sub signs in the name of that account.\nlet_sign \"$pubsub\"\n";
    }
    if any(Source::is_triggered) {
        text += "# Triggers of Eventarc hand their events to that account.\nlet_in_project \"serviceAccount:$invoker\" roles/eventarc.eventReceiver\n";
    }
    if any(|source| source == Source::Bucket) {
        text += "# Cloud Storage tells of objects through Pub/Sub.\nlet_in_project \"serviceAccount:$(cloud storage service-agent)\" roles/pubsub.publisher\n";
    }
    if any(|source| source == Source::Channel) {
        text += &format!("# Where you publish events of your own.\nchannel {}\n", name::channel(manifest));
    }
    text
}

/// Each service, and what triggers its functions.
fn triggers(manifest: &Manifest, places: &[Place<'_>]) -> String {
    let mut text = String::new();
    for place in places {
        let Place { service, account, file, needs, .. } = place;
        text += &format!(
            "\n# The service {service}. It may do nothing but read its secrets; give its account what else the code does.\n"
        );
        text += &format!("account {account} 'runs {service}'\n");
        for secret in &needs.secrets {
            text += &format!("secret {secret} \"{account}@$PROJECT.iam.gserviceaccount.com\"\n");
        }
        let image = format!("\"${{IMAGE//\\{{unit\\}}/{}}}\"", place.unit.name);
        let env: String = needs.env.iter().map(|name| format!(" {name}")).collect();
        text += &format!("service {file} {image}{env}\n");
        if place.public {
            text += &format!("# Every function of it is `public`.\nlet_call {service} allUsers\n");
        } else {
            text += &format!("closed {service}\n");
        }
        let all = || place.unit.functions.iter();
        if all().any(|function| Source::of(function) != Source::Requests) {
            text += &format!("let_call {service} \"serviceAccount:$invoker\"\n");
        }
        if all().any(|function| matches!(Source::of(function), Source::Push { .. } | Source::Tasks | Source::Job)) {
            text += &format!("url=$(address {service})\n");
        }
        for function in all() {
            let lines = lines(manifest, place, function);
            if !lines.is_empty() {
                text += &format!("\n{}\n{}\n", title(function), lines.join("\n"));
            }
        }
    }
    text
}

/// Where requests go.
fn ends(places: &[Place<'_>]) -> String {
    let mut text = String::new();
    for place in
        places.iter().filter(|place| place.unit.functions.iter().any(|function| Source::of(function) == Source::Requests))
    {
        let service = &place.service;
        text += &format!("\nprintf '{service}: %s\\n' \"$(address {service})\"\n");
        if !place.public {
            text += &format!(
                "# Nobody else may call it yet:\n#   gcloud run services add-iam-policy-binding {service} --region=\"$REGION\" --member=user:you@example.com --role=roles/run.invoker\n"
            );
        }
    }
    text
}

fn sources(manifest: &Manifest) -> impl Iterator<Item = calls::Source> {
    manifest.functions.iter().map(Source::of)
}

/// The program, as a name of Google's.
fn program(manifest: &Manifest) -> String {
    name::service(&manifest.program).unwrap_or_else(|_| "program".to_owned())
}
