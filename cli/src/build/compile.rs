use std::{
    collections::BTreeSet,
    env,
    ffi::{OsStr, OsString},
    path::{Path, PathBuf},
    process::Stdio,
};

use serde::Deserialize;
use tokio::{
    io::{AsyncBufReadExt, AsyncRead, BufReader},
    process::Command,
};

use super::{
    advice::advice,
    features,
    flags::{Given, Remap, given},
    host,
    progress::Progress,
    time::Time,
    toolchain::{Toolchain, has_own_linker, is_on_path},
    triple::Triple,
};
use crate::{
    failure::Failure,
    program::{Chosen, Workspace, without_colours},
    target::Target,
    terminal::Paint,
};

/// A profile of our own beside `release`, so that a build for a provider and the user's own builds do not undo one another's work.
///
/// A panic unwinds: it is to fail one event, not the process.
const PROFILE: &str = "polyfn-release";
const SETTINGS: [(&str, &str); 6] = [
    ("inherits", "\"release\""),
    ("opt-level", "\"s\""),
    ("lto", "\"fat\""),
    ("codegen-units", "1"),
    ("strip", "true"),
    ("debug", "false"),
];

/// A build of a program for a provider.
pub(super) struct Compile<'a> {
    pub(super) workspace: &'a Workspace,
    pub(super) chosen: &'a Chosen,
    pub(super) toolchain: &'a Toolchain,
    pub(super) target: Target,
    pub(super) triple: &'a Triple,
    pub(super) features: &'a [String],
    pub(super) offline: bool,
    pub(super) time: Time,
}

/// One line of what Cargo prints with `--message-format=json`.
#[derive(Deserialize)]
struct Message {
    reason: String,
    package_id: Option<String>,
    target: Option<Named>,
    executable: Option<PathBuf>,
}

#[derive(Deserialize)]
struct Named {
    name: String,
}

