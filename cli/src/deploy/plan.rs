use std::{fmt, process::ExitCode};

use super::{artefacts::Artefacts, aws, azure, container, gcp, settings::Settings, step::Step, tools::Tools};
use crate::{failure::Failure, target::Target, terminal::say};

/// The commands of a deployment, in their order.
#[derive(Debug)]
pub(super) struct Plan {
    pub(super) steps: Vec<Step>,
    login: Login,
}

/// How to hear whether somebody is logged in.
#[derive(Debug)]
pub(super) struct Login {
    pub(super) program: &'static str,
    pub(super) arguments: Vec<String>,
    /// What nobody is, and how to become it.
    pub(super) otherwise: &'static str,
}

impl Plan {
    /// Fails if something is missing that is to be deployed.
    pub(super) fn new(target: Target, artefacts: &Artefacts, settings: &Settings, tools: &Tools) -> Result<Self, Failure> {
        if settings.fargate && target != Target::Aws {
            return Err(Failure::usage("`--fargate` goes with `--provider aws`"));
        }
        let (steps, login) = match target {
            Target::Aws if settings.fargate => (aws::fargate(artefacts, settings)?, aws::login(settings)),
            Target::Aws => (aws::steps(artefacts, settings, tools)?, aws::login(settings)),
            Target::Gcp => (gcp::steps(artefacts, settings)?, gcp::login()),
            Target::Azure => (azure::steps(artefacts, settings)?, azure::login()),
            Target::Container => (container::steps(artefacts, settings)?, container::login(settings)),
        };
        Ok(Self { steps, login })
    }

    /// Runs the steps, if nothing speaks against it: a tool that is not there, nobody logged in, what `check` finds.
    ///
    /// The first that fails ends it, with its own exit code.
    pub(super) async fn run(self, tools: &Tools, check: impl AsyncFnOnce() -> Result<(), Failure>) -> Result<ExitCode, Failure> {
        let Login { program, arguments, otherwise } = &self.login;
        tools.need([*program].into_iter().chain(self.steps.iter().map(|step| step.program)))?;
        let arguments: Vec<_> = arguments.iter().map(String::as_str).collect();
        if tools.ask(program, &arguments).await?.is_none_or(|answer| answer.is_empty()) {
            return Err(Failure::new(*otherwise));
        }
        check().await?;
        for (at, step) in self.steps.iter().enumerate() {
            say(step);
            let status = tools.run(step).await?;
            if !status.success() {
                let left = self.steps.len() - at - 1;
                let rest = match left {
                    0 => String::new(),
                    1 => "; the step after it was not run".to_owned(),
                    more => format!("; the {more} steps after it were not run"),
                };
                let code = status.code().and_then(|code| u8::try_from(code).ok()).unwrap_or(1);
                return Err(Failure::new(format!("`{}` failed ({status}){rest}", step.name())).with_code(code));
            }
        }
        Ok(ExitCode::SUCCESS)
    }
}

/// One command a line, as a shell takes it.
impl fmt::Display for Plan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.steps.iter().try_for_each(|step| writeln!(f, "{step}"))
    }
}
