use polyfn_shim::Event;

use crate::{Context, Payload, Rejection, trigger};

/// The event of the crate `cloudevents-sdk`, whichever provider's form it came in.
///
/// ```
/// use polyfn::{Error, function};
/// use cloudevents::AttributesReader;
///
/// #[function(event = "shop.order.*")]
/// async fn paid(event: cloudevents::Event) -> Result<(), Error> {
///     println!("{} of {}", event.ty(), event.source());
///     Ok(())
/// }
/// ```
impl Payload<trigger::Event> for cloudevents::Event {
    fn decode(event: &mut Event, _: &Context) -> Result<Self, Rejection> {
        Self::try_from(&*event).map_err(|error| Rejection::new(error.to_string()))
    }
}

#[cfg(test)]
mod tests {
    use cloudevents::AttributesReader;
    use polyfn_shim::{Provider, Trigger};

    use super::*;

    #[test]
    fn a_function_takes_the_other_crates_event() {
        let shop = Event::new(Provider::Container, Trigger::Event).with_id("7").with_source("/shop").with_type("shop.order.paid");
        let taken = |mut event| <cloudevents::Event as Payload<trigger::Event>>::decode(&mut event, &Context::for_test("paid"));
        let theirs = taken(shop.clone()).unwrap();
        assert_eq!((theirs.id(), theirs.ty()), ("7", "shop.order.paid"));
        let refused = taken(shop.with_dataschema("no URL")).unwrap_err();
        assert!(refused.to_string().contains("dataschema"), "{refused}");
    }
}
