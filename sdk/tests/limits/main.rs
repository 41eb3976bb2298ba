//! What the compiler says of a build for one provider that cannot do what a function asks.
//!
//! One provider at a time: `cargo test -p polyfn --no-default-features --features aws --test limits`, and the same with `gcp` and
//! `azure`. In a build for several, or none, it is no error, so that there is nothing to test here then.

#[cfg(any(
    all(feature = "aws", not(any(feature = "gcp", feature = "azure", feature = "container", feature = "local"))),
    all(feature = "gcp", not(any(feature = "aws", feature = "azure", feature = "container", feature = "local"))),
    all(feature = "azure", not(any(feature = "aws", feature = "gcp", feature = "container", feature = "local"))),
))]
#[test]
fn what_the_only_provider_cannot_do_does_not_compile() {
    let provider = if cfg!(feature = "aws") {
        "aws"
    } else if cfg!(feature = "gcp") {
        "gcp"
    } else {
        "azure"
    };
    let cases = trybuild::TestCases::new();
    cases.pass(format!("tests/limits/{provider}/pass/*.rs"));
    cases.compile_fail(format!("tests/limits/{provider}/fail/*.rs"));
}
