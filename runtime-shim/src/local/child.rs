use std::{
    ffi::OsString,
    future::{Future, poll_fn},
    io,
    path::PathBuf,
    pin::pin,
    process::{ExitStatus, Stdio},
    sync::Arc,
    task::Poll,
};

use tokio::{
    io::{AsyncBufReadExt, AsyncRead, BufReader},
    process::Command,
    sync::watch,
};

use super::{ProcessError, parent::PARENT};

/// What tells a program which host started it; a child sees only what its own host sets.
const OF_HOSTS: [&str; 13] = [
    "AWS_LAMBDA_RUNTIME_API",
    "FUNCTIONS_CUSTOMHANDLER_PORT",
    "FUNCTIONS_APP_ROOT_PATH",
    "FUNCTION_SIGNATURE_TYPE",
    "FUNCTION_TARGET",
    "K_SERVICE",
    "POLYFN_AS",
    "POLYFN_FUNCTION",
    PARENT,
    "POLYFN_PROVIDER",
    "POLYFN_RECORD",
    "PORT",
    "_HANDLER",
];

/// Sees each line that a program writes, to standard output or standard error.
pub type Lines = Arc<dyn Fn(&str) + Send + Sync>;

/// How to start a program.
#[derive(Clone)]
pub struct Program {
    /// The file.
    pub path: PathBuf,
    /// What it is called with.
    pub arguments: Vec<OsString>,
    /// What its host sets in its environment.
    pub env: Vec<(String, String)>,
    /// Who sees what it writes.
    pub lines: Lines,
}

/// A program that runs under a host of this process; it is killed when this is dropped.
#[derive(Debug)]
pub struct Child {
    id: Option<u32>,
    path: PathBuf,
    kill: watch::Sender<bool>,
    ended: watch::Receiver<Option<ExitStatus>>,
}

impl Child {
    /// Starts it.
    ///
    /// # Errors
    /// A file that is missing or cannot be run; the text says which.
    ///
    /// # Panics
    /// Outside of a tokio runtime with I/O.
    pub fn start(program: &Program) -> Result<Self, ProcessError> {
        let Program { path, arguments, env, lines } = program;
        let mut command = Command::new(path);
        for name in OF_HOSTS {
            command.env_remove(name);
        }
        command.args(arguments).envs(env.iter().map(|(name, value)| (name, value)));
        // One that is to end with this process sees the end of a pipe that nobody writes to.
        let ends_with_us = env.iter().any(|(name, _)| name == PARENT);
        command.stdin(if ends_with_us { Stdio::piped() } else { Stdio::null() });
        command.stdout(Stdio::piped()).stderr(Stdio::piped()).kill_on_drop(true);
        let mut child = command.spawn().map_err(|error| {
            ProcessError::Exited(match error.kind() {
                io::ErrorKind::NotFound => format!("there is no program `{}`; build it first", path.display()),
                _ => format!("`{}` cannot be started: {error}", path.display()),
            })
        })?;
        if let Some(output) = child.stdout.take() {
            tokio::spawn(read(output, Arc::clone(lines)));
        }
        if let Some(output) = child.stderr.take() {
            tokio::spawn(read(output, Arc::clone(lines)));
        }
        let id = child.id();
        // Whoever waits for the child would close it.
        let pipe = child.stdin.take();
        let (kill, mut killed) = watch::channel(false);
        let (end, ended) = watch::channel(None);
        tokio::spawn(async move {
            let by_itself = {
                let (mut wait, mut killed) = (pin!(child.wait()), pin!(killed.wait_for(|kill| *kill)));
                poll_fn(|cx| match wait.as_mut().poll(cx) {
                    Poll::Ready(status) => Poll::Ready(Some(status)),
                    // An error is the sender that is gone, and the child's owner with it.
                    Poll::Pending => killed.as_mut().poll(cx).map(|_| None),
                })
                .await
            };
            let status = match by_itself {
                Some(status) => status,
                None => {
                    let _ = child.start_kill();
                    child.wait().await
                }
            };
            drop(pipe);
            if let Ok(status) = status {
                let _ = end.send(Some(status));
            }
        });
        Ok(Self { id, path: path.clone(), kill, ended })
    }

    /// The number that the system knows it by; `None` once it has ended.
    pub fn id(&self) -> Option<u32> {
        self.id.filter(|_| self.ended.borrow().is_none())
    }

    /// How it ended, if it has.
    pub fn status(&self) -> Option<ExitStatus> {
        *self.ended.borrow()
    }

    /// Waits for its end, and says how that was.
    pub async fn ended(&self) -> ProcessError {
        let mut ended = self.ended.clone();
        let status = ended.wait_for(Option::is_some).await.ok().and_then(|status| *status);
        let path = self.path.display();
        ProcessError::Exited(match status {
            Some(status) => format!("`{path}` ended: {status}"),
            None => format!("`{path}` ended, nobody knows how"),
        })
    }

    /// Kills it and waits until it is gone.
    pub async fn kill(&self) {
        self.kill.send_replace(true);
        let _ = self.ended.clone().wait_for(Option::is_some).await;
    }
}

/// Hands on line after line; one that is no UTF-8 keeps what can be read of it.
async fn read(output: impl AsyncRead + Unpin, lines: Lines) {
    let (mut output, mut line) = (BufReader::new(output), Vec::new());
    while output.read_until(b'\n', &mut line).await.is_ok_and(|read| read > 0) {
        lines(String::from_utf8_lossy(&line).trim_end_matches(['\r', '\n']));
        line.clear();
    }
}
