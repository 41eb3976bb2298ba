fn main() -> ::std::process::ExitCode {
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
    )
}
