use std::path::{Path, PathBuf};

use bytes::Bytes;
use clap::Args;

use crate::{decode::read, failure::Failure};

/// What an event carries.
#[derive(Args, Debug)]
pub(crate) struct Data {
    /// The data
    #[arg(value_name = "DATA", required_unless_present = "file", conflicts_with = "file", allow_negative_numbers = true)]
    data: Option<String>,
    /// Take the data from a file instead; `-` reads standard input
    #[arg(long, value_name = "FILE")]
    file: Option<PathBuf>,
}

impl Data {
    pub(crate) fn read(&self) -> Result<Bytes, Failure> {
        read_data(self.data.as_deref(), self.file.as_deref())
    }
}

/// What was written on the command line, or what the file holds.
pub(crate) fn read_data(data: Option<&str>, file: Option<&Path>) -> Result<Bytes, Failure> {
    match file {
        Some(file) => Ok(read(file)?.into()),
        None => Ok(data.unwrap_or_default().to_owned().into()),
    }
}

/// The media type of JSON if that is what it is.
pub(crate) fn json_type(data: &[u8]) -> Option<&'static str> {
    serde_json::from_slice::<serde::de::IgnoredAny>(data).ok().map(|_| "application/json")
}

/// One `NAME=VALUE`.
pub(crate) fn pair(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((name, value)) if !name.is_empty() => Ok((name.to_owned(), value.to_owned())),
        _ => Err("write it as NAME=VALUE".to_owned()),
    }
}

/// JSON text; for a key or a name a bare word stands for the string.
pub(crate) fn json_or_word(text: &str) -> String {
    match json_type(text.as_bytes()) {
        Some(_) => text.to_owned(),
        None => serde_json::Value::from(text).to_string(),
    }
}

/// JSON text.
pub(crate) fn json(text: &str) -> Result<String, String> {
    match serde_json::from_str::<serde::de::IgnoredAny>(text) {
        Ok(_) => Ok(text.to_owned()),
        Err(error) => Err(format!("not JSON: {error}")),
    }
}
