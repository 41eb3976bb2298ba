//! `cargo polyfn add`: one more function for a program.

mod program;

use std::{
    fs,
    path::{Path, PathBuf},
    process::ExitCode,
};

use clap::Args;

use crate::{
    failure::Failure,
    new::{function, triggers},
    program::{Build, Chosen, Workspace},
    sketch::{self, Function, Trigger, formatted},
    terminal::{from_here, say},
    whole,
};

/// Add a function to the program, with tests that call it as each provider would
///
/// The function gets a file of its own, and its name is added to `polyfn::main!(..)`; nothing else is changed.
#[derive(Args, Debug)]
#[command(after_help = "Examples:
  cargo polyfn add fulfil --trigger queue
  cargo polyfn add nightly --trigger schedule -p shop")]
pub(crate) struct Add {
    /// The function's name
    #[arg(value_name = "NAME")]
    name: String,
    /// What starts it [default: asked for at a terminal]
    #[arg(long, value_name = "TRIGGER")]
    trigger: Option<Trigger>,
    /// The package that has the program
    #[arg(short, long)]
    package: Option<String>,
    /// The program, if the package has several
    #[arg(long, value_name = "NAME")]
    bin: Option<String>,
}

impl Add {
    pub(crate) async fn run(&self) -> Result<ExitCode, Failure> {
        function(&self.name)?;
        let function = Function::named(self.trigger()?, &self.name);
        let build = Build::of(self.package.as_deref(), self.bin.as_deref());
        let workspace = build.workspace().await?;
        let chosen = workspace.chosen(&build)?;
        needs(&workspace, &chosen, &function)?;
        let main =
            workspace.source(&chosen).ok_or_else(|| Failure::new(format!("cargo does not say where `{}` is", chosen.bin)))?;
        let file = beside(main, &self.name)?;
        let text = fs::read_to_string(main).map_err(|error| Failure::new(format!("{}: {error}", main.display())))?;
        let added = program::with(&text, &self.name).map_err(|reason| Failure::new(format!("{}: {reason}", main.display())))?;
        let folder = main.parent().unwrap_or(Path::new("."));
        // Only who has it formatted wants it formatted.
        let is_formatted = formatted(&text, folder).is_some_and(|same| same == text);
        let added = if is_formatted { formatted(&added, folder).unwrap_or(added) } else { added };
        let code = code(&function);
        // The file is there before the program names it.
        write(&file, &formatted(&code, folder).unwrap_or(code))?;
        if let Err(failure) = write(main, &added) {
            let _ = fs::remove_file(&file);
            return Err(failure);
        }
        say(format_args!("added `{}` ({}) in {}", self.name, function.trigger.as_str(), from_here(&file).display()));
        Ok(ExitCode::SUCCESS)
    }

    fn trigger(&self) -> Result<Trigger, Failure> {
        if let Some(trigger) = self.trigger {
            return Ok(trigger);
        }
        match triggers(&[])?.as_slice() {
            [trigger] => Ok(*trigger),
            [] => Err(Failure::usage(
                "say with `--trigger` what starts the function: http, direct, queue, topic, object, schedule, change, stream or event",
            )),
            _ => Err(Failure::usage("one function has one trigger")),
        }
    }
}

/// What the code that is written names has to be among the dependencies.
fn needs(workspace: &Workspace, chosen: &Chosen, function: &Function) -> Result<(), Failure> {
    let needed = [
        ("polyfn", "cargo add polyfn", true),
        ("serde", "cargo add serde --features derive", function.type_name().is_some()),
        ("http", "cargo add http --dev", function.trigger == Trigger::Http),
    ];
    let missing = needed.iter().filter(|(name, _, is_needed)| *is_needed && !workspace.depends_on(chosen, name));
    let commands: Vec<_> = missing.map(|(_, command, _)| *command).collect();
    if commands.is_empty() {
        return Ok(());
    }
    let commands = commands.join(" && ");
    Err(Failure::new(format!("the function and its tests need a dependency that is not there; first run: {commands}")))
}

/// The file of a new module of this program.
fn beside(main: &Path, name: &str) -> Result<PathBuf, Failure> {
    let folder = main.parent().unwrap_or(Path::new("."));
    if folder.ends_with("src/bin") {
        let stem = main.file_stem().unwrap_or_default().to_string_lossy();
        return Err(Failure::new(format!("a file in src/bin/ has no modules beside it; move {0}.rs to {0}/main.rs first", stem)));
    }
    let (file, other) = (folder.join(format!("{name}.rs")), folder.join(name).join("mod.rs"));
    for there in [&file, &other] {
        if there.symlink_metadata().is_ok() {
            return Err(Failure::new(format!("{} exists already, and is left as it is", from_here(there).display())));
        }
    }
    Ok(file)
}

fn code(function: &Function) -> String {
    format!(
        "{}\n#[cfg(test)]\nmod tests {{\n{}}}\n",
        sketch::code(std::slice::from_ref(function), "pub(crate) "),
        sketch::tests(std::slice::from_ref(function), "super")
    )
}

/// Writes a file whole, or leaves what is there.
fn write(file: &Path, text: &str) -> Result<(), Failure> {
    let written = whole::write(file, text, |aside| match fs::metadata(file) {
        Ok(there) => fs::set_permissions(aside, there.permissions()),
        Err(_) => Ok(()),
    });
    written.map_err(|error| Failure::new(format!("cannot write {}: {error}", from_here(file).display())))
}
