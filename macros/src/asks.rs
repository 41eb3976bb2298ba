//! Checks, at compile time, that the only provider of a build can do what the attribute asks.

use proc_macro2::{Span, TokenStream};
use quote::{quote, quote_spanned};

use crate::{
    emit::private,
    facts,
    options::{Binding, Options},
};

/// An argument that a provider may be unable to follow: its key, and the user's token that a message is about.
#[derive(Debug)]
pub(crate) struct Ask {
    pub(crate) key: String,
    pub(crate) at: Span,
}

impl Ask {
    /// The keys that a provider may be unable to follow.
    pub(crate) fn is_one(key: &str) -> bool {
        matches!(key, "batch" | "ordered" | "retries" | "timeout" | "on" | "schedule")
    }
}

/// A constant for each ask, under the user's token.
pub(crate) fn checks(options: &Options) -> TokenStream {
    options.asks.iter().filter_map(|ask| check(ask, options)).collect()
}

fn check(ask: &Ask, options: &Options) -> Option<TokenStream> {
    let Binding::Resource(name) = &options.binding else { return None };
    let (settings, kind) = (&options.settings, options.trigger.marker());
    let p = private(options.krate.as_ref(), ask.at);
    let what = match ask.key.as_str() {
        "batch" => settings.batch.map(|number| quote!(Batch(#number))),
        "ordered" => Some(quote!(Ordered)),
        "retries" => settings.retries.map(|number| quote!(Retries(#number))),
        "timeout" => settings.timeout.map(facts::duration).map(|timeout| quote!(Timeout(#timeout))),
        "on" => Some(facts::actions(settings, &p)).map(|on| quote!(On(#on))),
        _ => Some(quote!(Schedule)),
    }?;
    // rustc underlines from the first token of the call to its last.
    let call = quote_spanned!(ask.at=> (#p::Kind::#kind, #name, #p::Ask::#what));
    Some(quote_spanned!(ask.at=> const _: () = #p::the_only_provider_must_be_able #call;))
}
