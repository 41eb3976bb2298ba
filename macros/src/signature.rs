use proc_macro2::{Delimiter, Spacing, TokenStream, TokenTree};
use quote::{ToTokens, quote};
use syn::{
    Attribute, Expr, ExprLit, FnArg, Ident, Lit, Meta, PatType, ReturnType, Safety, Signature, Type, Visibility,
    ext::IdentExt,
    parse::{Parse, ParseStream},
};

use crate::errors::Errors;

/// What the glue has to know of the user's function. Of its body it is only whether that asks for the native form of an event.
pub(crate) struct Function {
    pub(crate) cfgs: Vec<Attribute>,
    pub(crate) doc: String,
    pub(crate) vis: Visibility,
    pub(crate) ident: Ident,
    pub(crate) is_async: bool,
    pub(crate) deprecated: bool,
    pub(crate) params: Vec<Type>,
    /// `None` for a function that returns nothing.
    pub(crate) returns: Option<Type>,
    /// How it asks for the native form of an event: `event.raw()`, `event.native()`.
    pub(crate) native: Vec<&'static str>,
}

/// An item as far as its signature; the rest is carried, since a half-typed body must still expand.
struct Item {
    attrs: Vec<Attribute>,
    vis: Visibility,
    sig: Signature,
    body: TokenStream,
}

impl Parse for Item {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let attrs = input.call(Attribute::parse_outer)?;
        Ok(Self { attrs, vis: input.parse()?, sig: input.parse()?, body: input.parse()? })
    }
}

impl Function {
    /// Reads the item; `None` if it is no function at all.
    pub(crate) fn read(item: &TokenStream, errors: &mut Errors) -> Option<Self> {
        let Ok(Item { attrs, vis, sig, body }) = syn::parse2(item.clone()) else {
            let name = keyword(item);
            errors.at(name, "`#[function]` goes on a function; write it above an `fn`");
            return None;
        };
        if let Some(again) = attrs.iter().find(|attr| attr.path().segments.last().is_some_and(|last| last.ident == "function")) {
            errors.at(again, "a function has one `#[function]`; write a second function that calls this one");
            return None;
        }
        check_qualifiers(&sig, errors);
        let params: Vec<Type> = sig.inputs.iter().filter_map(|input| param(input, errors)).collect();
        if let Some(receiver) = sig.receiver() {
            errors.at(receiver, "a function has no `self`; move it out of the `impl` and take `State<T>` for what it shares");
            // Inside an `impl` any item beside it would be an error too.
            return None;
        }
        let returns = match sig.output {
            ReturnType::Default => None,
            ReturnType::Type(_, ty) => Some(*ty),
        };
        let takes_event = params.iter().any(|ty| mentions(ty.to_token_stream(), "Event"));
        let native = if takes_event { native(body) } else { Vec::new() };
        let doc = doc(&attrs);
        let deprecated = attrs.iter().any(|attr| attr.path().is_ident("deprecated"));
        let cfgs = attrs.into_iter().filter(|attr| attr.path().is_ident("cfg")).collect();
        let is_async = sig.asyncness.is_some();
        Some(Self { cfgs, doc, vis, ident: sig.ident, is_async, deprecated, params, returns, native })
    }

    /// The name without `r#`.
    pub(crate) fn name(&self) -> String {
        self.ident.unraw().to_string()
    }
}

fn check_qualifiers(sig: &Signature, errors: &mut Errors) {
    if let Some(constness) = &sig.constness {
        errors.at(constness, "a function is not `const`; remove it");
    }
    if let Safety::Unsafe(token) = &sig.safety {
        errors.at(token, "a function is safe to call; remove `unsafe` and put an `unsafe` block inside");
    }
    if let Some(abi) = &sig.abi {
        errors.at(abi, "a function is not `extern`; remove it");
    }
    if let Some(variadic) = &sig.variadic {
        errors.at(variadic, "a function has a fixed list of parameters; remove `...`");
    }
    if !sig.generics.params.is_empty() {
        errors.at(&sig.generics.params, "a function has no generic parameters, since a host calls it; name the types");
    }
}

fn param(input: &FnArg, errors: &mut Errors) -> Option<Type> {
    let FnArg::Typed(PatType { attrs, ty, .. }) = input else { return None };
    if let Some(cfg) = attrs.iter().find(|attr| attr.path().is_ident("cfg") || attr.path().is_ident("cfg_attr")) {
        errors.at(cfg, "a parameter has no `#[cfg]`; put it on the function and write another for the other case");
    }
    let tokens = ty.to_token_stream();
    if mentions(tokens.clone(), "impl") {
        errors.at(&tokens, "`impl Trait` does not say what to decode; name the type");
    } else if borrows(tokens.clone()) {
        errors.at(&tokens, "a function owns its parameters; write an owned type, such as `String` for `&str`");
    }
    Some((**ty).clone())
}

/// Whether a type has this word in it.
pub(crate) fn mentions(tokens: TokenStream, word: &str) -> bool {
    tokens.into_iter().any(|token| match token {
        TokenTree::Ident(ident) => ident == word,
        TokenTree::Group(group) => mentions(group.stream(), word),
        _ => false,
    })
}

