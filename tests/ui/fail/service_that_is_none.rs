fn router() -> u8 {
    1
}

polyfn::main!(service = router);
