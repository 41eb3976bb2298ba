use polyfn::function;

#[function]
fn hello() {}

fn main() {
    let _ = polyfn::functions![hello; init = connect];
}