/// Whether a type has a reference in it that is not `'static`.
fn borrows(tokens: TokenStream) -> bool {
    let mut tokens = tokens.into_iter().peekable();
    let mut callable = false;
    while let Some(token) = tokens.next() {
        match &token {
            TokenTree::Punct(punct) if punct.as_char() == '&' => {
                let lifetime = |token: &TokenTree| matches!(token, TokenTree::Punct(tick) if tick.as_char() == '\'');
                if !tokens.peek().is_some_and(lifetime) {
                    return true;
                }
            }
            TokenTree::Punct(tick)
                if tick.as_char() == '\''
                    && tick.spacing() == Spacing::Joint
                    && !matches!(tokens.peek(), Some(TokenTree::Ident(name)) if name == "static") =>
            {
                return true;
            }
            // The parameters of a function pointer borrow nothing.
            TokenTree::Group(group) if !(callable && group.delimiter() == Delimiter::Parenthesis) && borrows(group.stream()) => {
                return true;
            }
            _ => {}
        }
        callable = matches!(&token, TokenTree::Ident(ident) if ident == "fn" || ident.to_string().starts_with("Fn"));
    }
    false
}

/// Which ways to the native form of an event a body calls, as methods. What a function hands the event to is not seen.
fn native(body: TokenStream) -> Vec<&'static str> {
    let mut found = Vec::new();
    let mut tokens = body.into_iter().peekable();
    let mut after_dot = false;
    while let Some(token) = tokens.next() {
        let called = match tokens.peek() {
            Some(TokenTree::Punct(punct)) => punct.as_char() == ':',
            Some(TokenTree::Group(group)) => group.delimiter() == Delimiter::Parenthesis,
            _ => false,
        };
        let way = match &token {
            TokenTree::Ident(name) if after_dot && called && name == "raw" => Some("it calls `event.raw()`"),
            TokenTree::Ident(name) if after_dot && called && name == "native" => Some("it calls `event.native()`"),
            _ => None,
        };
        found.extend(way);
        if let TokenTree::Group(group) = &token {
            found.extend(native(group.stream()));
        }
        after_dot = matches!(&token, TokenTree::Punct(punct) if punct.as_char() == '.');
    }
    found.sort_unstable();
    found.dedup();
    found
}

/// What stands where `fn` should.
fn keyword(item: &TokenStream) -> TokenStream {
    let keyword = item.clone().into_iter().find_map(|token| match token {
        TokenTree::Ident(ident) if ident != "pub" => Some(ident),
        _ => None,
    });
    keyword.map_or_else(|| item.clone(), |keyword| quote!(#keyword))
}

fn doc(attrs: &[Attribute]) -> String {
    let lines: Vec<String> = attrs.iter().filter_map(doc_line).collect();
    let text = lines.join("\n");
    // All lines of `/// text` begin with one space.
    let text = text.lines().map(|line| line.strip_prefix(' ').unwrap_or(line)).collect::<Vec<_>>().join("\n");
    text.trim().to_owned()
}

fn doc_line(attr: &Attribute) -> Option<String> {
    match &attr.meta {
        Meta::NameValue(pair) if pair.path.is_ident("doc") => match &pair.value {
            Expr::Lit(ExprLit { lit: Lit::Str(text), .. }) => Some(text.value()),
            _ => None,
        },
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(item: TokenStream) -> (Option<Function>, Vec<String>) {
        let mut errors = Errors::default();
        let function = Function::read(&item, &mut errors);
        (function, errors.messages().into_iter().map(str::to_owned).collect())
    }

    #[test]
    fn a_function_with_all_its_parts() {
        let (function, errors) = read(quote! {
            #[doc = " Adds."]
            #[doc = ""]
            #[doc = "   Twice."]
            #[cfg(unix)]
            #[inline]
            pub(crate) async fn r#async(Pair(a, _): Pair, mut cx: Context) -> i64 { half typed ( ) + }
        });
        let function = function.unwrap();
        assert_eq!(errors, [""; 0]);
        assert_eq!((function.name().as_str(), function.doc.as_str()), ("async", "Adds.\n\n  Twice."));
        assert_eq!((function.params.len(), function.cfgs.len(), function.is_async), (2, 1, true));
    }

    #[test]
    fn all_mistakes_of_a_signature_are_reported() {
        let (function, errors) = read(quote!(
            const unsafe extern "C" fn f<T>(a: impl Read, b: &str, #[cfg(unix)] c: u8) {}
        ));
        assert_eq!(function.unwrap().params.len(), 3);
        assert_eq!(errors.len(), 7, "{errors:#?}");
    }

    #[test]
    fn a_method_is_told_with_its_other_mistakes() {
        let (function, errors) = read(quote!(
            fn f(&self, b: &str) {}
        ));
        assert!(function.is_none());
        assert_eq!(errors.len(), 2, "{errors:#?}");
    }

    #[test]
    fn the_native_form_is_seen_where_it_is_asked_for() {
        for (item, ways) in [
            (
                quote!(
                    async fn f(event: Event) {
                        let x = { event.native::<Sqs>()? };
                        event.raw();
                        event.raw()
                    }
                ),
                2,
            ),
            (quote!(fn f(event: polyfn::Event) { g(|| event.raw().len()) half typed }), 1),
            (
                quote!(
                    fn f(event: Event) {
                        raw();
                        self::native(event);
                        event.raw;
                        native.event()
                    }
                ),
                0,
            ),
            (
                quote!(
                    fn f(socket: Socket) {
                        socket.raw()
                    }
                ),
                0,
            ),
        ] {
            assert_eq!(read(item.clone()).0.unwrap().native.len(), ways, "{item}");
        }
    }

    #[test]
    fn what_a_parameter_owns() {
        for (ty, expected) in [
            (quote!(&str), true),
            (quote!(&'static str), false),
            (quote!(Json<Cow<'_, str>>), true),
            (quote!((u8, &[u8])), true),
            (quote!(State<fn(&str) -> u8>), false),
            (quote!(State<Box<dyn Fn(&str) + Send>>), false),
            (quote!(Json<Vec<u8>>), false),
        ] {
            assert_eq!(borrows(ty.clone()), expected, "{ty}");
        }
    }
}
