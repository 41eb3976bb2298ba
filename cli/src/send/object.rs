use std::path::PathBuf;

use clap::{Args, ValueEnum};
use polyfn_shim::{
    Event, Trigger,
    event::{Action, Object as Fields},
};

use super::local;
use crate::{data::read_data, failure::Failure};

/// A change of a stored object
#[derive(Args, Debug)]
pub(crate) struct Object {
    /// The bucket or container
    bucket: String,
    /// The object's name
    key: String,
    /// What was done to it
    #[arg(long, default_value = "created")]
    action: Done,
    /// The object's content, for providers that send it along; `-` reads standard input
    #[arg(long, value_name = "FILE")]
    file: Option<PathBuf>,
    /// Its size in bytes [default: that of the file, if there is one]
    #[arg(long, value_name = "BYTES")]
    size: Option<u64>,
    /// Its media type
    #[arg(long, value_name = "TYPE")]
    content_type: Option<String>,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Done {
    Created,
    Updated,
    Deleted,
    Archived,
    Restored,
}

impl Object {
    pub(super) fn event(&self) -> Result<Event, Failure> {
        let action = match self.action {
            Done::Created => Action::Created,
            Done::Updated => Action::Updated,
            Done::Deleted => Action::Deleted,
            Done::Archived => Action::Archived,
            Done::Restored => Action::Restored,
        };
        let content = read_data(None, self.file.as_deref())?;
        let size = self.size.or_else(|| self.file.as_ref().and_then(|_| u64::try_from(content.len()).ok()));
        let object = Fields {
            action,
            bucket: self.bucket.clone(),
            key: self.key.clone(),
            size,
            content_type: self.content_type.clone(),
            ..Fields::default()
        };
        let event = local(Trigger::Object(Box::new(object)));
        // The media type of no data would be about nothing.
        let of_content = self.content_type.as_deref().filter(|_| !content.is_empty());
        Ok(event.with_data(content, of_content))
    }
}
