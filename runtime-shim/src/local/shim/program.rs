use std::sync::{Arc, Mutex, PoisonError};

use crate::{
    Provider, ServeError,
    function::Table,
    local::{PARENT, Process, Program},
};

/// The lines that a program has written since somebody asked.
#[derive(Clone, Default)]
pub(in crate::local) struct Written(Arc<Mutex<Vec<String>>>);

impl Written {
    /// What came since the last time.
    pub(in crate::local) fn taken(&self) -> Vec<String> {
        std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn write(&self, line: &str) {
        println!("{line}");
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(line.to_owned());
    }
}

/// This very program once more, behind the host of a provider; `None` on this machine's own, which runs the functions here.
///
/// # Errors
/// A provider that this build lacks, functions that it does not deliver to, or a program that cannot find itself.
pub(in crate::local) fn program(
    provider: Provider,
    table: &Table,
    written: &Written,
) -> Result<Option<Arc<dyn Process>>, ServeError> {
    if provider == Provider::Local {
        return Ok(None);
    }
    let path = std::env::current_exe().map_err(|error| ServeError::because("this program does not find its own file", error))?;
    let lines = written.clone();
    // If this process is killed, the program would go on with nobody to deliver to it.
    let env = vec![(PARENT.to_owned(), std::process::id().to_string())];
    let program = Program { path, arguments: Vec::new(), env, lines: Arc::new(move |line| lines.write(line)) };
    behind(provider, table, program).map(Some)
}

fn behind(provider: Provider, table: &Table, program: Program) -> Result<Arc<dyn Process>, ServeError> {
    match provider {
        #[cfg(feature = "aws")]
        Provider::Aws => {
            use crate::local::aws::{Configuration, Lambda};
            let concurrent = Configuration { environments: ENVIRONMENTS, ..Configuration::default() };
            Ok(Arc::new(Lambda::new(program, concurrent)))
        }
        #[cfg(feature = "gcp")]
        Provider::Gcp => Ok(Arc::new(crate::local::gcp::host::Service::new("local", program))),
        #[cfg(feature = "azure")]
        Provider::Azure => {
            use crate::local::azure::host::{Files, Handler};
            Ok(Arc::new(Handler::new(program, Files::of(table.functions(), "api")?)))
        }
        #[cfg(feature = "container")]
        Provider::Container => Ok(Arc::new(crate::local::container::host::Container::new(program))),
        #[allow(unreachable_patterns, reason = "a build with every provider leaves none over")]
        other => {
            let _ = (table, program);
            Err(ServeError::new(format!("POLYFN_AS: this binary was built without provider `{other}`")))
        }
    }
}

/// How many of Lambda's environments run at once.
#[cfg(feature = "aws")]
const ENVIRONMENTS: usize = 10;
