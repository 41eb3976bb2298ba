use jiff::Timestamp;
use serde_json::Value;

/// Whether a CloudEvent was written as it must be; extensions and the schema are not looked at.
pub(crate) fn cloud_event(written: &Value, want: &Value) -> Result<(), String> {
    for name in ["id", "source", "subject", "type", "datacontenttype"] {
        equal(name, written.get(name), want.get(name))?;
    }
    same_time("time", written.get("time"), want.get("time"))?;
    match written.get("data") {
        Some(data @ Value::Object(_)) => equal("data", Some(data), want.get("data")),
        other => Err(format!("data: not an object but {other:?}")),
    }
}

/// Whether an event was written in the form of first-generation functions as it must be.
pub(crate) fn legacy(written: &Value, want: &Value) -> Result<(), String> {
    let context = |event: &Value, name: &str, twin: &str| {
        let context = event.get("context");
        context.and_then(|context| context.get(name).or_else(|| context.get(twin))).cloned()
    };
    for (name, twin) in [("eventId", "event_id"), ("eventType", "event_type"), ("resource", "resource")] {
        equal(name, context(written, name, twin).as_ref(), context(want, name, twin).as_ref())?;
    }
    let time = |event| context(event, "timestamp", "timestamp");
    same_time("timestamp", time(written).as_ref(), time(want).as_ref())?;
    equal("data", written.get("data"), want.get("data"))
}

/// Deep equality, in which `null` is not the same as nothing.
fn equal(name: &str, have: Option<&Value>, want: Option<&Value>) -> Result<(), String> {
    if have == want { Ok(()) } else { Err(format!("{name}: {have:?}, and it must be {want:?}")) }
}

/// The same moment, however it is written.
fn same_time(name: &str, have: Option<&Value>, want: Option<&Value>) -> Result<(), String> {
    let moment = |value: Option<&Value>| value?.as_str()?.parse::<Timestamp>().ok();
    match (moment(have), moment(want)) {
        (Some(have), Some(want)) if have == want => Ok(()),
        _ => Err(format!("{name}: {have:?}, and it must be {want:?}")),
    }
}

mod tests {
    use serde_json::json;

    use super::*;

    /// The first part of a refusal.
    fn refused(check: fn(&Value, &Value) -> Result<(), String>, (pointer, value): (&str, Value), want: &Value) -> String {
        let mut written = want.clone();
        *written.pointer_mut(pointer).unwrap() = value;
        check(&written, want).err().map(|error| error.split(':').next().unwrap().to_owned()).unwrap_or_default()
    }

    #[test]
    fn a_cloud_event_is_compared_member_by_member() {
        let want = json!({"id": "1", "source": "/s", "type": "t", "subject": "a", "datacontenttype": "application/json",
            "time": "2024-05-01T10:00:00.5Z", "data": {"n": null, "m": 1}});
        let refused = |pointer: &str, value| refused(cloud_event, (pointer, value), &want);
        assert_eq!(refused("/time", json!("2024-05-01T12:00:00.500+02:00")), "");
        assert_eq!(refused("/time", json!("2024-05-01T10:00:00.6Z")), "time");
        assert_eq!(refused("/data", json!({"m": 1})), "data");
        assert_eq!(refused("/data", json!(null)), "data");
        for name in ["id", "source", "type", "subject", "datacontenttype"] {
            assert_eq!(refused(&format!("/{name}"), json!("x")), name);
        }
    }

    #[test]
    fn a_background_event_is_compared_member_by_member() {
        let context = json!({"eventId": "1", "eventType": "t", "timestamp": "2024-05-01T10:00:00Z", "resource": {"name": "r"}});
        let want = json!({"data": {"n": 1}, "context": context});
        let refused = |pointer: &str, value| refused(legacy, (pointer, value), &want);
        assert_eq!(refused("/context/timestamp", json!("2024-05-01T10:00:00.000Z")), "");
        assert_eq!(refused("/context/timestamp", json!(1)), "timestamp");
        assert_eq!(refused("/context/resource", json!("r")), "resource");
        assert_eq!(refused("/context/eventId", json!("2")), "eventId");
        assert_eq!(refused("/context/eventType", json!("u")), "eventType");
        assert_eq!(refused("/data", json!({"n": 1.0})), "data");
        let snake = json!({"event_id": "1", "event_type": "t", "timestamp": "2024-05-01T10:00:00Z", "resource": {"name": "r"}});
        assert_eq!(legacy(&json!({"data": {"n": 1}, "context": snake}), &want), Ok(()));
    }
}
