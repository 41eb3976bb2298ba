use std::{
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
    time::{Duration, Instant},
};

use polyfn_shim::{
    Event,
    function::Table,
    local::{Delivered, Hosts},
    manifest::Manifest,
};
use tokio::task::JoinSet;

use super::{
    Measured, artefact,
    host::Timed,
    measured::a_second,
    memory,
    sample::{Sample, given, samples, table},
    spread::Spread,
};
use crate::{failure::Failure, target::Target, terminal::on_one_line};

/// How a program is measured.
#[derive(Clone, Debug)]
pub(crate) struct Measuring {
    /// How often it is started.
    pub(crate) runs: u32,
    /// How long it may take to answer.
    pub(crate) limit: Duration,
}

impl Default for Measuring {
    fn default() -> Self {
        Self { runs: 20, limit: Duration::from_secs(30) }
    }
}

/// A program that is built, and an event for one of its functions.
pub(crate) struct Subject {
    pub(crate) program: PathBuf,
    table: Arc<Table>,
    name: String,
    sample: Sample,
    /// The function that takes it.
    pub(crate) function: String,
}

/// Which event a program is measured with.
pub(crate) enum Wanted<'a> {
    /// The first of its functions that handles a made-up one.
    Any,
    /// A made-up one for the function of this name.
    Function(&'a str),
    /// This one, for the function of this name if there is one.
    Event(Box<Event>, Option<&'a str>),
}

/// How many events there are, one after the other and then several at once.
pub(super) const EVENTS: u32 = 200;
pub(super) const AT_ONCE: u8 = 4;
/// A function that takes its time has fewer.
const LONGEST: Duration = Duration::from_secs(5);

impl Measuring {
    /// Finds an event that the program handles under the host of this provider. Its functions really run.
    ///
    /// # Errors
    /// A program that gives no reply, and a function that does not exist.
    pub(crate) async fn subject(
        &self,
        program: &Path,
        manifest: &Manifest,
        target: Target,
        wanted: Wanted<'_>,
    ) -> Result<Subject, Failure> {
        let table = Arc::new(table(manifest)?);
        let samples = match wanted {
            Wanted::Any => samples(manifest, None)?,
            Wanted::Function(name) => samples(manifest, Some(name))?,
            Wanted::Event(event, name) => vec![given(manifest, *event, name)?],
        };
        let mut first = None;
        for sample in samples {
            let (program, name) = (program.to_owned(), manifest.program.clone());
            let mut subject = Subject { program, table: Arc::clone(&table), name, sample, function: String::new() };
            let stage = self.stage(&subject, target, 1)?;
            let delivered = stage.deliver(&subject).await;
            stage.timed.stop().await;
            let delivered = delivered?;
            let Some(function) = delivered.calls.first().map(|call| call.function.to_owned()) else {
                let name = &manifest.program;
                return Err(Failure::usage(format!("no function of `{name}` takes this event on {}", target.as_str())));
            };
            subject.function = function;
            if refused(&delivered).is_none() {
                return Ok(subject);
            }
            first = first.or(Some(subject));
        }
        first.ok_or_else(|| Failure::new(format!("`{}` has no functions; list them in `polyfn::main!`", manifest.program)))
    }

    /// Measures it under the host of a provider, which is one of those that it was built for. `built` is the folder where Cargo puts
    /// what it builds, if that is known.
    ///
    /// # Errors
    /// A program that cannot be started, ends, or does not answer.
    pub(crate) async fn measure(&self, subject: &Subject, target: Target, built: Option<&Path>) -> Result<Measured, Failure> {
        let mut starts = Vec::new();
        // The first time the file comes off the disk, and does not count.
        for run in 0..=self.runs {
            let stage = self.stage(subject, target, 1)?;
            let delivered = stage.deliver(subject).await;
            stage.timed.stop().await;
            delivered?;
            if run > 0 {
                starts.extend(stage.timed.taken());
            }
        }
        let stage = self.stage(subject, target, AT_ONCE.into())?;
        let run = self.events(&stage, subject).await;
        let memory = memory::peak(&subject.program);
        stage.timed.stop().await;
        let Events { event, in_turn, at_once, refused } = run?;
        let size = std::fs::metadata(&subject.program)
            .map_err(|error| Failure::new(format!("{}: {error}", subject.program.display())))?;
        let package = built.and_then(|folder| artefact::package(folder, target, &subject.name));
        let start = Spread::of(&starts).ok_or_else(|| Failure::usage("a program that is never started has no time"))?;
        Ok(Measured { target, start, size: size.len(), package, memory, event, in_turn, at_once, refused })
    }

    fn stage(&self, subject: &Subject, target: Target, environments: usize) -> Result<Stage, Failure> {
        let hosts = Hosts::new(Arc::clone(&subject.table)).with_timeout(self.limit);
        let selected = subject.sample.selected.as_deref();
        let hosts = selected.and_then(|name| hosts.only(name)).unwrap_or(hosts);
        let timed = Arc::new(Timed::new(target, &subject.program, hosts.table(), selected, self.limit, environments)?);
        Ok(Stage { hosts: hosts.with_program(target.provider(), timed.clone()), timed, target, limit: self.limit })
    }

    /// Many events, one after the other and then several at once.
    async fn events(&self, stage: &Stage, subject: &Subject) -> Result<Events, Failure> {
        let refused = refused(&stage.deliver(subject).await?);
        // That was the start once more.
        stage.timed.taken();
        let (began, mut sent) = (Instant::now(), 0);
        while sent < EVENTS && (sent == 0 || began.elapsed() < LONGEST) {
            stage.deliver(subject).await?;
            sent += 1;
        }
        let in_turn = a_second(sent, began.elapsed());
        let event = Spread::of(&stage.timed.taken()).ok_or_else(|| Failure::new("no event was answered"))?;
        // As many processes as there are at once, where one has one event at a time.
        stage.at_once(subject, AT_ONCE.into()).await?;
        let began = Instant::now();
        let sent = stage.at_once(subject, EVENTS).await?;
        Ok(Events { event, in_turn, at_once: a_second(sent, began.elapsed()), refused })
    }
}

struct Events {
    event: Spread,
    in_turn: u64,
    at_once: u64,
    refused: Option<String>,
}

/// A host, and what tells how long it took.
#[derive(Clone)]
struct Stage {
    hosts: Hosts,
    timed: Arc<Timed>,
    target: Target,
    limit: Duration,
}

impl Stage {
    async fn deliver(&self, subject: &Subject) -> Result<Delivered, Failure> {
        self.send(&subject.sample.event).await.map_err(|why| self.failure(subject, &why))
    }

    fn failure(&self, subject: &Subject, why: &str) -> Failure {
        let (name, target) = (&subject.name, self.target.as_str());
        Failure::new(format!("`{name}` cannot be measured as on {target}: {}", on_one_line(why)))
    }

    async fn send(&self, event: &Event) -> Result<Delivered, String> {
        // A little more than the host itself allows, whose words say more.
        let limit = self.limit + Duration::from_millis(500);
        let sent = tokio::time::timeout(limit, self.hosts.send(self.target.provider(), event)).await;
        let delivered = sent.map_err(|_| format!("it gave no reply within {} s", self.limit.as_secs()))?;
        let delivered = delivered.map_err(|error| error.to_string())?;
        match self.timed.failed() {
            Some(why) => Err(why),
            None => Ok(delivered),
        }
    }

    /// Sends so many, several at once, and says how many there were before time was up.
    async fn at_once(&self, subject: &Subject, events: u32) -> Result<u32, Failure> {
        let (next, end) = (Arc::new(AtomicU32::new(0)), Instant::now() + LONGEST);
        let mut senders = JoinSet::new();
        for _ in 0..AT_ONCE {
            let (stage, event, next) = (self.clone(), subject.sample.event.clone(), Arc::clone(&next));
            senders.spawn(async move {
                let mut sent = 0;
                while next.fetch_add(1, Ordering::Relaxed) < events && (sent == 0 || Instant::now() < end) {
                    stage.send(&event).await?;
                    sent += 1;
                }
                Ok::<u32, String>(sent)
            });
        }
        let mut all = 0;
        while let Some(sent) = senders.join_next().await {
            let sent = sent.map_err(|error| error.to_string()).and_then(|sent| sent);
            all += sent.map_err(|why| self.failure(subject, &why))?;
        }
        Ok(all)
    }
}

/// What the function made of its event, where that is not what a caller would want.
fn refused(delivered: &Delivered) -> Option<String> {
    let reply = delivered.response.as_ref().unwrap_or(&delivered.reply);
    if delivered.reply.headers().contains_key("x-amz-function-error") {
        return Some("an error".to_owned());
    }
    if !delivered.is_acknowledged() {
        return Some("a failure, after which it would come again".to_owned());
    }
    (reply.status().as_u16() >= 400).then(|| reply.status().to_string())
}
