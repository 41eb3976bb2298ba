//! Blobs.
//!
//! Source: [poison blobs](https://learn.microsoft.com/azure/azure-functions/functions-bindings-storage-blob-trigger#poison-blobs).

use polyfn_shim::event::Kind;
use serde_json::{Value, json};

use super::{
    super::{Queue, Sent, Setting},
    base64, deliver, on_azure, whole,
};
use crate::function::{RESOURCES, Run};

/// A blob is tried five times, then it is told to the poison queue; its name is the payload.
pub(crate) const BLOB: Setting = on_azure(Kind::Object, |run| {
    let write = |run: &Run, sent: &[Sent]| {
        let name = run.payload(sent.first().unwrap().item);
        let uri = format!("https://shop.blob.core.windows.net/{}/{}", RESOURCES[0], name.replace(' ', "%20"));
        let metadata = json!({
            "Uri": Value::from(uri).to_string(),
            "Properties": {"ContentLength": 5, "ContentType": "text/plain", "ETag": {}},
            "Metadata": {},
            "name": Value::from(name).to_string(),
        });
        deliver(sent, &json!({"blob": base64("hello")}), metadata)
    };
    Box::new(Queue::new(run, write, whole))
});
