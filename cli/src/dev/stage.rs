use std::{
    net::SocketAddr,
    path::Path,
    process::{ExitStatus, Stdio},
};

use serde_json::json;

use super::page::Page;
use crate::{
    client::Client,
    failure::Failure,
    program::{Run, Running, Signals},
};

/// What answers on the port: the program, or the reason why there is none.
pub(super) struct Stage {
    run: Run,
    address: SocketAddr,
    showing: Showing,
    /// Whether the program's console has a note that its sources do not build.
    noted: bool,
}

/// How many letters of what the compiler says are shown elsewhere than on the terminal.
const MOST: usize = 100_000;

enum Showing {
    Nothing,
    Program(Box<Running>),
    Page(Page),
}

impl Stage {
    pub(super) fn new(run: Run, address: SocketAddr) -> Self {
        Self { run, address, showing: Showing::Nothing, noted: false }
    }

    pub(super) fn is_running(&self) -> bool {
        matches!(self.showing, Showing::Program(_))
    }

    /// Stops what runs, and starts this program in its place.
    pub(super) async fn start(&mut self, executable: &Path) -> Result<(), Failure> {
        self.clear(None).await;
        self.showing = Showing::Program(Box::new(self.run.start(executable, self.address, Stdio::inherit())?));
        Ok(())
    }

    /// Tells why there is no new program: in the console of the old one, or on a page in its place.
    pub(super) async fn show(&mut self, title: &str, text: &str) {
        // Whoever wants more than this looks at the terminal.
        let text: &str = &text.chars().take(MOST).collect::<String>();
        match &self.showing {
            Showing::Program(_) => self.note("error", &format!("{title}\n{text}")).await,
            _ => {
                self.clear(None).await;
                if let Some(page) = Page::show(self.address, title.to_owned(), text.to_owned()).await {
                    self.showing = Showing::Page(page);
                }
            }
        }
    }

    /// Takes back what the console was told.
    pub(super) async fn take_back(&mut self) {
        if self.noted {
            self.note("info", "the sources build again, and are what runs").await;
            self.noted = false;
        }
    }

    /// Waits for the end of the program, if one runs.
    ///
    /// # Cancel safety
    /// Nothing is lost.
    pub(super) async fn ended(&mut self) -> Result<ExitStatus, Failure> {
        let Showing::Program(running) = &mut self.showing else { return std::future::pending().await };
        let status = running.ended().await?;
        self.showing = Showing::Nothing;
        Ok(status)
    }

    /// Stops whatever answers, at once if another signal comes.
    pub(super) async fn clear(&mut self, signals: Option<&mut Signals>) {
        self.noted = false;
        match std::mem::replace(&mut self.showing, Showing::Nothing) {
            Showing::Nothing => {}
            Showing::Program(running) => running.stop(signals).await,
            Showing::Page(page) => page.close().await,
        }
    }

    async fn note(&mut self, level: &str, text: &str) {
        let note = json!({"level": level, "text": text}).to_string();
        // The console may be off; the terminal has it all.
        self.noted = Client::new(self.address).post("notes", note).await.is_ok();
    }
}
