use bytes::Bytes;
use serde::Deserialize;

use super::{Body, data, event_type::Product, legacy_event::LegacyContext, resource};
use crate::{DecodeError, cloudevents::CloudEvent};

impl Body<'_> {
    /// The CloudEvent that Google sends today for the same thing.
    ///
    /// `raw` is the delivery that the body was read from.
    ///
    /// # Errors
    /// A type that is not known, or a fact that is missing or of the wrong kind; it is named.
    pub(in crate::gcp::decode) fn cloud_event(&self, raw: &Bytes) -> Result<CloudEvent, DecodeError> {
        let row = self.row()?;
        let LegacyContext { event_id, timestamp, resource, .. } = self.context()?;
        let service = resource.service().unwrap_or(row.product.service());
        let (path, subject) = resource::split(row.product, resource.name())
            .ok_or_else(|| DecodeError::at(self.place("resource"), "not the name of a resource of this type of event"))?;
        let path = match row.product {
            Product::Database => path.replacen("/instances/", &format!("/locations/{}/instances/", self.location()?), 1),
            Product::Analytics => format!("{path}/apps/{}", self.app()?),
            _ => path.to_owned(),
        };
        let changed = match row.product {
            Product::PubSub => Some(data::published(self.data, self.event_id, self.timestamp)?),
            Product::Auth => Some(data::user(self.data.get())?),
            _ => None,
        };
        Ok(CloudEvent {
            id: event_id,
            source: format!("//{service}/{path}"),
            ty: row.cloud_event.to_owned(),
            subject: if row.product == Product::Auth { self.user() } else { subject.map(str::to_owned) },
            time: timestamp,
            datacontenttype: Some("application/json".to_owned()),
            dataschema: None,
            extensions: Vec::new(),
            data: Some(match changed {
                Some(data) => Bytes::from(Box::<str>::from(data).into_boxed_bytes()),
                None => raw.slice_ref(self.data.get().as_bytes()),
            }),
        })
    }

    /// Where a database lies: the host of its domain begins with it, and the oldest domain is of one place.
    fn location(&self) -> Result<String, DecodeError> {
        let domain = self.domain.and_then(|domain| serde_json::from_str::<String>(domain.get()).ok());
        let location = domain.as_deref().map(|domain| match domain {
            "firebaseio.com" => "us-central1",
            _ => domain.split('.').next().unwrap_or_default(),
        });
        match location.filter(|location| !location.is_empty() && !location.contains('/')) {
            Some(location) => Ok(location.to_owned()),
            None => Err(DecodeError::at("domain", "expected the domain of the database")),
        }
    }

    fn user(&self) -> Option<String> {
        #[derive(Deserialize)]
        struct User {
            uid: Option<String>,
        }
        let user = serde_json::from_str::<User>(self.data.get()).ok()?;
        user.uid.map(|uid| format!("users/{uid}"))
    }

    fn app(&self) -> Result<String, DecodeError> {
        #[derive(Deserialize)]
        #[serde(rename_all = "camelCase")]
        struct Log {
            user_dim: User,
        }
        #[derive(Deserialize)]
        #[serde(rename_all = "camelCase")]
        struct User {
            app_info: App,
        }
        #[derive(Deserialize)]
        #[serde(rename_all = "camelCase")]
        struct App {
            app_id: String,
        }
        let log = serde_json::from_str::<Log>(self.data.get());
        log.map(|log| log.user_dim.app_info.app_id).map_err(|_| DecodeError::at("data.userDim.appInfo.appId", "expected a text"))
    }
}
