//! `cargo polyfn report`: what a program takes to start, to run and to pay for, on each provider.
//!
//! It is measured from outside its process, under each provider's host on this machine.

mod artefact;
mod budget;
mod cost;
mod costs;
mod decimal;
mod host;
mod json;
mod measured;
mod measuring;
mod memory;
mod money;
mod plot;
mod prices;
mod sample;
mod spread;
mod text;
mod units;

use std::{
    fs,
    path::{Path, PathBuf},
    process::ExitCode,
    time::Duration,
};

use clap::{Args, ValueEnum};
use polyfn_shim::{Event, manifest::Manifest};

pub(crate) use self::{
    budget::{Budget, exceeded},
    units::size,
};
use self::{costs::Costs, prices::Prices};
pub(crate) use self::{
    measured::Measured,
    measuring::{Measuring, Wanted},
};
use crate::{
    decode::read,
    failure::Failure,
    program::{Build, Chosen, Unbuilt, described},
    target::Target,
    terminal::{Paint, on_one_line, print, say},
    whole,
};

/// Measure the program as each provider starts and calls it, and say what it would cost there
///
/// It is built for each provider and runs behind that provider's host on this machine: how long it takes from its start to the first
/// reply, how large it is, how much memory it takes, how many events it handles in a second, what a million invocations cost, and from
/// how many on a container that runs all the time is cheaper. One of its functions is really called, many times.
#[derive(Args, Debug)]
#[command(after_help = "Examples:
  cargo polyfn report
  cargo polyfn report --provider aws --provider gcp --svg report.svg
  cargo polyfn report --event order.json --format json

The prices and where they are from are in a file, `cli/prices.json` of polyfn's own sources; `--prices` takes another of that form.")]
pub(crate) struct Report {
    /// Who is to run the functions; can be given several times [default: all of them]
    #[arg(long, value_enum)]
    provider: Vec<Target>,
    /// The function to call, with an event that is made up [default: the first that handles one]
    #[arg(long, value_name = "NAME")]
    function: Option<String>,
    /// The event to call it with, as `cargo polyfn decode` prints it; `-` reads standard input
    #[arg(long, value_name = "FILE")]
    event: Option<PathBuf>,
    /// How often the program is started
    #[arg(long, default_value_t = 20, value_parser = clap::value_parser!(u32).range(1..=1_000))]
    runs: u32,
    /// How long the program may take to answer
    #[arg(long, value_name = "SECONDS", default_value_t = 30, value_parser = clap::value_parser!(u64).range(1..=900))]
    timeout: u64,
    /// How the report is written
    #[arg(long, value_enum, default_value_t)]
    format: Format,
    /// Draw the starts and the costs into this file, too
    #[arg(long, value_name = "FILE")]
    svg: Option<PathBuf>,
    /// Take the prices from this file
    #[arg(long, value_name = "FILE")]
    prices: Option<PathBuf>,
    /// Measure this program, which is built for all these providers, in the place of building one
    #[arg(long, value_name = "FILE")]
    program: Option<PathBuf>,
    #[command(flatten)]
    build: Build,
}

/// How the report is written.
#[derive(Clone, Copy, Debug, Default, ValueEnum)]
enum Format {
    /// Tables, for people
    #[default]
    Text,
    /// One JSON object
    Json,
}

/// A program that is built for a provider.
pub(crate) struct Built {
    target: Target,
    pub(crate) program: PathBuf,
    pub(crate) manifest: Manifest,
}

