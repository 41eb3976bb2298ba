//! Arguments may come from another macro.

use polyfn::{function, functions};

macro_rules! route {
    ($name:ident, $route:literal, $krate:path, $body:expr, $payload:ty, $reply:ty) => {
        #[function(http = $route, crate = $krate)]
        async fn $name(_: $payload) -> $reply {
            $body
        }
    };
}

route!(hello, "GET /hello", ::polyfn, "x".to_owned(), polyfn::Context, String);

fn main() {
    assert_eq!(functions![hello].iter().map(|f| f.name).collect::<Vec<_>>(), ["hello"]);
}
