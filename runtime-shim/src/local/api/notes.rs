use http::{Response, StatusCode};
use serde::Deserialize;

use super::{Api, Refused, refused};
use crate::{Body, function::status, local::shim::Note};

/// The most letters of a note.
const MOST: usize = 200_000;

/// What to tell whoever looks at the console.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Told {
    level: Level,
    text: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "lowercase")]
enum Level {
    /// Something is wrong until the next note.
    Error,
    /// All is well again.
    Info,
}

impl Api {
    /// Tells of an error, such as that of a build, or that there is none any more.
    pub(super) fn note(&self, Told { level, text }: Told) -> Result<Response<Body>, Refused> {
        if text.len() > MOST {
            return Err(refused(StatusCode::PAYLOAD_TOO_LARGE, format!("text: more than {MOST} bytes")));
        }
        self.courier.journal().note(match level {
            Level::Error => Some(Note { text }),
            Level::Info => None,
        });
        Ok(status(StatusCode::NO_CONTENT))
    }
}
