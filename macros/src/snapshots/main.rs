fn main() -> ::std::process::ExitCode {
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
    )
}
