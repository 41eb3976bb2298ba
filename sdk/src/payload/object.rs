use bytes::Bytes;
use polyfn_shim::{
    Event, Trigger,
    event::{Action, Time},
};

use crate::{Context, Payload, Rejection, trigger};

/// A change of a stored object.
///
/// ```
/// use polyfn::{Error, Object, event::Action, function};
///
/// #[function(object = "uploads", on = "created", suffix = ".png")]
/// async fn thumbnail(object: Object) -> Result<(), Error> {
///     println!("{}/{} of {:?} bytes", object.bucket, object.key, object.size);
///     Ok(())
/// }
///
/// let object = Object::new("uploads", "cat.png"); // in a unit test
/// assert_eq!((object.action, object.size), (Action::Created, None));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Object {
    /// What was done to it.
    pub action: Action,
    /// The bucket or container.
    pub bucket: String,
    /// The object's real name, with no encoding left in it.
    pub key: String,
    /// Its size in bytes, if the provider said; deletes have none.
    pub size: Option<u64>,
    /// The provider's tag of its content.
    pub etag: Option<String>,
    /// The provider's name of this version of it.
    pub version: Option<String>,
    /// Its media type.
    pub content_type: Option<String>,
    /// Its bytes, where the provider sends them with the event: a blob trigger on Azure, a source of CloudEvents.
    pub content: Option<Bytes>,
    /// When it happened.
    pub time: Option<Time>,
}

impl Object {
    /// A new object of this name, to call a function with in a unit test.
    pub fn new(bucket: impl Into<String>, key: impl Into<String>) -> Self {
        Self {
            action: Action::Created,
            bucket: bucket.into(),
            key: key.into(),
            size: None,
            etag: None,
            version: None,
            content_type: None,
            content: None,
            time: None,
        }
    }
}

impl Payload<trigger::Object> for Object {
    fn decode(event: &mut Event, _: &Context) -> Result<Self, Rejection> {
        let Trigger::Object(object) = event.trigger().clone() else { return Err(Rejection::new("not a change of an object")) };
        let polyfn_shim::event::Object { action, bucket, key, size, etag, version, content_type } = *object;
        let content = event.data().cloned();
        Ok(Self { action, bucket, key, size, etag, version, content_type, content, time: event.time() })
    }
}
