use std::{
    process::Stdio,
    sync::atomic::{AtomicUsize, Ordering},
};

use bytes::Bytes;
use http::Response;
use tokio::{process::Command, time::timeout};

use super::{
    Configuration, RuntimeApi,
    first::first,
    invoke::Invoke,
    invoked,
    runtime_api::{Invoked, Told, not_asked},
};
use crate::local::{Child, ProcessError, Program};

/// One execution environment: a program and the Runtime API that it asks.
#[derive(Debug)]
pub(super) struct Environment {
    child: Child,
    api: RuntimeApi,
    path: String,
    /// How many invocations it has.
    pub(super) busy: AtomicUsize,
}

/// What became of an invocation, and whether its environment goes on.
pub(super) struct Done {
    pub(super) reply: Result<Response<Bytes>, ProcessError>,
    pub(super) goes_on: bool,
}

impl Environment {
    pub(super) async fn start(program: &Program, configuration: &Configuration) -> Result<Self, ProcessError> {
        let api = RuntimeApi::start(configuration.clone()).await?;
        let mut program = program.clone();
        // What Lambda sets cannot be set by anybody else.
        program.env.extend(api.env(&program.path));
        let child = Child::start(&program)?;
        Ok(Self { child, api, path: program.path.display().to_string(), busy: AtomicUsize::new(0) })
    }

    /// Whether it can take another invocation.
    pub(super) fn has_room(&self, concurrency: usize) -> bool {
        self.child.status().is_none() && self.busy.load(Ordering::Relaxed) < concurrency
    }

    pub(super) async fn invoke(&self, invoke: Invoke) -> Done {
        let id = invoke.id.clone();
        let done = first(async { Some(self.api.invoke(invoke).await) }, async {
            self.child.ended().await;
            None
        });
        match done.await {
            Some(Invoked::Answered(reply)) => Done { reply: Ok(reply), goes_on: true },
            Some(Invoked::Over(reply, reason)) => {
                self.kill(reason).await;
                Done { reply: Ok(reply), goes_on: false }
            }
            Some(Invoked::NotAsked) => {
                self.kill("failure").await;
                let text = not_asked(&format!("`{}` has not", self.path));
                Done { reply: Err(ProcessError::TimedOut(text)), goes_on: false }
            }
            None => Done { reply: Ok(invoked::exited(&id, self.child.status())), goes_on: false },
        }
    }

    /// Ends it at once, as Lambda does with one that cannot be trusted any more.
    async fn kill(&self, reason: &str) {
        if self.api.told() == Told::External {
            self.api.ends(reason, Told::External.grace().1).await;
        }
        self.child.kill().await;
    }

    /// Ends it between invocations: SIGTERM if an extension asked for that, then SIGKILL.
    pub(super) async fn shut_down(&self) {
        let told = self.api.told();
        let (to_the_program, all) = told.grace();
        if told != Told::Nobody {
            self.terminate().await;
            let _ = timeout(to_the_program, self.child.ended()).await;
            self.api.ends("spindown", all - to_the_program).await;
        }
        self.child.kill().await;
    }

    /// Sends SIGTERM. There is no safe call for it in the standard library, and every shell has one.
    async fn terminate(&self) {
        if let Some(id) = self.child.id() {
            let mut shell = Command::new("sh");
            shell.args(["-c", &format!("kill -TERM {id}")]).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
            if let Err(error) = shell.status().await {
                tracing::warn!("no SIGTERM could be sent: {error}");
            }
        }
    }
}
