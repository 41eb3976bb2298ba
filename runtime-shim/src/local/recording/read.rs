use std::time::Duration;

use http::StatusCode;
use serde_json::value::RawValue;

use super::{Delivery, Ended, FORMAT, Recording, Reply, body};
use crate::{
    DecodeError, Event,
    event::{Headers, Time, read_headers},
    fields::Fields,
};

impl Recording {
    /// The recording of its JSON, as [`to_json`](Self::to_json) writes it.
    ///
    /// # Errors
    /// Another version of the format, an unknown name, a value of the wrong kind; the place is named.
    pub fn from_json(json: &str) -> Result<Self, DecodeError> {
        let mut fields = Fields::read(json, "")?;
        let format: Option<u32> = fields.of("format", "a whole number")?;
        if format != Some(FORMAT) {
            return Err(fields.wrong("format", format!("expected {FORMAT}, which is what this version of polyfn reads")));
        }
        let at = fields.word("at", "a time as RFC 3339 has it", Time::parse)?;
        let duration: Option<u64> = fields.of("duration_us", "a whole number")?;
        let provider = fields.word("provider", "aws, gcp, azure, container or local", |name| name.parse().ok())?;
        let recording = Self {
            at: at.ok_or_else(|| fields.wrong("at", "missing"))?,
            duration: Duration::from_micros(duration.unwrap_or_default()),
            provider: provider.ok_or_else(|| fields.wrong("provider", "missing"))?,
            form: fields.required_text("form")?,
            function: fields.required_text("function")?,
            delivery: delivery(fields.required("delivery")?)?,
            events: each(fields.list("events")?, "events", |json, place| {
                Event::from_json(json).map_err(|error| error.under(place))
            })?,
            outcomes: each(fields.list("outcomes")?, "outcomes", ended)?,
            reply: reply(fields.required("reply")?)?,
        };
        fields.end()?;
        Ok(recording)
    }
}

fn each<T>(list: Vec<&RawValue>, name: &str, read: impl Fn(&str, &str) -> Result<T, DecodeError>) -> Result<Vec<T>, DecodeError> {
    list.into_iter().enumerate().map(|(at, json)| read(json.get(), &format!("{name}[{at}]"))).collect()
}

fn delivery(json: &RawValue) -> Result<Delivery, DecodeError> {
    let mut fields = Fields::read(json.get(), "delivery")?;
    let method = fields.word("method", "an HTTP method", |name| name.parse().ok())?;
    let delivery = Delivery {
        method: method.ok_or_else(|| fields.wrong("method", "missing"))?,
        path: fields.required_text("path")?,
        headers: headers(&mut fields)?,
        body: body::read(&mut fields)?,
    };
    fields.end()?;
    Ok(delivery)
}

fn reply(json: &RawValue) -> Result<Reply, DecodeError> {
    let mut fields = Fields::read(json.get(), "reply")?;
    let status = fields.of::<u16>("status", "a whole number")?.map(StatusCode::from_u16);
    let status = status.and_then(Result::ok).ok_or_else(|| fields.wrong("status", "expected a status of 100 to 999"))?;
    let reply = Reply { status, headers: headers(&mut fields)?, body: body::read(&mut fields)? };
    fields.end()?;
    Ok(reply)
}

fn headers(fields: &mut Fields<'_>) -> Result<Headers, DecodeError> {
    match fields.raw("headers") {
        Some(pairs) => read_headers(pairs, &fields.at("headers")),
        None => Ok(Headers::default()),
    }
}

fn ended(json: &str, place: &str) -> Result<Ended, DecodeError> {
    let mut fields = Fields::read(json, place)?;
    let ended = match &*fields.required_text("outcome")? {
        "done" => Ended::Done,
        "retry" => Ended::Retry { name: fields.required_text("name")?, message: fields.required_text("message")? },
        "drop" => Ended::Drop { name: fields.required_text("name")?, message: fields.required_text("message")? },
        _ => return Err(fields.wrong("outcome", "expected done, retry or drop")),
    };
    fields.end()?;
    Ok(ended)
}
