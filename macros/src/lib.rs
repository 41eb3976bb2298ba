//! The macros of `polyfn`. Their documentation is on that crate's re-exports, where its examples can run.

mod argument;
mod asks;
mod cron;
mod duration;
mod emit;
mod errors;
mod facts;
mod function;
mod json;
mod list;
mod manifest;
mod options;
mod program;
mod route;
mod settings;
mod signature;
#[cfg(test)]
mod snapshots;
#[cfg(test)]
mod soup;
mod trigger;

use proc_macro::TokenStream;

/// Makes a plain function one that every provider can start.
#[proc_macro_attribute]
pub fn function(args: TokenStream, item: TokenStream) -> TokenStream {
    function::expand(args.into(), item.into()).into()
}

/// Lists functions.
#[proc_macro]
pub fn functions(input: TokenStream) -> TokenStream {
    list::expand(input.into()).into()
}

/// Writes the `main` of a program.
#[proc_macro]
pub fn main(input: TokenStream) -> TokenStream {
    program::expand(input.into()).into()
}