impl Compile<'_> {
    /// Builds it, and gives back the file of the program.
    ///
    /// # Cancel safety
    /// The build is cut off.
    pub(super) async fn run(&self) -> Result<PathBuf, Failure> {
        let mut command = self.command()?;
        let progress = Progress::of(self.packages().await?);
        if progress.is_shown() {
            command.arg("--quiet");
        }
        let (mut executable, mut said, mut done) = (None, String::new(), BTreeSet::new());
        let status = watched(
            command,
            |line| {
                let Ok(message) = serde_json::from_str::<Message>(line) else { return };
                let (Some(package), Some(target)) = (message.package_id, message.target) else { return };
                if message.reason == "compiler-artifact" {
                    if target.name == self.chosen.bin && message.executable.is_some() {
                        executable = message.executable;
                    }
                    done.insert(package);
                    progress.at(done.len());
                    progress.doing(target.name);
                }
            },
            |line| {
                progress.print(line);
                said.push_str(&without_colours(line));
            },
        );
        if !status.await? {
            let advice = advice(&said, self.triple, &self.toolchain.machine);
            return Err(Failure::new(advice.unwrap_or_else(|| "the program does not build".to_owned())));
        }
        executable.ok_or_else(|| Failure::new(format!("cargo says it has built `{}`, but not where it is", self.chosen.bin)))
    }

    /// What Cargo is told.
    fn command(&self) -> Result<Command, Failure> {
        let zig = self.with_zig()?;
        let mut command = self.cargo(if zig { &["zigbuild"] } else { &["build"] });
        let target = self.triple.to_string();
        command.args(["--bin", &self.chosen.bin, "--profile", PROFILE, "--message-format=json-render-diagnostics"]);
        command.args(["--target", if zig { &target } else { self.triple.name() }]);
        for (name, value) in SETTINGS {
            // Cargo's own variable for it would not count beside an option.
            let variable = format!("CARGO_PROFILE_{PROFILE}_{name}").to_uppercase().replace('-', "_");
            if env::var_os(variable).is_none() {
                command.arg("--config").arg(format!("profile.{PROFILE}.{name}={value}"));
            }
        }
        self.flags(&mut command);
        // Rust brings a linker and musl along, which is enough for a program without C of its own.
        let home = cargo_home();
        if !zig
            && self.triple.is_musl()
            && !self.toolchain.links(self.triple)
            && !has_own_linker(self.workspace.root(), home.as_deref())
        {
            command.arg("--config").arg(format!("target.{}.linker=\"rust-lld\"", self.triple.name()));
        }
        // What a C compiler or a build script writes of the time.
        command.env("SOURCE_DATE_EPOCH", self.time.seconds().to_string());
        Ok(command)
    }

    /// Whether cargo-zigbuild is to link it, which brings a linker and a C compiler for every target.
    fn with_zig(&self) -> Result<bool, Failure> {
        let (triple, there) = (self.triple, is_on_path("cargo-zigbuild"));
        let zig = there && triple.name() != self.toolchain.machine || triple.glibc().is_some();
        let architecture = triple.name().split('-').next().unwrap_or_default();
        if zig && !there {
            return Err(Failure::new(format!(
                "only cargo-zigbuild links for a chosen glibc as in `{triple}`; run: pip install cargo-zigbuild (or cargo install \
                 cargo-zigbuild, and install Zig)"
            )));
        }
        if zig && triple.is_gnu() && host::is_static(self.target) {
            return Err(Failure::usage(format!(
                "cargo-zigbuild cannot link `{triple}` statically, as {} needs it; use `--target {architecture}-unknown-linux-musl`",
                self.target.as_str()
            )));
        }
        Ok(zig)
    }

    /// How many packages it is built from. It is seen here whether `polyfn` would hold other providers, before a long build.
    async fn packages(&self) -> Result<usize, Failure> {
        let mut command = self.cargo(&["tree", "--edges", "no-dev", "--prefix", "none", "--format", "{p}\t{f}"]);
        command.args(["--target", self.triple.name()]);
        let (mut packages, mut features) = (BTreeSet::new(), None);
        let found = watched(
            command,
            |line| {
                let (package, with) = line.trim_end_matches(" (*)").split_once('\t').unwrap_or((line, ""));
                if package.starts_with("polyfn v") {
                    features = Some(with.to_owned());
                }
                packages.insert(package.to_owned());
            },
            |line| eprint!("{line}"),
        );
        if !found.await? {
            return Err(Failure::new("cargo cannot find all packages that the program is built from"));
        }
        let Some(features) = features else {
            return Err(Failure::new(format!(
                "`{}` does not use polyfn, so it has no functions; run: cargo add polyfn",
                self.chosen.bin
            )));
        };
        let provider = self.target.as_str();
        match features::others(&features, self.target).as_slice() {
            [] => Ok(packages.len()),
            others => Err(Failure::new(format!(
                "`{}` would hold {} besides {provider}: a Cargo.toml switches them on by itself; write `default-features = false` where \
                 it names `polyfn`, and leave them out of its `features` there",
                self.chosen.bin,
                others.join(", "),
            ))),
        }
    }

    fn cargo(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env::var_os("CARGO").unwrap_or_else(|| OsString::from("cargo")));
        command.args(arguments).args(["--package", &self.chosen.package, "--no-default-features"]);
        command.args(["--features", &self.features.join(",")]);
        if self.offline {
            command.arg("--offline");
        }
        // Cargo sees a pipe where a person sees a terminal.
        if Paint::stderr().is_on() && env::var_os("CARGO_TERM_COLOR").is_none() {
            command.args(["--color", "always"]);
        }
        command
    }

    fn flags(&self, command: &mut Command) {
        let mut remap = Remap::default();
        remap.add(&self.toolchain.sysroot.join("lib/rustlib/src/rust"), "/rustc");
        if let Some(home) = cargo_home() {
            remap.add(&home, "/cargo");
        }
        for folder in self.workspace.folders(self.chosen) {
            let name = folder.file_name().unwrap_or(OsStr::new("package")).to_string_lossy().into_owned();
            remap.add(&folder, name);
        }
        remap.add(self.workspace.root(), ".");
        remap.add(self.workspace.target(), "target");
        let mut flags: Vec<_> = remap.flags().collect();
        let [encoded, plain] = ["CARGO_ENCODED_RUSTFLAGS", "RUSTFLAGS"].map(|name| env::var(name).ok());
        // To rustc the word for it weighs more than the word against it, wherever they stand.
        let has_own_word = encoded.iter().chain(&plain).any(|flags| flags.contains("crt-static"));
        if host::is_static(self.target) && !has_own_word {
            flags.push("-Ctarget-feature=+crt-static".to_owned());
        }
        match given(self.triple.name(), &flags, encoded.as_deref(), plain.as_deref()) {
            Given::Encoded(flags) => command.env("CARGO_ENCODED_RUSTFLAGS", flags),
            Given::Config(setting) => command.arg("--config").arg(setting),
        };
    }
}

fn cargo_home() -> Option<PathBuf> {
    env::var_os("CARGO_HOME").map(PathBuf::from).or_else(|| Some(env::home_dir()?.join(".cargo")))
}

/// Runs it to its end, and hands on what it writes, line by line, without and with the line's end. Gives back whether it succeeded.
async fn watched(mut command: Command, mut output: impl FnMut(&str), mut errors: impl FnMut(&str)) -> Result<bool, Failure> {
    let cannot = |error: std::io::Error| Failure::new(format!("`cargo` cannot be run: {error}"));
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).kill_on_drop(true);
    let mut child = command.spawn().map_err(cannot)?;
    let (stdout, stderr) = (child.stdout.take(), child.stderr.take());
    let output = lines(stdout, |line| output(line.trim_end_matches('\n')));
    let (status, (), ()) = tokio::try_join!(child.wait(), output, lines(stderr, &mut errors)).map_err(cannot)?;
    Ok(status.success())
}

async fn lines(stream: Option<impl AsyncRead + Unpin>, mut each: impl FnMut(&str)) -> std::io::Result<()> {
    let Some(stream) = stream else { return Ok(()) };
    let (mut stream, mut line) = (BufReader::new(stream), Vec::new());
    while stream.read_until(b'\n', &mut line).await? > 0 {
        each(&String::from_utf8_lossy(&line));
        line.clear();
    }
    Ok(())
}

/// A file of a program.
pub(super) fn read(path: &Path) -> Result<Vec<u8>, Failure> {
    std::fs::read(path).map_err(|error| Failure::new(format!("cannot read {}: {error}", path.display())))
}
