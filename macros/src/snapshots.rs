//! What the macros expand to, pretty-printed into files that a person reads. `POLYFN_UPDATE=1` writes them anew.

use std::{env, fs, path::Path};

use proc_macro2::TokenStream;
use quote::quote;

fn check(name: &str, expanded: TokenStream) {
    let file: syn::File = syn::parse2(expanded).unwrap();
    let printed = prettyplease::unparse(&file);
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/snapshots").join(format!("{name}.rs"));
    if env::var_os("POLYFN_UPDATE").is_some() {
        fs::write(&path, printed).unwrap();
        return;
    }
    let kept = fs::read_to_string(&path).unwrap_or_default();
    assert!(kept == printed, "{name} expands differently; read this, then run again with POLYFN_UPDATE=1:\n{printed}");
}

#[test]
fn an_http_function() {
    let item = quote! {
        #[doc = " Greets a person by name."]
        async fn hello(Path(name): Path<String>, order: Json<Order>) -> Result<Json<Greeting>, Error> { greet(name, order) }
    };
    check("http", crate::function::expand(quote!(http = "GET|POST /hello/{name}", public), item));
}

#[test]
fn every_http_request() {
    check(
        "http_alone",
        crate::function::expand(
            quote!(http),
            quote!(
                fn all() {}
            ),
        ),
    );
}

#[test]
fn a_direct_function() {
    check("direct", crate::function::expand(quote!(), quote! { pub fn add(pair: Pair, cx: Context) -> i64 { pair.a + pair.b } }));
}

#[test]
fn a_queue_function_of_a_renamed_crate() {
    let args = quote!(queue = "orders", batch = 10, name = "fulfil-orders", crate = renamed::inner);
    check("queue", crate::function::expand(args, quote! { async fn fulfil(order: Json<Order>, db: State<Db>) -> impl Reply {} }));
}

#[test]
fn a_stream_function_with_every_option() {
    let args =
        quote!(stream = "clicks", concurrency = 2, ordered, batch = 10, retries = 3, timeout = "30s", on_malformed = "drop");
    check("stream", crate::function::expand(args, quote! { fn count(click: Json<Click>, cx: Context) {} }));
}

#[test]
fn a_function_with_a_mistake() {
    check("mistake", crate::function::expand(quote!(http = "GET /", colour), quote! { pub fn hello(name: &str) {} }));
}

#[test]
fn a_program() {
    let input = quote!(hello, #[cfg(unix)] orders::fulfil; init = connect, shutdown = close);
    check("main", crate::program::expand(input));
}

#[test]
fn a_program_of_a_service() {
    check("main_of_a_service", crate::program::expand(quote!(service = router, init = connect(3), crate = renamed)));
}

#[test]
fn a_list() {
    let list = crate::list::expand(quote!(hello, orders::fulfil; crate = renamed));
    check("functions", quote!(fn list() -> Functions { #list }));
}
