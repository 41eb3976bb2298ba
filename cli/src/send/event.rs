use clap::Args;
use polyfn_shim::{Event, Trigger};

use super::local;
use crate::{
    data::{Data, json_type, pair},
    failure::Failure,
};

/// A custom event, told by its type
#[derive(Args, Debug)]
pub(crate) struct Custom {
    /// The event's type, such as `shop.order.paid`
    #[arg(value_name = "TYPE")]
    ty: String,
    #[command(flatten)]
    data: Data,
    /// Where it comes from
    #[arg(long)]
    source: Option<String>,
    /// What in the source it is about
    #[arg(long)]
    subject: Option<String>,
    /// An extension attribute of the event; may be given several times
    #[arg(long = "attribute", value_name = "NAME=VALUE", value_parser = pair)]
    attributes: Vec<(String, String)>,
    /// The media type of the data [default: `application/json` if it is JSON]
    #[arg(long, value_name = "TYPE")]
    content_type: Option<String>,
}

impl Custom {
    pub(super) fn event(&self) -> Result<Event, Failure> {
        let data = self.data.read()?;
        let content_type = self.content_type.as_deref().or_else(|| json_type(&data));
        let mut event = local(Trigger::Event).with_type(&self.ty).with_data(data, content_type);
        if let Some(source) = &self.source {
            event = event.with_source(source);
        }
        if let Some(subject) = &self.subject {
            event = event.with_subject(subject);
        }
        Ok(self.attributes.iter().fold(event, |event, (name, value)| event.with_attribute(name, value)))
    }
}
