fn main() -> ::std::process::ExitCode {
    const __PROGRAM: renamed::__private::Manifest<'static> = renamed::__private::Manifest {
        name: renamed::__private::or_nothing(::core::option_env!("CARGO_PKG_NAME")),
        version: renamed::__private::or_nothing(
            ::core::option_env!("CARGO_PKG_VERSION"),
        ),
        providers: renamed::__private::BUILT,
        functions: &[renamed::__private::SERVICE],
    };
    static __MANIFEST: [u8; renamed::__private::length(&__PROGRAM)] = renamed::__private::page(
        &__PROGRAM,
    );
    renamed::__private::run(
        renamed::__private::service(|| async move {
            use renamed::__private::{Plain as _, Ready as _};
            renamed::__private::Returned(
                    renamed::__private::Started(router()).settle().await,
                )
                .split()
        }),
        renamed::__private::Program::new()
            .init(|| async move {
                use renamed::__private::{Plain as _, Ready as _};
                renamed::__private::Returned(
                        renamed::__private::Started(connect(3)).settle().await,
                    )
                    .split()
            }),
        &__MANIFEST,
    )
}
