use std::{
    net::SocketAddr,
    path::Path,
    process::{ExitStatus, Stdio},
    time::Duration,
};

use clap::Args;
use tokio::{
    process::{Child, ChildStdin, Command},
    time::timeout,
};

use polyfn_shim::local::PARENT;

use super::{Signals, port};
use crate::{failure::Failure, target::Target};

/// How the program is run.
#[derive(Args, Clone, Debug)]
pub(crate) struct Run {
    /// Send every event to the functions as this provider does, and read their replies as it does
    #[arg(long)]
    provider: Option<Target>,
    /// The port to listen on [default: the first free one from 9000 on]
    #[arg(long)]
    port: Option<u16>,
    /// Arguments of the program
    #[arg(last = true, value_name = "ARGS")]
    arguments: Vec<String>,
    /// Set beyond what the options say.
    #[arg(skip)]
    env: Vec<(&'static str, String)>,
}

impl Run {
    /// One that nobody asked for in words: any port, no arguments.
    pub(crate) fn anyhow() -> Self {
        Self { provider: None, port: Some(0), arguments: Vec::new(), env: Vec::new() }
    }

    /// Sets a variable of the program's environment.
    pub(crate) fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.env.push((name, value.into()));
        self
    }

    /// Where it will listen, for as long as it is started from here.
    pub(crate) fn address(&self) -> Result<SocketAddr, Failure> {
        port::free(self.port)
    }

    /// Starts a program that listens on this address.
    pub(crate) fn start(&self, executable: &Path, address: SocketAddr, output: Stdio) -> Result<Running, Failure> {
        let mut command = Command::new(executable);
        command.args(&self.arguments).stdin(Stdio::piped()).stdout(output).kill_on_drop(true);
        // If this command is killed, the program ends too.
        command.env(PARENT, std::process::id().to_string());
        // Whatever else the environment says, such as `PORT`, it is the local shim that is wanted.
        command.env("POLYFN_PROVIDER", "local").env("POLYFN_PORT", address.port().to_string());
        if let Some(provider) = self.provider {
            command.env("POLYFN_AS", provider.as_str());
        }
        command.envs(self.env.iter().map(|(name, value)| (name, value)));
        // Ctrl-C in a terminal reaches every process of the group in front, and a program that hears it twice ends at once.
        #[cfg(unix)]
        command.process_group(0);
        let mut child =
            command.spawn().map_err(|error| Failure::new(format!("`{}` cannot be started: {error}", executable.display())))?;
        // Whoever waits for the child would close it.
        let pipe = child.stdin.take();
        Ok(Running { child, _pipe: pipe })
    }
}

/// A program that runs; it is killed when this is dropped.
#[derive(Debug)]
pub(crate) struct Running {
    child: Child,
    /// Its end tells the program that this command is gone.
    _pipe: Option<ChildStdin>,
}

/// A little more than the grace that the program itself gives what has begun.
const GRACE: Duration = Duration::from_secs(12);

impl Running {
    /// Waits for its end.
    ///
    /// # Cancel safety
    /// Nothing is lost.
    pub(crate) async fn ended(&mut self) -> Result<ExitStatus, Failure> {
        self.child.wait().await.map_err(|error| Failure::new(format!("the program cannot be waited for: {error}")))
    }

    /// Asks it to stop, waits until it has finished what it began, and kills it if that takes too long, or at another Ctrl-C.
    pub(crate) async fn stop(mut self, signals: Option<&mut Signals>) {
        terminate(&mut self.child);
        let again = async {
            match signals {
                Some(signals) => signals.next().await,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            // Each arm may be dropped: nothing is lost by waiting anew.
            _ = timeout(GRACE, self.child.wait()) => {}
            () = again => {}
        }
        // It may be gone.
        let _ = self.child.kill().await;
    }
}

#[cfg(unix)]
fn terminate(child: &mut Child) {
    let pid = child.id().and_then(|id| i32::try_from(id).ok()).and_then(rustix::process::Pid::from_raw);
    if let Some(pid) = pid {
        // It may be gone.
        let _ = rustix::process::kill_process(pid, rustix::process::Signal::TERM);
    }
}

/// There is no gentler way.
#[cfg(not(unix))]
fn terminate(child: &mut Child) {
    let _ = child.start_kill();
}