impl Report {
    pub(crate) async fn run(&self) -> Result<ExitCode, Failure> {
        // What is wrong with a file is said before anything is built.
        let prices = Prices::load(self.prices.as_deref())?;
        let event = self.event.as_deref().map(event).transpose()?;
        let (programs, folder) = self.programs().await?;
        let Some(first) = programs.first() else { return Err(Failure::usage("there is no provider to report on")) };
        let measuring = Measuring { runs: self.runs, limit: Duration::from_secs(self.timeout) };
        let wanted = match (event, &self.function) {
            (Some(event), name) => Wanted::Event(Box::new(event), name.as_deref()),
            (None, Some(name)) => Wanted::Function(name),
            (None, None) => Wanted::Any,
        };
        let mut subject = measuring.subject(&first.program, &first.manifest, first.target, wanted).await?;
        let mut measured = Vec::new();
        for Built { target, program, .. } in &programs {
            say(format_args!("measures `{}` as on {}", subject.function, target.as_str()));
            subject.program.clone_from(program);
            let figures = measuring.measure(&subject, *target, folder.as_deref()).await?;
            if let Some(refused) = &figures.refused {
                let function = &subject.function;
                say(format_args!(
                    "`{function}` answers its event with {refused}, and that is what is measured; give one that it handles with --event",
                ));
            }
            measured.push(figures);
        }
        let declared = first.manifest.functions.iter().filter_map(|entry| entry.memory_mb).max();
        let costs = Costs::of(&prices, &measured, declared);
        let (manifest, function) = (&first.manifest, subject.function.as_str());
        match self.format {
            Format::Text => print(text::text(manifest, function, self.runs, &measured, &costs, Paint::stdout())),
            Format::Json => print(format_args!("{:#}\n", json::json(manifest, function, self.runs, &measured, &costs))),
        }
        // What was measured is shown by then, if it cannot be written.
        if let Some(file) = &self.svg {
            let picture = plot::draw(&first.manifest.program, &measured, &costs);
            whole::write(file, &picture, |_| Ok(()))
                .map_err(|error| Failure::new(format!("{}: cannot write: {error}", file.display())))?;
        }
        Ok(ExitCode::SUCCESS)
    }

    /// The programs to measure, and the folder where Cargo puts what it builds.
    async fn programs(&self) -> Result<(Vec<Built>, Option<PathBuf>), Failure> {
        let mut targets: Vec<Target> = Vec::new();
        for target in if self.provider.is_empty() { &Target::ALL[..] } else { &self.provider } {
            if !targets.contains(target) {
                targets.push(*target);
            }
        }
        if let Some(program) = &self.program {
            let built = targets.into_iter().map(|target| Built::find(program.clone(), target));
            return Ok((built.collect::<Result<_, _>>()?, None));
        }
        let workspace = self.build.workspace().await?;
        let chosen = workspace.chosen(&self.build)?;
        let mut programs = Vec::new();
        for target in targets {
            programs.push(Built::new(&self.build, &chosen, target).await?);
        }
        Ok((programs, Some(workspace.target().to_owned())))
    }
}

impl Built {
    /// Builds it.
    pub(crate) async fn new(build: &Build, chosen: &Chosen, target: Target) -> Result<Self, Failure> {
        say(format_args!("builds `{}` for {}", chosen.bin, target.as_str()));
        let built = build.for_provider(target).build(chosen).await.map_err(Unbuilt::into_failure)?;
        // The next build may write over it.
        Self::find(kept(&built.executable, target)?, target)
    }

    fn find(program: PathBuf, target: Target) -> Result<Self, Failure> {
        let shown = program.display();
        let bytes = fs::read(&program).map_err(|error| Failure::usage(format!("{shown}: cannot read: {error}")))?;
        let manifest = described(&bytes).map_err(|failure| Failure::usage(format!("{shown}: {failure}")))?;
        if !manifest.providers.contains(&target.provider()) {
            let provider = target.as_str();
            return Err(Failure::usage(format!("{shown}: it was built without {provider}; switch on its feature `{provider}`")));
        }
        Ok(Self { target, program, manifest })
    }
}

/// The program under a name of its own, beside where Cargo puts the next.
fn kept(executable: &Path, target: Target) -> Result<PathBuf, Failure> {
    let name = executable.file_name().unwrap_or_default();
    let folder = executable.with_file_name("polyfn-report").join(target.as_str());
    let file = folder.join(name);
    let copied = fs::create_dir_all(&folder).and_then(|()| fs::copy(executable, &file));
    copied.map_err(|error| Failure::new(format!("{}: cannot write: {error}", file.display())))?;
    Ok(file)
}

fn event(file: &Path) -> Result<Event, Failure> {
    let json = read(file).map_err(Failure::usage)?;
    let wrong = |why: String| Failure::usage(format!("{}: {}", file.display(), on_one_line(&why)));
    let json = std::str::from_utf8(&json).map_err(|error| wrong(error.to_string()))?;
    Event::from_json(json).map_err(|error| wrong(error.to_string()))
}
