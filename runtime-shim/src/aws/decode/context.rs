use std::fmt;

use serde::de::{self, Deserialize, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

use super::leaf::{Leaf, Name, scalars};

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

/// A struct that is filled member by member, the last of a name counting, and that any other JSON leaves as it is.
trait Members<'de>: Default {
    fn object() -> Self;
    fn other() -> Self;
    fn member<A: MapAccess<'de>>(&mut self, name: &[u8], map: &mut A) -> Result<(), A::Error>;
}

impl<'de> Members<'de> for RequestContext<'de> {
    fn object() -> Self {
        Self { is_present: true, is_object: true, ..Self::default() }
    }

    fn other() -> Self {
        Self { is_present: true, ..Self::default() }
    }

    fn member<A: MapAccess<'de>>(&mut self, name: &[u8], map: &mut A) -> Result<(), A::Error> {
        match name {
            b"connectionId" => self.connection_id = map.next_value()?,
            b"domainName" => self.domain_name = map.next_value()?,
            b"elb" => self.elb = map.next_value()?,
            b"eventType" => self.event_type = map.next_value()?,
            b"http" => self.http = map.next_value()?,
            b"identity" => self.identity = map.next_value()?,
            b"path" => self.path = map.next_value()?,
            b"requestId" => self.request_id = map.next_value()?,
            b"requestTimeEpoch" => self.request_time_epoch = map.next_value()?,
            b"routeKey" => self.route_key = map.next_value()?,
            b"serviceArn" => self.service_arn = map.next_value()?,
            b"serviceNetworkArn" => self.service_network_arn = map.next_value()?,
            b"stage" => self.stage = map.next_value()?,
            b"timeEpoch" => self.time_epoch = map.next_value()?,
            _ => {
                map.next_value::<IgnoredAny>()?;
            }
        }
        Ok(())
    }
}

impl<'de> Members<'de> for Inner<'de> {
    fn object() -> Self {
        Self { is_object: true, ..Self::default() }
    }

    fn other() -> Self {
        Self::default()
    }

    fn member<A: MapAccess<'de>>(&mut self, name: &[u8], map: &mut A) -> Result<(), A::Error> {
        match name {
            b"method" => self.method = map.next_value()?,
            b"sourceIp" => self.source_ip = map.next_value()?,
            b"targetGroupArn" => self.target_group_arn = map.next_value()?,
            _ => {
                map.next_value::<IgnoredAny>()?;
            }
        }
        Ok(())
    }
}

struct MembersVisitor<T>(std::marker::PhantomData<T>);

impl<'de, T: Members<'de>> Visitor<'de> for MembersVisitor<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any JSON")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<T, A::Error> {
        let mut members = T::object();
        while let Some(Name(name)) = map.next_key()? {
            members.member(&name, &mut map)?;
        }
        Ok(members)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<T, A::Error> {
        while seq.next_element::<IgnoredAny>()?.is_some() {}
        Ok(T::other())
    }

    fn visit_unit<E: de::Error>(self) -> Result<T, E> {
        Ok(T::default())
    }

    scalars!(T, T::other());
}

impl<'de: 'a, 'a> Deserialize<'de> for RequestContext<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer
            .deserialize_any(MembersVisitor::<RequestContext<'de>>(std::marker::PhantomData))
            .map(|context: RequestContext<'de>| context)
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Inner<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(MembersVisitor::<Inner<'de>>(std::marker::PhantomData)).map(|inner: Inner<'de>| inner)
    }
}
