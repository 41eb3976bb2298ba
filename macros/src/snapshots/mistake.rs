pub fn hello(name: &str) {}
#[doc(hidden)]
#[allow(dead_code)]
pub struct hello {}
const _: () = {
    #[automatically_derived]
    impl ::polyfn::__private::Register for hello {
        const SAID: ::polyfn::__private::Said<'static> = ::polyfn::__private::Said {
            members: "",
            module: "",
            file: "",
            line: 0,
            batches: false,
            replies: "",
            native: &[],
        };
        fn register() -> ::polyfn::__private::Registered {
            ::polyfn::__private::stub()
        }
    }
};
::core::compile_error! {
    "unknown key `colour`; an http function takes `http`, `public`, `timeout`, `memory`, `env`, `secrets`, `name` and `crate`"
}
::core::compile_error! {
    "a function owns its parameters; write an owned type, such as `String` for `&str`"
}
