//! Settings as the facade's description has them.

use std::time::Duration;

use proc_macro2::{Ident, Span, TokenStream};
use quote::quote;

use crate::settings::Settings;

/// Which events of a resource the function takes.
pub(crate) fn filter(settings: &Settings, p: &TokenStream) -> TokenStream {
    let on = actions(settings, p);
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    let (prefix, suffix, source) = (text(&settings.prefix), text(&settings.suffix), text(&settings.source));
    quote!(#p::Filter { on: #on, prefix: #prefix, suffix: #suffix, source: #source })
}

/// How its events are delivered: what the attribute says, and no more.
pub(crate) fn settings(settings: &Settings, p: &TokenStream) -> TokenStream {
    let number = |name: &str, number: Option<u32>| {
        let name = Ident::new(name, Span::mixed_site());
        number.map(|number| quote!(#name: ::core::option::Option::Some(#number),))
    };
    let given = [
        number("concurrency", settings.concurrency),
        settings.ordered.then(|| quote!(ordered: true,)),
        number("batch", settings.batch),
        number("retries", settings.retries),
        settings.timeout.map(duration).map(|timeout| quote!(timeout: ::core::option::Option::Some(#timeout),)),
        settings.drops_malformed.then(|| quote!(on_malformed: #p::Malformed::Drop,)),
    ];
    let all = given.iter().all(Option::is_some);
    let given: TokenStream = given.into_iter().flatten().collect();
    if given.is_empty() {
        return quote!(::core::default::Default::default());
    }
    let others = (!all).then(|| quote!(..::core::default::Default::default()));
    quote!(#p::Settings { #given #others })
}

pub(crate) fn actions(settings: &Settings, p: &TokenStream) -> TokenStream {
    let on = settings.on.iter().map(|action| {
        let mut letters = action.chars();
        let first = letters.next().map(|letter| letter.to_ascii_uppercase());
        Ident::new(&first.into_iter().chain(letters).collect::<String>(), Span::mixed_site())
    });
    quote!(&[#(#p::Action::#on),*])
}

pub(crate) fn duration(duration: Duration) -> TokenStream {
    let millis = u64::try_from(duration.as_millis()).unwrap_or(u64::MAX);
    quote!(::core::time::Duration::from_millis(#millis))
}
