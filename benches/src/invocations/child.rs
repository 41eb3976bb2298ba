use std::{
    fs,
    path::Path,
    process::{Command, Stdio},
    time::{Duration, Instant},
};

use crate::BoxError;

/// A program under measurement; it ends when this is dropped.
pub(crate) struct Child(std::process::Child);

/// The process of a [`Child`].
#[derive(Clone, Copy)]
pub(crate) struct Process(u32);

impl Process {
    /// The CPU time that all its threads have used.
    ///
    /// The scheduler's own sum in nanoseconds; `stat` counts ticks of 10 ms, too coarse for a short run.
    pub(crate) fn cpu(self) -> Result<Duration, BoxError> {
        let mut nanoseconds = 0;
        for task in fs::read_dir(format!("/proc/{}/task", self.0))? {
            let text = fs::read_to_string(task?.path().join("schedstat"))?;
            nanoseconds += text.split_whitespace().next().ok_or("schedstat is empty")?.parse::<u64>()?;
        }
        Ok(Duration::from_nanos(nanoseconds))
    }

    /// Its peak resident memory, MiB.
    pub(crate) fn peak(self) -> Result<f64, BoxError> {
        let status = fs::read_to_string(format!("/proc/{}/status", self.0))?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).ok_or("no VmHWM in status")?;
        let kibibytes: u32 = line.trim().trim_end_matches(" kB").parse()?;
        Ok(f64::from(kibibytes) / 1024.0)
    }
}

/// What was seen of the traffic of one run.
pub(crate) struct Run {
    /// When the first answer came.
    pub(crate) first: Instant,
    /// Wall time of the events after the warm-up.
    pub(crate) wall: Duration,
    /// CPU time that the program used for them.
    pub(crate) cpu: Duration,
    /// How many those are.
    pub(crate) measured: usize,
    /// Its peak resident memory, MiB, while it still runs: lambda_http ends when its host goes away.
    pub(crate) memory: f64,
}

/// The figures of one run.
pub(crate) struct Figures {
    /// Events per second.
    pub(crate) rate: f64,
    /// CPU microseconds per event.
    pub(crate) cpu: f64,
    /// Milliseconds from the start of the process to the first answer.
    pub(crate) first: f64,
    /// Peak resident memory, MiB.
    pub(crate) memory: f64,
}

impl Child {
    /// Starts `program` with this environment and no other.
    pub(crate) fn start(program: &Path, env: &[(&str, &str)]) -> Result<Self, BoxError> {
        let mut command = Command::new(program);
        command.env_clear().envs(env.iter().copied()).stdin(Stdio::null()).stdout(Stdio::null());
        Ok(Self(command.spawn().map_err(|error| format!("{}: {error}", program.display()))?))
    }

    /// The process, to ask for its CPU time.
    pub(crate) fn process(&self) -> Process {
        Process(self.0.id())
    }
}

impl Figures {
    /// The figures of a run that has just ended.
    pub(crate) fn of(started: Instant, run: &Run) -> Result<Self, BoxError> {
        let measured = f64::from(u32::try_from(run.measured)?);
        Ok(Self {
            rate: measured / run.wall.as_secs_f64().max(f64::EPSILON),
            cpu: run.cpu.as_secs_f64() * 1e6 / measured.max(1.0),
            first: run.first.duration_since(started).as_secs_f64() * 1e3,
            memory: run.memory,
        })
    }
}

impl Drop for Child {
    fn drop(&mut self) {
        // It may have ended on its own; either way nothing is left of it.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}
