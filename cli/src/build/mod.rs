//! `cargo polyfn build`: a program as a provider takes it.

mod advice;
mod compile;
mod content;
mod digest;
mod elf;
mod features;
mod flags;
mod host;
mod image;
mod package;
mod progress;
mod staged;
mod tar;
mod time;
mod toolchain;
mod triple;
mod units;
mod zip;

use std::{
    env,
    path::{Path, PathBuf},
    process::ExitCode,
};

use clap::Args;

use self::{
    compile::Compile,
    elf::Elf,
    package::{Artefact, Package},
    time::Time,
    toolchain::Toolchain,
    triple::Triple,
};
use crate::{
    columns::columns,
    failure::Failure,
    measure::size,
    program::{self, Signals, described},
    target::Target,
    terminal::{Paint, from_here, print, say},
};

/// Build the program for a provider, packed as the provider takes it
///
/// The program holds that provider alone and is small. AWS gets a zip for Lambda, Azure one for a function app, Google Cloud and
/// every other host of containers an image, as an OCI layout and as a tar to load. Nothing but Rust is needed, and the same sources
/// give the same bytes, whatever folder they are in.
#[derive(Args, Debug)]
#[command(after_help = "Examples:
  cargo polyfn build --provider aws
  cargo polyfn build --provider gcp --split
  cargo polyfn build --provider aws --target aarch64-unknown-linux-musl
  cargo polyfn build --provider container && docker load --input target/polyfn/container/NAME.tar

The profile is `polyfn-release`: `release`, but small, as one unit, without symbols. Cargo's variables change it, such as
CARGO_PROFILE_POLYFN_RELEASE_OPT_LEVEL=3; SOURCE_DATE_EPOCH says what time everything in an artefact has.")]
pub(crate) struct Build {
    /// Who is to run the functions
    #[arg(long)]
    provider: Target,
    /// Make one unit of each function, instead of one of all
    #[arg(long)]
    split: bool,
    /// Only this function; may be given several times
    #[arg(long, value_name = "NAME")]
    function: Vec<String>,
    /// What to compile for, as rustc names it; for another processor or system cargo-zigbuild is used if it is there [default:
    /// x86_64, for this machine's own Linux or with musl]
    #[arg(long, value_name = "TRIPLE")]
    target: Option<String>,
    /// The folder of the artefacts [default: target/polyfn/PROVIDER]
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// The package that has the program
    #[arg(short, long, help_heading = "Build")]
    package: Option<String>,
    /// The program, if the package has several
    #[arg(long, value_name = "NAME", help_heading = "Build")]
    bin: Option<String>,
    /// Features to switch on besides the provider's
    #[arg(short = 'F', long, help_heading = "Build")]
    features: Vec<String>,
    /// Use no network
    #[arg(long, help_heading = "Build")]
    offline: bool,
}

impl Build {
    pub(crate) async fn run(&self) -> Result<ExitCode, Failure> {
        let mut signals = Signals::watch()?;
        tokio::select! {
            // Dropped by a signal alone, which ends the build too and removes what is half written.
            done = self.build() => done.map(|()| ExitCode::SUCCESS),
            () = signals.next() => Ok(ExitCode::from(130)),
        }
    }

    async fn build(&self) -> Result<(), Failure> {
        let time = Time::read(env::var("SOURCE_DATE_EPOCH").ok().as_deref())?;
        let asked = self.target.as_deref().map(Triple::read).transpose()?;
        let program = self.program();
        let workspace = program.workspace().await?;
        let chosen = workspace.chosen(&program)?;
        let package = workspace.package(&chosen).ok_or_else(|| Failure::new("cargo does not say what the package is"))?;
        let features = features::chosen(&package.name, &package.features, self.provider, &self.features)?;
        let toolchain = Toolchain::of(workspace.root()).await?;
        let triple = asked.unwrap_or_else(|| Triple::default_on(&toolchain.machine));
        let processor = triple.processor(self.provider)?;
        toolchain.check(&triple).await?;
        let compile = Compile {
            workspace: &workspace,
            chosen: &chosen,
            toolchain: &toolchain,
            target: self.provider,
            triple: &triple,
            features: &features,
            offline: self.offline,
            time,
        };
        say(format_args!("building `{}` for {} ({triple})", chosen.bin, self.provider.as_str()));
        let file = compile::read(&compile.run().await?)?;
        host::accepts(self.provider, &triple, processor, &Elf::read(&file)?)?;
        let manifest = described(&file)?;
        let units = units::units(self.provider, &manifest, self.split, &self.function)?;
        let out = self.out.clone().unwrap_or_else(|| workspace.target().join("polyfn").join(self.provider.as_str()));
        let made = Package { target: self.provider, processor, program: &chosen.bin, file: &file, package, time };
        let artefacts = made.write(&units, &out)?;
        print(table(&artefacts, &out, Paint::stdout()));
        print(format_args!("\n{}\n", self.manifests(package)));
        Ok(())
    }

    /// Where the manifests are.
    fn manifests(&self, package: &program::Package) -> String {
        let (provider, folder) = (self.provider.as_str(), package.folder().join("polyfn").join(self.provider.as_str()));
        let shown = from_here(&folder).display();
        if folder.is_dir() {
            format!("The manifests are in {shown}.")
        } else {
            format!("`cargo polyfn manifest --provider {provider}` writes the manifests to {shown}.")
        }
    }

    fn program(&self) -> program::Build {
        let mut program = program::Build::default();
        program.package.clone_from(&self.package);
        program.bin.clone_from(&self.bin);
        program.offline = self.offline;
        program
    }
}

/// What was made, one a line.
fn table(artefacts: &[Artefact], out: &Path, paint: Paint) -> String {
    let head = ["artefact", "size", "sha256", "functions"].map(str::to_owned);
    let row = |artefact: &Artefact| {
        let path = from_here(&out.join(&artefact.path)).display().to_string();
        [path, size(u64::try_from(artefact.size).unwrap_or(u64::MAX)), artefact.digest.to_string(), artefact.functions.join(", ")]
    };
    let rows: Vec<_> = std::iter::once(head).chain(artefacts.iter().map(row)).collect();
    columns(&rows, 1..2, paint)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_made_is_a_line_each() {
        let artefact = Artefact {
            path: "shop/bootstrap.zip".into(),
            size: 612_345,
            digest: digest::Digest::of(b"abc"),
            functions: vec!["a".into(), "b".into()],
        };
        let digest = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        let text = table(&[artefact], Path::new("/no such/out"), Paint::default());
        let path = "/no such/out/shop/bootstrap.zip";
        let [head, line] = text.lines().collect::<Vec<_>>()[..] else { panic!("{text}") };
        assert_eq!(line, format!("{path}  612 kB  {digest}  a, b"));
        assert!(head.starts_with("artefact") && head.ends_with("functions"), "{head}");
    }
}
