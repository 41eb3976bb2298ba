//! Cloud Scheduler.

use std::time::Duration;

use polyfn_shim::{
    Event, Provider, Trigger,
    event::{Schedule, Time},
    local::gcp::source::Scheduler,
};

use crate::hosted::Scripted;

fn tick(second: i64) -> Event {
    let schedule = Schedule { name: Some("nightly".to_owned()), scheduled_for: Time::from_seconds(second) };
    Event::new(Provider::Local, Trigger::Schedule(schedule))
}

#[tokio::test(start_paused = true)]
async fn a_run_is_tried_again_only_if_the_job_says_so_and_five_times_at_the_most() {
    for (retries, want) in [
        (None, vec![0]),
        (Some(0), vec![0]),
        (Some(1), vec![0, 5]),
        // 5, 10, 20, 40, 80 seconds between.
        (Some(5), vec![0, 5, 15, 35, 75, 155]),
        (Some(9), vec![0, 5, 15, 35, 75, 155]),
    ] {
        let process = Scripted::with(&[500]);
        let job = retries.map_or(Scheduler::new(), |retries| Scheduler::new().with_retries(retries));
        let tally = job.run(&process, [tick(0)]).await.unwrap();
        assert_eq!((tally.acknowledged, tally.dead.len()), (0, 1));
        assert_eq!(process.seconds(), want, "{retries:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn runs_of_a_job_do_not_overlap_and_a_late_answer_is_none() {
    let process = Scripted::with(&[203]).taking(Duration::from_secs(60));
    let tally = Scheduler::new().run(&process, [tick(0), tick(60), tick(120)]).await.unwrap();
    assert_eq!((tally.acknowledged, process.at_once()), (3, 1));
    assert_eq!(process.seconds(), [0, 60, 120]);
    let times = process.header("x-cloudscheduler-scheduletime");
    assert_eq!(times[1].as_deref(), Some("1970-01-01T00:01:00Z"));
    let process = Scripted::with(&[200]).taking(Duration::from_secs(181));
    assert_eq!(Scheduler::new().run(&process, [tick(0)]).await.unwrap().dead.len(), 1);
}
