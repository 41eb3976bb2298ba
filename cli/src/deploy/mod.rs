//! `cargo polyfn deploy`: the providers' own tools, over what `build` and `manifest` wrote.

mod artefacts;
mod aws;
mod azure;
mod container;
mod gcp;
mod image;
mod plan;
mod settings;
mod step;
mod tools;

use std::{path::PathBuf, process::ExitCode};

use clap::Args;

pub(crate) use self::step::quoted;
use self::{artefacts::Artefacts, plan::Plan, settings::Settings, tools::Tools};
use crate::{
    check::Check,
    failure::Failure,
    program::Build,
    target::Target,
    terminal::{from_here, print},
};

/// Deploy the program with the provider's own tools
///
/// It takes what `cargo polyfn build` and `cargo polyfn manifest` wrote, and asks `cargo polyfn check` first: what that refuses is
/// not deployed.
///
/// AWS needs `aws`, and `sam` or a bucket, or `skopeo` for Fargate; Google Cloud `gcloud`, `bash` and `skopeo`; Azure `az`; a cluster with Knative
/// `kubectl`, and `skopeo` to push an image. They use your own login.
#[derive(Args, Debug)]
#[command(after_help = "Examples:
  cargo polyfn deploy --provider aws --dry-run
  cargo polyfn deploy --provider aws --region eu-central-1 --parameter Stage=test
  cargo polyfn deploy --provider container --image registry.example/shop
  cargo polyfn deploy --provider azure --resource-group my-shop --app my-shop-of-tea

What is the same every time may stand in Cargo.toml, by the names of the options:
  [package.metadata.polyfn.deploy.aws]
  region = \"eu-central-1\"
  parameters = { Stage = \"test\" }")]
pub(crate) struct Deploy {
    /// Who is to run the functions
    #[arg(long)]
    provider: Target,
    /// Print the commands, one a line, and run none of them
    #[arg(long)]
    dry_run: bool,
    /// The folder of the manifests [default: `polyfn` beside the package's Cargo.toml]
    #[arg(long, value_name = "DIR")]
    manifests: Option<PathBuf>,
    /// The folder of what was built for the provider [default: target/polyfn/PROVIDER]
    #[arg(long, value_name = "DIR")]
    artefacts: Option<PathBuf>,
    #[command(flatten)]
    settings: Settings,
    /// The package that has the program
    #[arg(short, long, help_heading = "Build")]
    package: Option<String>,
    /// The program, if the package has several
    #[arg(long, value_name = "NAME", help_heading = "Build")]
    bin: Option<String>,
}

impl Deploy {
    pub(crate) async fn run(&self) -> Result<ExitCode, Failure> {
        let build = Build::of(self.package.as_deref(), self.bin.as_deref());
        let workspace = build.workspace().await?;
        let chosen = workspace.chosen(&build)?;
        let provider = self.provider.as_str();
        let folder = workspace.folders(&chosen).into_iter().next().unwrap_or_default();
        let manifests = self.manifests.clone().unwrap_or_else(|| folder.join("polyfn")).join(provider);
        let settings = self.settings.or(Settings::read(workspace.metadata(&chosen), provider)?);
        // Fargate runs what every host of containers runs.
        let built = if settings.fargate { Target::Container.as_str() } else { provider };
        let artefacts = self.artefacts.clone().unwrap_or_else(|| workspace.target().join("polyfn").join(built));
        let artefacts = Artefacts {
            manifests: from_here(&manifests).to_owned(),
            built: from_here(&artefacts).to_owned(),
            program: chosen.bin.clone(),
            provider,
            built_for: built,
        };
        let tools = Tools::new(std::env::var_os("PATH").unwrap_or_default());
        let plan = Plan::new(self.provider, &artefacts, &settings, &tools)?;
        if self.dry_run {
            print(plan);
            return Ok(ExitCode::SUCCESS);
        }
        plan.run(&tools, async || self.checked(build).await).await
    }

    /// Asks `cargo polyfn check`, which tells by itself what it refuses.
    async fn checked(&self, build: Build) -> Result<(), Failure> {
        if Check::before(self.provider, self.manifests.clone(), build).run().await? == ExitCode::SUCCESS {
            return Ok(());
        }
        let provider = self.provider.as_str();
        Err(Failure::new(format!("`cargo polyfn check --provider {provider}` refuses it; nothing was deployed")))
    }
}

#[cfg(test)]
mod tests;
