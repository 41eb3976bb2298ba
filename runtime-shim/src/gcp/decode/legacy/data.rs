use serde_json::value::{RawValue, to_raw_value};

use crate::{DecodeError, members::Members};

/// What a user's two times are called, in the legacy form and in a CloudEvent.
const TIMES: [(&str, &str); 2] = [("createdAt", "createTime"), ("lastSignedInAt", "lastSignInTime")];

/// The data of a CloudEvent about a published message: the message with its id and its time.
pub(super) fn published(
    message: &RawValue,
    id: Option<&RawValue>,
    time: Option<&RawValue>,
) -> Result<Box<RawValue>, DecodeError> {
    let mut members = read(message.get(), "data")?;
    members.0.retain(|(name, _)| name != "messageId" && name != "publishTime");
    let facts = [("messageId", id), ("publishTime", time)];
    members.0.extend(facts.into_iter().filter_map(|(name, value)| Some((name.into(), value?))));
    let message = write(&members)?;
    write(&Members(vec![("message".into(), &message)]))
}

/// The message in the data of a CloudEvent, without what the event says of it.
pub(super) fn message(data: &str) -> Result<Box<RawValue>, DecodeError> {
    let data = read(data, "data")?;
    let message = data.0.iter().find(|(name, _)| name == "message");
    let (_, message) = message.ok_or_else(|| DecodeError::at("data.message", "missing"))?;
    let mut members = read(message.get(), "data.message")?;
    members.0.retain(|(name, _)| name != "messageId" && name != "publishTime");
    write(&members)
}

/// A user in a CloudEvent's words.
pub(super) fn user(data: &str) -> Result<Box<RawValue>, DecodeError> {
    with_times(data, |name| TIMES.iter().find(|(legacy, _)| *legacy == name).map(|(_, own)| *own))
}

/// A user in the legacy words.
pub(super) fn legacy_user(data: &str) -> Result<Box<RawValue>, DecodeError> {
    with_times(data, |name| TIMES.iter().find(|(_, own)| *own == name).map(|(legacy, _)| *legacy))
}

/// A user's data with the members of its `metadata` renamed, all else as it is written.
fn with_times(data: &str, rename: impl Fn(&str) -> Option<&'static str>) -> Result<Box<RawValue>, DecodeError> {
    let mut user = read(data, "data")?;
    let place = user.0.iter().position(|(name, value)| name == "metadata" && value.get().starts_with('{'));
    let Some((_, value)) = place.and_then(|place| user.0.get_mut(place)) else { return write(&user) };
    let mut metadata = read(value.get(), "data.metadata")?;
    let names: Vec<_> = metadata.0.iter().map(|(name, _)| name.clone()).collect();
    for (name, _) in &mut metadata.0 {
        // One that has both names keeps both.
        if let Some(new) = rename(name).filter(|new| !names.iter().any(|name| name == new)) {
            *name = new.into();
        }
    }
    let metadata = write(&metadata)?;
    *value = &metadata;
    write(&user)
}

fn read<'a>(json: &'a str, place: &str) -> Result<Members<'a>, DecodeError> {
    serde_json::from_str(json).map_err(|_| DecodeError::at(place, "expected an object"))
}

fn write(members: &Members<'_>) -> Result<Box<RawValue>, DecodeError> {
    to_raw_value(members).map_err(DecodeError::json)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn raw(json: &str) -> Box<RawValue> {
        RawValue::from_string(json.to_owned()).unwrap()
    }

    #[test]
    fn a_message_gets_its_id_and_time_and_loses_them_again() {
        let data = raw(r#"{"@type":"m","attributes":{"n": 9007199254740993},"messageId":"old","data":"aGk="}"#);
        let sent = published(&data, Some(&raw(r#""7""#)), Some(&raw(r#""t""#))).unwrap();
        let want =
            r#"{"message":{"@type":"m","attributes":{"n": 9007199254740993},"data":"aGk=","messageId":"7","publishTime":"t"}}"#;
        assert_eq!(sent.get(), want);
        assert_eq!(message(sent.get()).unwrap().get(), r#"{"@type":"m","attributes":{"n": 9007199254740993},"data":"aGk="}"#);
        assert_eq!(published(&raw("5"), None, None).unwrap_err().path(), "data");
        for (data, path) in [("{}", "data.message"), ("[]", "data"), (r#"{"message":5}"#, "data.message")] {
            assert_eq!(message(data).unwrap_err().path(), path, "{data}");
        }
    }

    #[test]
    fn only_a_users_two_times_are_renamed() {
        for (legacy, own) in [
            (
                r#"{"uid":"u","metadata":{"createdAt":"a","lastSignedInAt":"b","n":1.0},"createdAt":"c"}"#,
                r#"{"uid":"u","metadata":{"createTime":"a","lastSignInTime":"b","n":1.0},"createdAt":"c"}"#,
            ),
            (r#"{"metadata":{"createdAt":"a"}}"#, r#"{"metadata":{"createTime":"a"}}"#),
            (r#"{"metadata":null}"#, r#"{"metadata":null}"#),
            ("{}", "{}"),
        ] {
            assert_eq!(user(legacy).unwrap().get(), own);
            assert_eq!(legacy_user(own).unwrap().get(), legacy);
        }
        let both = r#"{"metadata":{"createdAt":"a","createTime":"b"}}"#;
        assert_eq!(user(both).unwrap().get(), both);
        assert!(user("[]").is_err());
    }
}
