use proc_macro2::{Span, TokenStream, TokenTree};
use quote::{ToTokens, quote, quote_spanned};
use syn::{
    Attribute, Path,
    parse::{Parse, ParseStream},
};

use crate::{
    argument::{Argument, split},
    emit::private,
    errors::Errors,
};

/// Expands `functions![a, m::b; crate = path]`.
pub(crate) fn expand(input: TokenStream) -> TokenStream {
    let mut errors = Errors::default();
    let (list, options) = halves(input);
    let list = List::read(list, "functions![hello; crate = my_polyfn]", &mut errors);
    let mut krate = None;
    for argument in Argument::list(options, &mut errors) {
        if argument.is("crate") {
            krate = argument.path("my_polyfn", &mut errors);
        } else {
            errors.at(
                &argument.key,
                format!("unknown key `{}`; after the `;` of `functions!` stands `crate = path`", argument.key),
            );
        }
    }
    if errors.is_empty() {
        return list.functions(krate.as_ref());
    }
    // An expression of the right type, so that what takes it does not fail too.
    let none = List::default().functions(krate.as_ref());
    quote!({ #errors #none })
}

/// What stands before and after the first semicolon.
pub(crate) fn halves(input: TokenStream) -> (TokenStream, TokenStream) {
    let mut tokens = input.into_iter();
    let semicolon = |token: &TokenTree| matches!(token, TokenTree::Punct(punct) if punct.as_char() == ';');
    let list = tokens.by_ref().take_while(|token| !semicolon(token)).collect();
    (list, tokens.collect())
}

/// The functions that a program lists.
#[derive(Default)]
pub(crate) struct List(Vec<Entry>);

/// One of them, with its `#[cfg]`.
struct Entry {
    attrs: Vec<Attribute>,
    path: Path,
}

impl Parse for Entry {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        Ok(Self { attrs: input.call(Attribute::parse_outer)?, path: input.call(Path::parse_mod_style)? })
    }
}

impl List {
    /// Reads the list; `example` says where options stand.
    pub(crate) fn read(tokens: TokenStream, example: &str, errors: &mut Errors) -> Self {
        let mut list: Vec<Entry> = Vec::new();
        for part in split(tokens, ',', errors) {
            match syn::parse2::<Entry>(part.clone()) {
                Ok(entry)
                    if entry.attrs.is_empty()
                        && list.iter().any(|have| have.attrs.is_empty() && spelled(&have.path) == spelled(&entry.path)) =>
                {
                    errors.at(&entry.path, format!("`{}` is listed twice; keep one", spelled(&entry.path)));
                }
                Ok(entry) => list.push(entry),
                Err(_) if is_option(&part) => {
                    errors.at(part, format!("options stand after the functions and a `;`: write `{example}`"));
                }
                Err(_) => errors.at(part, "expected the path of a function, such as `hello` or `orders::fulfil`"),
            }
        }
        Self(list)
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The expression that registers them all.
    pub(crate) fn functions(&self, krate: Option<&Path>) -> TokenStream {
        let p = private(krate, Span::mixed_site());
        let entries = self.each(krate, quote!(register()));
        quote_spanned!(Span::mixed_site()=> #p::functions([#(#entries),*]))
    }

    /// What they say of themselves, as a constant slice.
    pub(crate) fn said(&self, krate: Option<&Path>) -> TokenStream {
        let entries = self.each(krate, quote!(SAID));
        quote_spanned!(Span::mixed_site()=> &[#(#entries),*])
    }

    /// This of each of them, under its path.
    fn each(&self, krate: Option<&Path>, what: TokenStream) -> impl Iterator<Item = TokenStream> {
        self.0.iter().map(move |Entry { attrs, path }| {
            let at = path.segments.last().map_or_else(Span::mixed_site, |last| last.ident.span());
            let p = private(krate, at);
            let of = quote_spanned!(at=> <#path as #p::Register>::#what);
            quote!(#(#attrs)* #of)
        })
    }
}

/// Whether this is `key = ..`, which is no function.
pub(crate) fn is_option(tokens: &TokenStream) -> bool {
    let mut tokens = tokens.clone().into_iter();
    matches!(tokens.next(), Some(TokenTree::Ident(_)))
        && matches!(tokens.next(), Some(TokenTree::Punct(punct)) if punct.as_char() == '=')
}

fn spelled(path: &Path) -> String {
    path.to_token_stream().to_string().replace(' ', "")
}
