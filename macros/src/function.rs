use proc_macro2::TokenStream;
use quote::quote;

use crate::{
    emit,
    errors::Errors,
    options::{NAME, Options, is_name},
    signature::Function,
};

/// Expands `#[function(args)] item`. The item always comes back untouched, so that editors keep working.
pub(crate) fn expand(args: TokenStream, item: TokenStream) -> TokenStream {
    let mut errors = Errors::default();
    let options = Options::read(args, &mut errors);
    let function = Function::read(&item, &mut errors);
    if let Some(function) = &function
        && options.name.is_none()
        && !is_name(&function.name())
    {
        let name = function.name();
        errors.at(&function.ident, format!("the name `{name}` does not work on every provider: {NAME}; add `name = \"..\"`"));
    }
    let glue = match &function {
        Some(function) if errors.is_empty() => emit::glue(function, &options),
        Some(function) => emit::stub(function, &options),
        None => TokenStream::new(),
    };
    quote!(#item #glue #errors)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_item_comes_back_untouched() {
        let item = quote! { /** Docs. */ #[inline] pub async fn f(#[x] a: u8) -> impl Sized { half typed . } };
        for args in [quote!(), quote!(http = 3, colour), quote!(= = ,,)] {
            let expanded = expand(args, item.clone()).to_string();
            assert!(expanded.starts_with(&item.to_string()), "{expanded}");
        }
    }

    #[test]
    fn a_mistake_leaves_the_names_that_others_use() {
        let expanded = expand(
            quote!(colour),
            quote!(
                pub fn f() {}
            ),
        )
        .to_string();
        assert!(expanded.contains("pub struct f { }") && expanded.contains(":: stub ()"), "{expanded}");
    }

    #[test]
    fn the_default_name_of_the_crate_does_not_come_through() {
        let args = quote!(http = "GET /{a}", crate = renamed::inner);
        let item = quote! { async fn f(a: A, b: B) -> Result<C, D> { x } };
        for expanded in [
            expand(args, item),
            expand(
                quote!(crate = renamed::inner, colour),
                quote!(
                    fn f(a: &str) {}
                ),
            ),
        ] {
            assert!(!words(expanded.clone()).contains(&"polyfn".to_owned()), "{expanded}");
        }
    }

    fn words(tokens: TokenStream) -> Vec<String> {
        let words = tokens.into_iter().flat_map(|token| match token {
            proc_macro2::TokenTree::Group(group) => words(group.stream()),
            proc_macro2::TokenTree::Ident(ident) => vec![ident.to_string()],
            _ => Vec::new(),
        });
        words.collect()
    }
}
