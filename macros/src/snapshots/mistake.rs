pub fn hello(&self) {}
#[doc(hidden)]
#[allow(dead_code)]
pub struct hello {}
const _: () = {
    #[automatically_derived]
    impl ::polyfn::__private::Register for hello {
        fn register() -> ::polyfn::__private::Registered {
            ::polyfn::__private::stub()
        }
    }
};
::core::compile_error! {
    "unknown key `colour`; an http function takes `http`, `public`, `name` and `crate`"
}
::core::compile_error! {
    "a function has no `self`; move it out of the `impl` and take `State<T>` for what it shares"
}
