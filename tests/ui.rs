//! What the compiler says: `ui/pass` compiles and runs, `ui/fail` prints exactly what stands beside it.

#[test]
fn ui() {
    let cases = trybuild::TestCases::new();
    cases.pass("ui/pass/*.rs");
    cases.compile_fail("ui/fail/*.rs");
}
