use bytes::Bytes;
use http::Response;

use crate::local::Settled;

/// What a sender of CloudEvents makes of the reply to a delivery of so many: a 2xx is theirs to all of them, as there is no
/// answer for a part of a batch.
///
/// ```
/// use bytes::Bytes;
/// use polyfn_shim::local::{Settled::Again, container::settled};
///
/// let reply = http::Response::builder().status(503).body(Bytes::new()).unwrap();
/// assert_eq!(settled(2, &reply), [Again, Again]);
/// ```
///
/// Source: [Knative's data plane](https://github.com/knative/specs/blob/main/specs/eventing/data-plane.md).
pub fn settled(events: usize, reply: &Response<Bytes>) -> Vec<Settled> {
    vec![if reply.status().is_success() { Settled::Acknowledged } else { Settled::Again }; events]
}
