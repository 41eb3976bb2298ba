use bytes::Bytes;
use clap::Args;
use polyfn_shim::{
    Event, Trigger,
    event::{Queue, Stream, Topic},
};

use super::local;
use crate::{
    data::{Data, pair},
    failure::Failure,
};

#[derive(Args, Debug)]
pub(crate) struct Message {
    /// The name of the queue, topic or stream
    name: String,
    #[command(flatten)]
    data: Data,
    /// An attribute of the message; may be given several times
    #[arg(long = "attribute", value_name = "NAME=VALUE", value_parser = pair)]
    attributes: Vec<(String, String)>,
    /// What order is kept within: a message group, an ordering key, a partition key
    #[arg(long)]
    group: Option<String>,
    /// The media type of the data, such as `application/json`
    #[arg(long, value_name = "TYPE")]
    content_type: Option<String>,
}

impl Message {
    pub(super) fn queue(&self) -> Result<Event, Failure> {
        self.event(Trigger::Queue(Queue { name: self.name(), group: self.group.clone(), sequence: None }))
    }

    pub(super) fn topic(&self) -> Result<Event, Failure> {
        self.event(Trigger::Topic(Topic { name: self.name(), ordering_key: self.group.clone(), subject: None }))
    }

    pub(super) fn stream(&self) -> Result<Event, Failure> {
        self.event(Trigger::Stream(Stream { name: self.name(), partition_key: self.group.clone(), ..Stream::default() }))
    }

    fn name(&self) -> Option<String> {
        Some(self.name.clone())
    }

    fn event(&self, trigger: Trigger) -> Result<Event, Failure> {
        let data: Bytes = self.data.read()?;
        let event = local(trigger).with_data(data, self.content_type.as_deref());
        Ok(self.attributes.iter().fold(event, |event, (name, value)| event.with_attribute(name, value)))
    }
}
