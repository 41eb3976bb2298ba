use polyfn::function;

#[function]
fn hello() {}

fn connect() -> std::rc::Rc<u8> {
    std::rc::Rc::new(1)
}

polyfn::main!(hello; init = connect);
