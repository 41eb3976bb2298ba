use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, quote_spanned};

/// Every mistake found, so that the user mends all of them in one round.
#[derive(Debug, Default)]
pub(crate) struct Errors(Vec<(Span, Span, String)>);

impl Errors {
    /// Adds a mistake, under all of these tokens of the user.
    pub(crate) fn at(&mut self, tokens: impl ToTokens, message: impl Into<String>) {
        let mut tokens = tokens.into_token_stream().into_iter();
        let start = tokens.next().map_or_else(Span::call_site, |token| token.span());
        let end = tokens.last().map_or(start, |token| token.span());
        self.0.push((start, end, message.into()));
    }

    /// Adds a mistake of a macro without any token of the user: what is missing has no place of its own.
    pub(crate) fn missing(&mut self, message: impl Into<String>) {
        self.at(TokenStream::new(), message);
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    #[cfg(test)]
    pub(crate) fn messages(&self) -> Vec<&str> {
        self.0.iter().map(|(_, _, message)| message.as_str()).collect()
    }
}

impl ToTokens for Errors {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        for (start, end, message) in &self.0 {
            // rustc underlines from the first token of an invocation to its last.
            let group = quote_spanned!(*end=> { #message });
            tokens.extend(quote_spanned!(*start=> ::core::compile_error!));
            tokens.extend(group);
        }
    }
}
