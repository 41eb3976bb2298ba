//! A small program in a folder of its own, which says of itself what a program with functions says, and the command that packs it.

#![expect(clippy::unwrap_used, clippy::panic, reason = "what a test needs and does not find fails the test")]

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Output},
};

/// A program `shop` with a stand-in for polyfn beside it, so that a build takes a second.
pub(crate) struct Shop {
    folder: PathBuf,
}

const MAIN: &str = r#"
fn main() {
    let carried = std::hint::black_box(polyfn::CARRIED);
    // A place in the source, as a panic shows it.
    let function = std::env::var("POLYFN_FUNCTION").ok();
    println!("{} bytes from {} and {}, function {function:?}", carried.len(), polyfn::place().file(), polyfn::written());
}
"#;

const POLYFN: &str = r#"
pub static CARRIED: &[u8] = include_bytes!(concat!(env!("CARGO_MANIFEST_DIR"), "/carried"));

#[track_caller]
pub fn place() -> &'static std::panic::Location<'static> {
    std::panic::Location::caller()
}

include!(concat!(env!("OUT_DIR"), "/written.rs"));
"#;

/// What it writes is compiled by its whole path.
const SCRIPT: &str = r#"
fn main() {
    let out = std::env::var("OUT_DIR").unwrap();
    std::fs::write(out + "/written.rs", "pub fn written() -> &'static str { file!() }").unwrap();
}
"#;

const PROVIDERS: &str =
    "aws = [\"polyfn/aws\"]\ngcp = [\"polyfn/gcp\"]\nazure = [\"polyfn/azure\"]\ncontainer = [\"polyfn/container\"]\n";

impl Shop {
    /// One with the functions `add` and `nightly`, in a folder of this name.
    pub(crate) fn new(name: &str) -> Self {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("build-{name}"));
        let _ = fs::remove_dir_all(&folder);
        let shop = Self { folder };
        let package = "[package]\nname = \"shop\"\nversion = \"1.2.0\"\nedition = \"2024\"\ndescription = \"A \\\"shop\\\"\"\nlicense = \"MIT\"\n";
        let features = format!("[features]\ndefault = [\"aws\", \"local\"]\nlocal = [\"polyfn/local\"]\n{PROVIDERS}");
        shop.write("Cargo.toml", &format!("{package}\n[dependencies]\npolyfn = {{ path = \"polyfn\", default-features = false }}\n\n{features}\n[workspace]\n"));
        shop.write("src/main.rs", MAIN);
        let features = "[features]\ndefault = [\"local\"]\naws = []\ngcp = []\nazure = []\ncontainer = []\nlocal = []\n";
        shop.write(
            "polyfn/Cargo.toml",
            &format!("[package]\nname = \"polyfn\"\nversion = \"0.1.0\"\nedition = \"2024\"\n{features}"),
        );
        shop.write("polyfn/src/lib.rs", POLYFN);
        shop.write("polyfn/build.rs", SCRIPT);
        shop.carries(
            r#"{"name":"add","module":"shop","trigger":"direct"},{"name":"nightly","module":"shop","trigger":"schedule","resource":"0 5 * * *"}"#,
        );
        shop
    }

    /// Makes it say that these are its functions.
    pub(crate) fn carries(&self, functions: &str) {
        let json = format!(r#"{{"polyfn":"0.1.0","program":"shop","version":"1.2.0","providers":[],"functions":[{functions}]}}"#);
        self.write("polyfn/carried", &format!("\u{1}polyfn manifest 1\u{2}{:08}{json}", json.len()));
    }

    pub(crate) fn write(&self, path: &str, text: &str) {
        let path = self.folder.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    /// Replaces a part of its manifest.
    pub(crate) fn edit(&self, old: &str, new: &str) {
        let text = fs::read_to_string(self.folder.join("Cargo.toml")).unwrap();
        assert!(text.contains(old), "{text}");
        self.write("Cargo.toml", &text.replace(old, new));
    }

    pub(crate) fn folder(&self) -> &Path {
        &self.folder
    }

    /// Where the artefacts for a provider are.
    pub(crate) fn out(&self, provider: &str) -> PathBuf {
        self.folder.join("target/polyfn").join(provider)
    }

    pub(crate) fn read(&self, provider: &str, path: &str) -> Vec<u8> {
        let path = self.out(provider).join(path);
        fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
    }

    /// `cargo polyfn build` in its folder, as a person runs it, but quicker: less is optimized.
    pub(crate) fn command(&self) -> Command {
        let mut command = self.command_of(env!("CARGO_BIN_EXE_cargo-polyfn"));
        command.args(["polyfn", "build", "--offline"]);
        command
    }

    /// The same without such help.
    pub(crate) fn thorough(&self) -> Command {
        let mut command = self.command();
        command.env_remove("CARGO_PROFILE_POLYFN_RELEASE_LTO");
        command
    }

    /// A program in its folder that will build it.
    pub(crate) fn command_of(&self, program: &str) -> Command {
        let mut command = Command::new(program);
        command.current_dir(&self.folder).env("CARGO_PROFILE_POLYFN_RELEASE_LTO", "off");
        for variable in ["CARGO_TARGET_DIR", "RUSTFLAGS", "CARGO_ENCODED_RUSTFLAGS", "SOURCE_DATE_EPOCH"] {
            command.env_remove(variable);
        }
        command
    }

    pub(crate) fn build(&self, args: &[&str]) -> Ran {
        Ran::of(self.command().args(args).output().unwrap())
    }
}

/// What a command did.
#[derive(Debug)]
pub(crate) struct Ran {
    pub(crate) code: Option<i32>,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Ran {
    pub(crate) fn of(output: Output) -> Self {
        let text = |bytes| String::from_utf8(bytes).unwrap();
        Self { code: output.status.code(), out: text(output.stdout), err: text(output.stderr) }
    }

    /// What it ended with, in one line.
    pub(crate) fn error(&self) -> &str {
        let last = self.err.lines().last().unwrap_or_default();
        last.strip_prefix("error: ").unwrap_or_else(|| panic!("no error: {self:?}"))
    }
}
