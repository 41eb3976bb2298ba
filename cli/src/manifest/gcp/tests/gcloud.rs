//! A stand-in for gcloud that notes how it is called.

use std::{fs, path::PathBuf, process::Command, sync::OnceLock};

use polyfn_shim::manifest::Manifest;

use crate::manifest::{File, Units, gcp::files, sample::shop};

/// It answers what a script asks, and remembers what was made: `create` of something makes it be there.
const GCLOUD: &str = r#"#!/usr/bin/env bash
set -euo pipefail
{ printf '%s\x1f' "$@"; printf '\x1e'; } >>"$STATE/calls"
[[ $1 == --project=* && $2 == --quiet ]]
shift 2
case $* in
  *"--format=value(status.url)"*) echo "https://$4-abc-ew.a.run.app"; exit ;;
  *"--format=value(projectNumber)"*) echo 12345; exit ;;
  *"--format=value(location)"*) echo EUROPE-WEST4; exit ;;
  *"--format=value(locationId)"*) echo eur3; exit ;;
  *"--format=value(transport.pubsub.subscription)"*) echo "projects/p/subscriptions/eventarc-$4-sub"; exit ;;
  "storage service-agent") echo agent@gs-project-accounts.iam.gserviceaccount.com; exit ;;
  "secrets describe "*) [[ -z ${NO_SECRETS:-} ]]; exit ;;
  "run services replace -"*) cat >>"$STATE/described"; exit ;;
esac
words=
for word in "$@"; do
  [[ $word == --* || $word == create || $word == describe || $word == http ]] || words+=_${word%@*}
done
thing=$STATE/${words//[^A-Za-z0-9]/_}
case " $* " in
  *" describe "*) [[ -e $thing ]] ;;
  *" create "*) [[ ! -e $thing ]] && : >"$thing" ;;
esac
"#;

/// A folder with the files of a program in it, and such a gcloud.
pub(super) struct Folder(PathBuf);

/// How a script ended, and what it said.
pub(super) struct Ended {
    pub(super) code: Option<i32>,
    pub(super) said: String,
    /// The arguments of each call of gcloud's, without the project and `--quiet`.
    pub(super) calls: Vec<Vec<String>>,
    /// The services as they were described.
    pub(super) described: String,
}

impl Folder {
    pub(super) fn of(name: &str, manifest: &Manifest, units: Units) -> Self {
        let path = std::env::temp_dir().join(format!("polyfn-deploy-{name}-{}", std::process::id()));
        let _ = fs::remove_dir_all(&path);
        fs::create_dir_all(path.join("state")).unwrap();
        fs::create_dir_all(path.join("bin")).unwrap();
        let gcloud = File { executable: true, ..File::new("bin/gcloud", GCLOUD) };
        for file in files(manifest, units).unwrap().iter().chain([&gcloud]) {
            crate::manifest::Folder::new(&path).write(file).unwrap();
        }
        Self(path)
    }

    /// Runs the script with these variables in its environment.
    pub(super) fn run(&self, env: &[(&str, &str)]) -> Ended {
        let state = self.0.join("state");
        let _ = fs::remove_file(state.join("calls"));
        let _ = fs::remove_file(state.join("described"));
        let path = std::env::join_paths(
            [self.0.join("bin")].into_iter().chain(std::env::split_paths(&std::env::var_os("PATH").unwrap())),
        );
        let done = Command::new("bash")
            .arg(self.0.join("deploy.sh"))
            .env("PATH", path.unwrap())
            .env("STATE", &state)
            .envs(env.iter().copied())
            .current_dir(std::env::temp_dir())
            .output()
            .unwrap();
        let noted = fs::read_to_string(state.join("calls")).unwrap_or_default();
        let arguments = |call: &str| call.split_terminator('\u{1f}').skip(2).map(str::to_owned).collect();
        Ended {
            code: done.status.code(),
            said: String::from_utf8_lossy(&done.stdout).into_owned() + &String::from_utf8_lossy(&done.stderr),
            calls: noted.split_terminator('\u{1e}').map(arguments).collect(),
            described: fs::read_to_string(state.join("described")).unwrap_or_default(),
        }
    }

    /// Where the program's files are.
    pub(super) fn path(&self) -> &PathBuf {
        &self.0
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

impl Ended {
    /// The calls that begin with these words, each in a line.
    pub(super) fn of(&self, words: &str) -> Vec<String> {
        self.calls.iter().map(|call| call.join(" ")).filter(|call| call.starts_with(words)).collect()
    }
}

/// The shop as one unit, made and brought up to date again: run once for all tests that look at it.
pub(super) fn shop_twice() -> &'static [Ended; 2] {
    static RUN: OnceLock<[Ended; 2]> = OnceLock::new();
    RUN.get_or_init(|| {
        let folder = Folder::of("shop", &shop(), Units::One);
        [folder.run(&shop_env()), folder.run(&shop_env())]
    })
}

/// What the shop's script needs.
pub(super) fn shop_env() -> Vec<(&'static str, &'static str)> {
    let own = [
        ("TABLE", "a \"b\" $HOME `id`\n'c' \\"),
        ("MODE", "${TABLE}"),
        ("LOGINS_SERVICE", "a.googleapis.com"),
        ("LOGINS_METHOD", "m"),
    ];
    ENV.into_iter().chain(own).collect()
}

/// What every script needs.
pub(super) const ENV: [(&str, &str); 3] =
    [("PROJECT", "my-project"), ("REGION", "europe-west1"), ("IMAGE", "r.example/p/shop:1")];
