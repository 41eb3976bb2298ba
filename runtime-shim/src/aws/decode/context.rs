use super::{
    leaf::Leaf,
    reader::{Reader, Result},
    value::Value,
};

/// The member `requestContext`, with what any HTTP shape has in it.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct RequestContext<'a> {
    /// Whether it is there and not `null`, whatever it is.
    pub(super) is_present: bool,
    pub(super) is_object: bool,
    pub(super) connection_id: Leaf<'a>,
    pub(super) domain_name: Leaf<'a>,
    pub(super) elb: Inner<'a>,
    pub(super) event_type: Leaf<'a>,
    pub(super) http: Inner<'a>,
    pub(super) identity: Inner<'a>,
    pub(super) path: Leaf<'a>,
    pub(super) request_id: Leaf<'a>,
    pub(super) request_time_epoch: Leaf<'a>,
    pub(super) route_key: Leaf<'a>,
    pub(super) service_arn: Leaf<'a>,
    pub(super) service_network_arn: Leaf<'a>,
    pub(super) stage: Leaf<'a>,
    pub(super) time_epoch: Leaf<'a>,
}

/// An object in `requestContext`: `elb`, `http` or `identity`.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Inner<'a> {
    pub(super) is_object: bool,
    pub(super) method: Leaf<'a>,
    pub(super) source_ip: Leaf<'a>,
    pub(super) target_group_arn: Leaf<'a>,
}

impl RequestContext<'_> {
    /// Whether a label of the domain is this.
    pub(super) fn has_label(&self, label: &str) -> bool {
        self.domain_name.text().is_some_and(|name| name.split('.').any(|have| have == label))
    }
}

impl<'a> Value<'a> for RequestContext<'a> {
    fn read(reader: &mut Reader<'a>) -> Result<Self> {
        let mut to = Self { is_present: reader.peek()? != b'n', ..Self::default() };
        to.is_object = reader.object(|name, reader| {
            match name.name().as_bytes() {
                b"connectionId" => to.connection_id = Value::read(reader)?,
                b"domainName" => to.domain_name = Value::read(reader)?,
                b"elb" => to.elb = Value::read(reader)?,
                b"eventType" => to.event_type = Value::read(reader)?,
                b"http" => to.http = Value::read(reader)?,
                b"identity" => to.identity = Value::read(reader)?,
                b"path" => to.path = Value::read(reader)?,
                b"requestId" => to.request_id = Value::read(reader)?,
                b"requestTimeEpoch" => to.request_time_epoch = Value::read(reader)?,
                b"routeKey" => to.route_key = Value::read(reader)?,
                b"serviceArn" => to.service_arn = Value::read(reader)?,
                b"serviceNetworkArn" => to.service_network_arn = Value::read(reader)?,
                b"stage" => to.stage = Value::read(reader)?,
                b"timeEpoch" => to.time_epoch = Value::read(reader)?,
                _ => reader.skip()?,
            }
            Ok(())
        })?;
        Ok(to)
    }
}

impl<'a> Value<'a> for Inner<'a> {
    fn read(reader: &mut Reader<'a>) -> Result<Self> {
        let mut to = Self::default();
        to.is_object = reader.object(|name, reader| {
            match name.name().as_bytes() {
                b"method" => to.method = Value::read(reader)?,
                b"sourceIp" => to.source_ip = Value::read(reader)?,
                b"targetGroupArn" => to.target_group_arn = Value::read(reader)?,
                _ => reader.skip()?,
            }
            Ok(())
        })?;
        Ok(to)
    }
}
