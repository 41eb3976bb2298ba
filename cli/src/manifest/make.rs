use std::{path::PathBuf, process::ExitCode};

use clap::Args;

use super::{Folder, Overlay, Units, artefacts, files, folder_of, warnings};
use crate::{
    failure::Failure,
    program::{Build, Described},
    target::Target,
    terminal::{from_here, print, say},
};

/// Write what a provider has to be told of the program: templates, policies, triggers
///
/// The program is built, and what it says of its functions becomes the files that deploy them. They are written anew each time;
/// own edits stand beside them in `overlay.yaml` (`overlay.json` for JSON files), which has a member for each file that it
/// changes and is merged into what is generated: maps member by member, lists of named items by name, `null` takes away.
#[derive(Args, Debug)]
#[command(after_help = "Examples:
  cargo polyfn manifest --provider aws
  cargo polyfn manifest --provider gcp --split --out deploy

An overlay, polyfn/aws/overlay.yaml:
  template.yaml:
    Resources:
      ShopFunction:
        Properties:
          MemorySize: 1024")]
pub(crate) struct Make {
    /// Who is to run the functions
    #[arg(long, value_enum)]
    provider: Target,
    /// One unit of deployment for each function, not one for all
    #[arg(long)]
    split: bool,
    /// The folder of the manifests, with a folder for each provider in it [default: `polyfn` beside the package's Cargo.toml]
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    #[command(flatten)]
    build: Build,
}

impl Make {
    pub(crate) async fn run(&self) -> Result<ExitCode, Failure> {
        let Described { manifest, package, workspace } = self.build.described().await?;
        let out = folder_of(self.out.as_deref(), &package)?;
        let units = if self.split { Units::Split } else { Units::One };
        let out = out.join(self.provider.as_str());
        let generated = files(self.provider, &manifest, units, &artefacts(&workspace, &out, self.provider))?;
        let folder = Folder::new(out);
        let (made, notes) = Overlay::read(&folder)?.apply(generated)?;
        for warning in warnings(self.provider, &manifest, units) {
            say(format_args!("warning: {warning}"));
        }
        for note in notes {
            say(note);
        }
        for file in &made {
            folder.write(file)?;
            print(format_args!("{}\n", from_here(&folder.path(file)).display()));
        }
        for left in folder.left_over(&made) {
            say(format_args!("{} is of an earlier run, and not written any more; remove it", from_here(&left).display()));
        }
        Ok(ExitCode::SUCCESS)
    }
}
