use super::*;

#[test]
fn a_plain_function_needs_no_runtime() {
    assert_eq!(add((2, 3)), 5);
}

#[tokio::test]
async fn an_async_function_is_just_awaited() {
    assert_eq!(hello(Path("Ada".to_owned())).await, "Hello, Ada!");
}
