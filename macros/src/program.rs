use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, quote, quote_spanned};
use syn::{Expr, Path};

use crate::{
    argument::Argument,
    emit::private,
    errors::Errors,
    list::{List, halves, is_option},
};

const EXAMPLE: &str = "main!(hello; init = connect)";
const KEYS: &str = "`init`, `shutdown`, `service` and `crate`";

/// Expands `main!(a, m::b; init = connect, shutdown = close, crate = path)` or `main!(service = router)`.
pub(crate) fn expand(input: TokenStream) -> TokenStream {
    let mut errors = Errors::default();
    let program = Program::read(input, &mut errors);
    let main = if errors.is_empty() { program.main() } else { quote_spanned!(Span::mixed_site()=> fn main() {}) };
    quote!(#main #errors)
}

/// What the input of `main!` says.
struct Program {
    list: List,
    service: Option<Expr>,
    init: Option<Expr>,
    shutdown: Option<Expr>,
    krate: Option<Path>,
}

impl Program {
    fn read(input: TokenStream, errors: &mut Errors) -> Self {
        let (list, options) = if is_option(&input) { (TokenStream::new(), input) } else { halves(input) };
        let list = List::read(list, EXAMPLE, errors);
        let mut program = Self { list, service: None, init: None, shutdown: None, krate: None };
        for argument in Argument::list(options, errors) {
            match argument.key.to_string().as_str() {
                "service" => {
                    program.service = argument.expression("router", errors);
                    if !program.list.is_empty() {
                        errors.at(&argument.key, "a program has functions or one `service`; remove one of the two");
                    }
                }
                "init" => program.init = argument.expression("connect", errors),
                "shutdown" => program.shutdown = argument.expression("close", errors),
                "crate" => program.krate = argument.path("my_polyfn", errors),
                other => errors.at(&argument.key, format!("unknown key `{other}`; `main!` takes {KEYS}")),
            }
        }
        if errors.is_empty() && program.list.is_empty() && program.service.is_none() {
            errors.missing("`main!` needs the functions to run: write `main!(hello)`");
        }
        program
    }

    fn main(&self) -> TokenStream {
        let p = private(self.krate.as_ref(), Span::mixed_site());
        let functions = match &self.service {
            Some(service) => {
                let make = made(service, self.krate.as_ref());
                let (at, p) = (place(service), private(self.krate.as_ref(), place(service)));
                quote_spanned!(at=> #p::service(#make))
            }
            None => self.list.functions(self.krate.as_ref()),
        };
        let init = self.init.as_ref().map(|init| {
            let make = made(init, self.krate.as_ref());
            quote_spanned!(place(init)=> .init(#make))
        });
        let shutdown = self.shutdown.as_ref().map(|shutdown| quote_spanned!(place(shutdown)=> .shutdown(#shutdown)));
        let said = match &self.service {
            Some(_) => quote_spanned!(Span::mixed_site()=> &[#p::SERVICE]),
            None => self.list.said(self.krate.as_ref()),
        };
        quote_spanned! { Span::mixed_site()=>
            fn main() -> ::std::process::ExitCode {
                const __PROGRAM: #p::Manifest<'static> = #p::Manifest {
                    name: #p::or_nothing(::core::option_env!("CARGO_PKG_NAME")),
                    version: #p::or_nothing(::core::option_env!("CARGO_PKG_VERSION")),
                    providers: #p::BUILT,
                    functions: #said,
                };
                static __MANIFEST: [u8; #p::length(&__PROGRAM)] = #p::page(&__PROGRAM);
                #p::run(#functions, #p::Program::new() #init #shutdown, &__MANIFEST)
            }
        }
    }
}

/// A closure that makes the value: by a call of a function, `async` or not, with a `Result` or without.
fn made(value: &Expr, krate: Option<&Path>) -> TokenStream {
    let at = place(value);
    let p = private(krate, at);
    let called = match value {
        Expr::Path(_) => quote_spanned!(at=> #value()),
        Expr::Closure(_) => quote_spanned!(at=> (#value)()),
        other => quote!(#other),
    };
    quote_spanned! { at=>
        || async move {
            use #p::{Plain as _, Ready as _};
            #p::Returned(#p::Started(#called).settle().await).split()
        }
    }
}

/// The user's token that an error of this value goes under, with the macro's own hygiene.
fn place(value: &Expr) -> Span {
    let last = value.to_token_stream().into_iter().last();
    last.map_or_else(Span::mixed_site, |token| Span::mixed_site().located_at(token.span()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn messages(input: TokenStream) -> Vec<String> {
        let mut errors = Errors::default();
        Program::read(input, &mut errors);
        errors.messages().into_iter().map(str::to_owned).collect()
    }

    #[test]
    fn what_a_program_may_be() {
        for input in [
            quote!(a),
            quote!(a, m::b,),
            quote!(a; init = connect, shutdown = close, crate = x),
            quote!(service = router),
            quote!(service = router, init = connect),
            quote!(#[cfg(unix)] a, #[cfg(windows)] a; init = || async { 3 }),
        ] {
            assert_eq!(messages(input.clone()), [""; 0], "{input}");
        }
    }

    #[test]
    fn a_wrong_program_says_what_to_write() {
        for (input, message) in [
            (quote!(), "write `main!(hello)`"),
            (quote!(; init = a), "write `main!(hello)`"),
            (quote!(a, a), "listed twice"),
            (quote!(a, init = b), "write `main!(hello; init = connect)`"),
            (quote!(a; colour = b), "unknown key `colour`"),
            (quote!(a; service = b), "remove one of the two"),
            (quote!(a; init), "`init` takes a value: write `init = connect`"),
            (quote!("a"), "expected the path"),
            (quote!(a,, b), "unexpected `,`"),
            (quote!(a; crate = "b"), "without quotes"),
        ] {
            let found = messages(input.clone());
            assert!(found.len() == 1 && found.iter().all(|found| found.contains(message)), "{input}: {found:?}");
        }
    }
}
