//! Cloud Tasks.

use std::time::Duration;

use http::HeaderValue;
use polyfn_shim::local::{ProcessError, gcp::source::Tasks};

use crate::hosted::{Scripted, ids, queued, status};

#[tokio::test(start_paused = true)]
async fn a_task_is_told_its_retries_and_how_many_were_answered() {
    let process = Scripted::new(|_, number| match number {
        0 | 2 => Ok(status(500)),
        1 => Err(ProcessError::Exited("gone".to_owned())),
        _ => Ok(status(299)),
    });
    let tally = Tasks::new().run(&process, [queued("1", None, "hi")]).await.unwrap();
    assert_eq!((tally.acknowledged, tally.deliveries), (1, 4));
    let numbers = |name| process.header(name).into_iter().map(Option::unwrap).collect::<Vec<_>>();
    assert_eq!(numbers("x-cloudtasks-taskretrycount"), ["0", "1", "2", "3"]);
    assert_eq!(numbers("x-cloudtasks-taskexecutioncount"), ["0", "1", "1", "2"]);
    let previous = process.header("x-cloudtasks-taskpreviousresponse");
    assert_eq!(previous, [None, Some("500".to_owned()), Some("500".to_owned()), Some("500".to_owned())]);
    let millis: Vec<_> = process.times().iter().map(Duration::as_millis).collect();
    // 0.1, 0.2, 0.4 seconds between.
    assert_eq!(millis.iter().map(|millis| millis / 100).collect::<Vec<_>>(), [0, 1, 3, 7]);
}

#[tokio::test(start_paused = true)]
async fn a_task_is_tried_a_hundred_times_or_as_often_as_the_queue_says() {
    let tally = Tasks::new().run(&Scripted::with(&[302]), [queued("1", None, "")]).await.unwrap();
    assert_eq!((tally.acknowledged, tally.deliveries, ids(&tally.dead)), (0, 100, vec!["1"]));
    let tally = Tasks::new().with_attempts(Some(3)).run(&Scripted::with(&[500]), [queued("1", None, "")]).await.unwrap();
    assert_eq!(tally.deliveries, 3);
}

#[tokio::test(start_paused = true)]
async fn retry_after_counts_and_an_overload_holds_the_whole_queue() {
    let refused = |code, after: &'static str| {
        let mut reply = status(code);
        reply.headers_mut().insert("retry-after", HeaderValue::from_static(after));
        reply
    };
    for (code, after, want) in [
        // One task alone waits.
        (500, "30", vec![0, 0, 30]),
        // Both do, even the one that nobody has sent yet.
        (503, "30", vec![0, 30, 30]),
        (429, "30", vec![0, 30, 30]),
        // A date is not read.
        (500, "Fri, 31 Dec 1999 23:59:59 GMT", vec![0, 0, 0]),
    ] {
        let process = Scripted::new(move |_, number| Ok(if number == 0 { refused(code, after) } else { status(200) }));
        let tasks = [queued("1", None, ""), queued("2", None, "")];
        let tally = Tasks::new().with_at_once(1).run(&process, tasks).await.unwrap();
        assert_eq!(tally.acknowledged, 2);
        assert_eq!(process.seconds(), want, "{code} {after}");
    }
    let endless =
        Scripted::new(move |_, number| Ok(if number == 0 { refused(503, "18446744073709551615") } else { status(200) }));
    assert_eq!(Tasks::new().run(&endless, [queued("1", None, "")]).await.unwrap().acknowledged, 1);
}

#[tokio::test(start_paused = true)]
async fn what_is_given_up_holds_the_queue_for_no_longer_than_its_pause() {
    let process = Scripted::with(&[503, 200]);
    let tasks = [queued("1", None, ""), queued("2", None, "")];
    let tally = Tasks::new().with_at_once(1).with_attempts(Some(1)).run(&process, tasks).await.unwrap();
    assert_eq!((tally.acknowledged, ids(&tally.dead)), (1, vec!["1"]));
}
