use std::path::PathBuf;

use crate::{Provider, ServeError, clock::Clock, host::Env, server::Limits};

/// What the environment sets for a program on this machine.
pub(in crate::local) struct Settings {
    /// The port to listen on, and no other: `POLYFN_PORT`.
    pub(in crate::local) port: Option<u16>,
    /// Where queues and topics are kept: `POLYFN_HOME`.
    pub(in crate::local) home: PathBuf,
    /// Whether there is a console page: `POLYFN_CONSOLE`.
    pub(in crate::local) console: bool,
    /// What ticks: `POLYFN_CLOCK`.
    pub(in crate::local) clock: Clock,
    /// Where each delivery is recorded: `POLYFN_RECORD`.
    pub(in crate::local) record: Option<PathBuf>,
    /// Through whose native bytes every event goes: `POLYFN_AS`.
    pub(in crate::local) provider: Provider,
    /// What one client may take.
    pub(in crate::local) limits: Limits,
}

impl Settings {
    /// Reads them from the environment.
    ///
    /// # Errors
    /// A value that is wrong; the message names the variable.
    pub(in crate::local) fn from_env(env: Env<'_>) -> Result<Self, ServeError> {
        let set = |name| env(name).filter(|text: &String| !text.is_empty());
        let port = match set("POLYFN_PORT") {
            Some(text) => Some(
                text.trim()
                    .parse()
                    .map_err(|error| ServeError::because(format!("POLYFN_PORT: `{text}` is no port such as 9000"), error))?,
            ),
            None => None,
        };
        let console = match set("POLYFN_CONSOLE").as_deref() {
            None | Some("on") => true,
            Some("off") => false,
            Some(other) => return Err(ServeError::new(format!("POLYFN_CONSOLE: `{other}` is neither `on` nor `off`"))),
        };
        let provider = match set("POLYFN_AS") {
            Some(text) => text.parse().map_err(|error| ServeError::because(format!("POLYFN_AS: {error}"), error))?,
            None => Provider::Local,
        };
        Ok(Self {
            port,
            home: set("POLYFN_HOME").map_or_else(|| PathBuf::from(".polyfn"), PathBuf::from),
            console,
            clock: Clock::from_env(env)?,
            record: set("POLYFN_RECORD").map(PathBuf::from),
            provider,
            limits: Limits::from_env(env)?,
        })
    }
}
