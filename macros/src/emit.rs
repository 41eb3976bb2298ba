use proc_macro2::{Ident, Span, TokenStream, TokenTree};
use quote::{ToTokens, format_ident, quote, quote_spanned};
use syn::{Path, Type};

use crate::{
    asks, facts, manifest,
    options::{Binding, Options},
    signature::{Function, mentions},
    trigger::Trigger,
};

/// What makes the function one of polyfn: a struct of its name that can be registered.
pub(crate) fn glue(function: &Function, options: &Options) -> TokenStream {
    let p = private(options.krate.as_ref(), Span::mixed_site());
    let (body, asks) = (body_checks(function, options), asks::checks(options));
    let checks = quote!(#body #asks);
    let description = description(function, options);
    let describe = describe(function, options);
    let call = call(function, options);
    let marker = marker(options, Span::mixed_site());
    let how = if function.is_async { quote!(asynchronous::<#marker, _, _>) } else { quote!(blocking::<#marker, _>) };
    let said = said(function, options);
    let register = quote_spanned! { Span::mixed_site()=>
        #p::#how(#description, |__about: &mut #p::About| { #describe }, |mut __event: #p::Event, __cx: #p::Context| #call)
    };
    registered(function, options, &checks, &said, &register)
}

/// The same names without the code, where the attribute or the signature is wrong: what uses them must not fail too.
pub(crate) fn stub(function: &Function, options: &Options) -> TokenStream {
    let p = private(options.krate.as_ref(), Span::mixed_site());
    let (said, register) = (manifest::nothing(&p), quote_spanned!(Span::mixed_site()=> #p::stub()));
    registered(function, options, &TokenStream::new(), &said, &register)
}

/// A path into the facade's private door, placed where rustc is to point. Without a path of the user's it is `::polyfn`.
pub(crate) fn private(krate: Option<&Path>, at: Span) -> TokenStream {
    let Some(krate) = krate else { return quote_spanned!(at=> ::polyfn::__private) };
    let krate = krate.to_token_stream().into_iter().map(|mut token: TokenTree| {
        token.set_span(token.span().located_at(at));
        token
    });
    let krate: TokenStream = krate.collect();
    quote_spanned!(at=> #krate::__private)
}

fn registered(
    function: &Function,
    options: &Options,
    checks: &TokenStream,
    said: &TokenStream,
    register: &TokenStream,
) -> TokenStream {
    let Function { cfgs, vis, ident, deprecated, .. } = function;
    let p = private(options.krate.as_ref(), Span::mixed_site());
    // Spans of the macro's own keep the user's lints out of this code.
    let mut name = ident.clone();
    name.set_span(Span::mixed_site().located_at(ident.span()));
    let deprecated = deprecated.then(|| quote!(#[allow(deprecated)]));
    quote_spanned! { Span::mixed_site()=>
        #(#cfgs)*
        #[doc(hidden)]
        #[allow(dead_code)]
        #vis struct #name {}

        #(#cfgs)*
        const _: () = {
            #checks

            #[automatically_derived]
            #deprecated
            impl #p::Register for #name {
                const SAID: #p::Said<'static> = #said;

                fn register() -> #p::Registered {
                    #register
                }
            }
        };
    }
}

fn marker(options: &Options, at: Span) -> TokenStream {
    let (p, marker) = (private(options.krate.as_ref(), at), options.trigger.marker());
    quote_spanned!(at=> #p::trigger::#marker)
}

/// The trait of each parameter: of an http function all are payloads, else the first is and the others are context.
fn params<'a>(function: &'a Function, options: &'a Options) -> impl Iterator<Item = (&'a Type, bool, TokenStream)> {
    function.params.iter().enumerate().map(|(index, ty)| {
        let at = start(ty);
        let (p, marker) = (private(options.krate.as_ref(), at), marker(options, at));
        let payload = index == 0 || options.trigger == Trigger::Http;
        let of = if payload { quote_spanned!(at=> #p::Payload<#marker>) } else { quote_spanned!(at=> #p::FromContext) };
        (ty, payload, quote_spanned!(at=> <#ty as #of>))
    })
}

/// Of an http function only the last parameter may take the body.
fn body_checks(function: &Function, options: &Options) -> TokenStream {
    if options.trigger != Trigger::Http {
        return TokenStream::new();
    }
    let before_last = function.params.len().saturating_sub(1);
    let checks = params(function, options).take(before_last).map(|(ty, _, of)| {
        let at = start(ty);
        let p = private(options.krate.as_ref(), at);
        let body = quote_spanned!(end(ty)=> (#of::BODY));
        quote_spanned!(at=> const _: () = #p::only_the_last_takes_the_body #body;)
    });
    checks.collect()
}

fn description(function: &Function, options: &Options) -> TokenStream {
    let p = private(options.krate.as_ref(), Span::mixed_site());
    let name = options.name.as_ref().map_or_else(|| function.name(), |name| name.value());
    let (doc, public) = (&function.doc, options.public);
    let binding = match &options.binding {
        Binding::Http(None) => quote!(#p::Binding::Http { methods: &[], path: ::core::option::Option::None }),
        Binding::Http(Some(route)) => {
            let (methods, path) = (&route.methods, &route.path);
            quote!(#p::Binding::Http { methods: &[#(#methods),*], path: ::core::option::Option::Some(#path) })
        }
        Binding::Direct => quote!(#p::Binding::Direct),
        Binding::Resource(name) => {
            let kind = options.trigger.marker();
            let filter = facts::filter(&options.settings, &p);
            quote!(#p::Binding::Resource { kind: #p::Kind::#kind, name: #name, filter: #filter })
        }
    };
    let settings = facts::settings(&options.settings, &p);
    quote_spanned! { Span::mixed_site()=>
        #p::Description {
            name: #name,
            module: ::core::module_path!(),
            doc: #doc,
            binding: #binding,
            public: #public,
            settings: #settings,
            replies: Self::SAID.replies,
            sample: ::core::default::Default::default(),
        }
    }
}

/// What the function says of itself in the program's manifest.
fn said(function: &Function, options: &Options) -> TokenStream {
    let p = private(options.krate.as_ref(), Span::mixed_site());
    let (members, native, replies) = (manifest::members(function, options), &function.native, replies(function, options));
    let payload = match options.binding {
        Binding::Resource(_) => params(function, options).next().map(|(ty, _, of)| (start(ty), of)),
        Binding::Http(_) | Binding::Direct => None,
    };
    let batches = payload.as_ref().map_or_else(|| quote!(false), |(at, of)| quote_spanned!(*at=> #of::BATCH));
    let only_one = payload.as_ref().map(|(at, of)| quote_spanned!(*at=> #of::NATIVE));
    quote_spanned! { Span::mixed_site()=>
        #p::Said {
            members: #members,
            module: ::core::module_path!(),
            file: ::core::file!(),
            line: ::core::line!(),
            batches: #batches,
            replies: #replies,
            native: &[#(#native,)* #only_one],
        }
    }
}

fn replies(function: &Function, options: &Options) -> TokenStream {
    let (p, marker) = (private(options.krate.as_ref(), Span::mixed_site()), marker(options, Span::mixed_site()));
    match &function.returns {
        // `impl Trait` names no type outside of the signature.
        Some(ty) if mentions(ty.to_token_stream(), "impl") => quote!(""),
        Some(ty) => quote_spanned!(Span::mixed_site()=> { use #p::ProbeElse as _; #p::Probe::<#marker, #ty>::REPLIES }),
        None => quote_spanned!(Span::mixed_site()=> { use #p::ProbeElse as _; #p::Probe::<#marker, ()>::REPLIES }),
    }
}

fn describe(function: &Function, options: &Options) -> TokenStream {
    let about = Ident::new("__about", Span::mixed_site());
    params(function, options).map(|(ty, _, of)| quote_spanned!(start(ty)=> #of::describe(#about);)).collect()
}

/// What is done with one event: decode the parameters, call, reply.
fn call(function: &Function, options: &Options) -> TokenStream {
    let p = private(options.krate.as_ref(), Span::mixed_site());
    let marker = marker(options, Span::mixed_site());
    let (event, cx) = (Ident::new("__event", Span::mixed_site()), Ident::new("__cx", Span::mixed_site()));
    let names: Vec<Ident> =
        (0..function.params.len()).map(|index| format_ident!("__p{index}", span = Span::mixed_site())).collect();
    let decoded = params(function, options).zip(&names).map(|((ty, payload, of), name)| {
        let at = start(ty);
        let decode = if payload {
            quote_spanned!(at=> #of::decode(&mut #event, &#cx))
        } else {
            quote_spanned!(at=> #of::from_context(&#event, &#cx))
        };
        // What does not fit is a malformed payload; without its context the function could not run at all.
        let reject = match payload && options.settings.drops_malformed {
            true => quote!(give_up),
            false => quote!(reject::<#marker>),
        };
        quote_spanned! { Span::mixed_site()=>
            let #name = match #decode {
                ::core::result::Result::Ok(__value) => __value,
                ::core::result::Result::Err(__rejection) => return #p::#reject(__rejection),
            };
        }
    });
    let ident = &function.ident;
    let called = if function.is_async {
        let at = ident.span();
        let p = private(options.krate.as_ref(), at);
        quote_spanned!(at=> #p::the_future_of_a_function_must_be_send(#ident(#(#names),*)).await)
    } else {
        quote!(#ident(#(#names),*))
    };
    let reply = reply(function, options);
    let asynchronous = function.is_async.then(|| quote!(async move));
    quote_spanned! { Span::mixed_site()=>
        #asynchronous {
            #(#decoded)*
            let __returned = #called;
            #reply
        }
    }
}

fn reply(function: &Function, options: &Options) -> TokenStream {
    let (at, end) = function.returns.as_ref().map_or((function.ident.span(), function.ident.span()), |ty| (start(ty), end(ty)));
    let (p, marker) = (private(options.krate.as_ref(), at), marker(options, at));
    let returned = Ident::new("__returned", Span::mixed_site());
    let split = quote_spanned!(end=> > (#p::Returned(#returned).split()));
    let call = quote_spanned!(at=> #p::reply::<#marker, _, _);
    quote_spanned! { Span::mixed_site()=>
        use #p::Plain as _;
        #call #split
    }
}

/// Where rustc is to point for this type; a span of all its tokens is not to be had on stable.
fn start(tokens: &impl ToTokens) -> Span {
    tokens.to_token_stream().into_iter().next().map_or_else(Span::mixed_site, |token| token.span())
}

fn end(tokens: &impl ToTokens) -> Span {
    tokens.to_token_stream().into_iter().last().map_or_else(Span::mixed_site, |token| token.span())
}
