//! The inspect example as a plain container, by the machine's own clock.

use std::{
    fs,
    path::Path,
    thread::sleep,
    time::{Duration, Instant},
};

use polyfn_tests::{Process, example, free_port};
use serde_json::{Value, json};

#[test]
#[ignore = "takes up to a minute: it waits for the machine's clock"]
fn a_schedule_runs_at_the_next_minute_unless_the_clock_is_off() {
    let program = example("inspect");
    let start = |clock: &str| {
        let out = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("clock-{clock}.jsonl"));
        fs::write(&out, "").expect("a file can be written");
        let port = free_port();
        let (text, file) = (port.to_string(), out.to_str().expect("a path of text"));
        let env = [("PORT", text.as_str()), ("INSPECT_OUT", file), ("POLYFN_CLOCK", clock)];
        (Process::start(&program, &env).listening_on(port), out)
    };
    let (mut on, written) = start("on");
    let (mut off, nothing) = start("off");
    let end = Instant::now() + Duration::from_secs(65);
    while fs::read_to_string(&written).expect("a file can be read").is_empty() {
        assert!(Instant::now() < end, "no tick came");
        sleep(Duration::from_millis(100));
    }
    for program in [&mut on, &mut off] {
        program.terminate();
        assert!(program.exit().success());
    }
    let text = fs::read_to_string(&written).expect("a file can be read");
    let event: Value = serde_json::from_str(text.lines().next().unwrap_or_default()).expect("a line is an event");
    let at = event["time"].as_str().expect("a tick has a time");
    assert!(at.ends_with(":00Z"), "{at}");
    let want = json!({
        "provider": "container", "trigger": "schedule", "id": format!("schedule/{at}"), "type": "polyfn.schedule.tick", "time": at,
        "attempt": 1, "schedule": {"name": "schedule", "scheduled_for": at},
    });
    assert_eq!(event, want);
    assert_eq!(fs::read_to_string(nothing).expect("a file can be read"), "");
}
