use std::time::Duration;

use super::Cron;
use crate::{
    ServeError,
    event::{Kind, Time},
    function::{Binding, Function},
};

/// How far the machine's clock may be off before that is a correction rather than a delay: as with cron, what fell into a
/// shorter gap still runs, and no time runs twice when the clock is set back by less.
///
/// Source: [cron(8)](https://manpages.debian.org/bookworm/cron/cron.8.en.html).
const CORRECTION: Duration = Duration::from_secs(3 * 60 * 60);
/// How often the machine's clock is looked at: it may be set, or stand still while the machine sleeps, unseen by a timer.
const LOOK: Duration = Duration::from_secs(10);

/// When each schedule function is due, by a clock that may jump.
pub(super) struct Timetable {
    entries: Vec<Entry>,
    seen: Time,
}

struct Entry {
    /// Its place among all functions.
    function: usize,
    name: &'static str,
    cron: Cron,
    due: Option<Time>,
}

/// A tick that is due.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Due {
    pub(super) function: usize,
    pub(super) at: Time,
}

impl Timetable {
    /// The schedule functions among these, each due at its first time after `now`; `None` if there are none.
    ///
    /// # Errors
    /// A schedule that is no cron expression; the message names its function.
    pub(super) fn new(functions: &[Function], now: Time) -> Result<Option<Self>, ServeError> {
        let mut entries = Vec::new();
        for (function, described) in functions.iter().enumerate() {
            let described = described.description();
            let Binding::Resource { kind: Kind::Schedule, name: text, .. } = described.binding else { continue };
            let name = described.name;
            let cron = Cron::parse(text).ok_or_else(|| {
                ServeError::new(format!("`{name}`: `{text}` is no cron expression of five fields, such as `0 5 * * *`"))
            })?;
            let due = cron.next(now);
            match due {
                Some(due) => tracing::debug!(function = name, "first due at {due}"),
                None => tracing::warn!(function = name, "`{text}` never comes, so it never runs"),
            }
            entries.push(Entry { function, name, cron, due });
        }
        Ok((!entries.is_empty()).then_some(Self { entries, seen: now }))
    }

    /// What is due now; of several times of one function that have passed, the last.
    pub(super) fn due(&mut self, now: Time) -> Vec<Due> {
        if self.seen.since(now) > CORRECTION {
            tracing::warn!("the clock was set back to {now}; schedules begin anew");
            self.entries.iter_mut().for_each(|entry| entry.due = entry.cron.next(now));
        }
        self.seen = now;
        self.entries.iter_mut().filter_map(|entry| entry.due(now)).collect()
    }

    /// How long to sleep before the next look.
    pub(super) fn wait(&self, now: Time) -> Duration {
        let due = self.entries.iter().filter_map(|entry| entry.due).min();
        due.map_or(LOOK, |due| due.since(now).min(LOOK))
    }
}

impl Entry {
    fn due(&mut self, now: Time) -> Option<Due> {
        let mut at = self.due.filter(|due| *due <= now)?;
        if now.since(at) > CORRECTION {
            tracing::warn!(function = self.name, "due at {at}, which is too long ago; skipped");
            self.due = self.cron.next(now);
            return None;
        }
        let mut passed = 0;
        self.due = self.cron.next(at);
        while let Some(later) = self.due.filter(|due| *due <= now) {
            passed += 1;
            at = later;
            self.due = self.cron.next(at);
        }
        if passed > 0 {
            tracing::warn!(function = self.name, "{passed} earlier times passed unseen; runs late for {at} alone");
        }
        Some(Due { function: self.function, at })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        Outcome, Reply,
        function::{Description, Filter},
    };

    fn function(name: &'static str, kind: Kind, resource: &'static str) -> Function {
        let binding = Binding::Resource { kind, name: resource, filter: Filter::default() };
        Function::blocking(Description::new(name, binding), |_, _| Outcome::Done(Reply::Empty))
    }

    fn time(text: &str) -> Time {
        Time::parse(text).unwrap()
    }

    /// Of a function that runs every five minutes, and one that runs at noon, begun at ten.
    fn timetable() -> Timetable {
        let functions = [
            function("queue", Kind::Queue, "* * * * *"),
            function("five", Kind::Schedule, "*/5 * * * *"),
            function("noon", Kind::Schedule, "0 12 * * *"),
        ];
        Timetable::new(&functions, time("2026-11-26T10:00:00Z")).unwrap().unwrap()
    }

