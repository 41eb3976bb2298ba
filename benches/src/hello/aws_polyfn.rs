//! The hello function on polyfn.

use polyfn::{Json, Path, function};

#[derive(serde::Serialize)]
struct Greeting {
    message: String,
}

#[function(http = "GET /hello/{name}")]
async fn hello(Path(name): Path<String>) -> Json<Greeting> {
    Json(Greeting { message: format!("Hello, {name}!") })
}

polyfn::main!(hello);
