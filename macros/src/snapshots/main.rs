fn main() -> ::std::process::ExitCode {
    const __PROGRAM: ::polyfn::__private::Manifest<'static> = ::polyfn::__private::Manifest {
        name: ::polyfn::__private::or_nothing(::core::option_env!("CARGO_PKG_NAME")),
        version: ::polyfn::__private::or_nothing(
            ::core::option_env!("CARGO_PKG_VERSION"),
        ),
        providers: ::polyfn::__private::BUILT,
        functions: &[
            <hello as ::polyfn::__private::Register>::SAID,
            #[cfg(unix)]
            <orders::fulfil as ::polyfn::__private::Register>::SAID,
        ],
    };
    static __MANIFEST: [u8; ::polyfn::__private::length(&__PROGRAM)] = ::polyfn::__private::page(
        &__PROGRAM,
    );
    ::polyfn::__private::run(
        ::polyfn::__private::functions([
            <hello as ::polyfn::__private::Register>::register(),
            #[cfg(unix)]
            <orders::fulfil as ::polyfn::__private::Register>::register(),
        ]),
        ::polyfn::__private::Program::new()
            .init(|| async move {
                use ::polyfn::__private::{Plain as _, Ready as _};
                ::polyfn::__private::Returned(
                        ::polyfn::__private::Started(connect()).settle().await,
                    )
                    .split()
            })
            .shutdown(close),
        &__MANIFEST,
    )
}