    fn due(timetable: &mut Timetable, now: &str) -> Vec<(usize, String)> {
        timetable.due(time(now)).into_iter().map(|due| (due.function, due.at.to_string())).collect()
    }

    fn at(function: usize, time: &str) -> (usize, String) {
        (function, format!("2026-11-26T{time}Z"))
    }

    #[test]
    fn each_time_comes_once() {
        let mut timetable = timetable();
        for (now, want) in [
            ("2026-11-26T10:00:00Z", vec![]),
            ("2026-11-26T10:04:59.999Z", vec![]),
            ("2026-11-26T10:05:00Z", vec![at(1, "10:05:00")]),
            ("2026-11-26T10:05:00.010Z", vec![]),
            ("2026-11-26T10:10:00.002Z", vec![at(1, "10:10:00")]),
        ] {
            assert_eq!(due(&mut timetable, now), want, "{now}");
        }
    }

    #[test]
    fn it_sleeps_until_the_next_or_until_it_looks_again() {
        let timetable = timetable();
        assert_eq!(timetable.wait(time("2026-11-26T10:00:00Z")), LOOK);
        assert_eq!(timetable.wait(time("2026-11-26T10:04:58.750Z")), Duration::from_millis(1_250));
        assert_eq!(timetable.wait(time("2026-11-26T10:05:00Z")), Duration::ZERO);
    }

    #[test]
    fn after_a_gap_the_last_time_runs_late() {
        let mut timetable = timetable();
        let want = vec![at(1, "12:30:00"), at(2, "12:00:00")];
        assert_eq!(due(&mut timetable, "2026-11-26T12:31:00Z"), want);
        assert_eq!(due(&mut timetable, "2026-11-26T12:35:00Z"), vec![at(1, "12:35:00")]);
    }

    #[test]
    fn after_a_correction_forward_it_goes_on_from_the_new_time() {
        let mut timetable = timetable();
        assert_eq!(due(&mut timetable, "2026-11-26T16:01:00Z"), vec![]);
        assert_eq!(due(&mut timetable, "2026-11-26T16:05:00Z"), vec![at(1, "16:05:00")]);
        assert_eq!(due(&mut timetable, "2026-11-26T16:06:00Z"), vec![]);
    }

    #[test]
    fn no_time_runs_twice_when_the_clock_is_set_back_a_little() {
        let mut timetable = timetable();
        assert_eq!(due(&mut timetable, "2026-11-26T12:00:00Z").len(), 2);
        for now in ["2026-11-26T11:00:00Z", "2026-11-26T11:05:00Z", "2026-11-26T12:00:00Z", "2026-11-26T12:04:59Z"] {
            assert_eq!(due(&mut timetable, now), vec![], "{now}");
        }
        assert_eq!(due(&mut timetable, "2026-11-26T12:05:00Z"), vec![at(1, "12:05:00")]);
    }

    #[test]
    fn it_begins_anew_when_the_clock_is_set_back_far() {
        let mut timetable = timetable();
        assert_eq!(due(&mut timetable, "2026-11-26T10:05:00Z").len(), 1);
        assert_eq!(due(&mut timetable, "2020-01-01T00:00:00Z"), vec![]);
        assert_eq!(due(&mut timetable, "2020-01-01T00:05:00Z"), vec![(1, "2020-01-01T00:05:00Z".to_owned())]);
    }

    #[test]
    fn what_never_comes_is_never_due() {
        let functions = [function("never", Kind::Schedule, "0 0 30 2 *")];
        let mut timetable = Timetable::new(&functions, time("2026-11-26T10:00:00Z")).unwrap().unwrap();
        assert_eq!(timetable.wait(time("2026-11-26T10:00:00Z")), LOOK);
        assert_eq!(due(&mut timetable, "2026-11-26T10:05:00Z"), vec![]);
    }

    #[test]
    fn there_is_none_without_a_schedule_and_a_wrong_one_names_its_function() {
        let now = time("2026-11-26T10:00:00Z");
        assert!(Timetable::new(&[function("queue", Kind::Queue, "* * * * *")], now).unwrap().is_none());
        let refused = Timetable::new(&[function("daily", Kind::Schedule, "@daily")], now).err().unwrap().to_string();
        assert!(refused.contains("`daily`") && refused.contains("`@daily`"), "{refused}");
    }
}
