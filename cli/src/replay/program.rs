use std::{path::PathBuf, process::Stdio, time::Duration};

use tokio::time::{sleep, timeout};

use crate::{
    client::Client,
    failure::Failure,
    program::{Build, Run, Running, Unbuilt},
    terminal::say,
};

/// The program of this folder, started for a replay alone.
pub(super) struct Program {
    client: Client,
    running: Running,
    home: PathBuf,
}

/// How long it may take to start.
const PATIENCE: Duration = Duration::from_secs(60);

impl Program {
    pub(super) async fn start(build: &Build) -> Result<Self, Failure> {
        let workspace = build.workspace().await?;
        let chosen = workspace.chosen(build)?;
        let built = build.build(&chosen).await.map_err(Unbuilt::into_failure)?;
        // Nothing but the replay is to call a function, and the queues of this folder are none of its business.
        let home = std::env::temp_dir().join(format!("polyfn-replay-{}", std::process::id()));
        let run = Run::anyhow().with("POLYFN_CLOCK", "off").with("POLYFN_HOME", home.to_string_lossy());
        let address = run.address()?;
        say(format_args!("`{}` runs for this replay", chosen.bin));
        let mut running = run.start(&built.executable, address, Stdio::null())?;
        let client = Client::new(address);
        let listening = async {
            while !client.is_listening().await {
                sleep(Duration::from_millis(20)).await;
            }
        };
        tokio::select! {
            // Each arm may be dropped.
            status = running.ended() => Err(Failure::new(format!("`{}` ended before it listened ({})", chosen.bin, status?))),
            listens = timeout(PATIENCE, listening) => match listens {
                Ok(()) => Ok(Self { client, running, home }),
                Err(_) => Err(Failure::new(format!("`{}` does not listen on {address}, which POLYFN_PORT says", chosen.bin))),
            },
        }
    }

    pub(super) fn client(&self) -> Client {
        self.client
    }

    pub(super) async fn stop(self) {
        self.running.stop(None).await;
        // A program without queues made none.
        let _ = std::fs::remove_dir_all(self.home);
    }
}
