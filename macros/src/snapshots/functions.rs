fn list() -> Functions {
    renamed::__private::functions([
        <hello as renamed::__private::Register>::register(),
        <orders::fulfil as renamed::__private::Register>::register(),
    ])
}
