//! The hello function on axum, as its documentation writes one.

use std::{env, error::Error};

use axum::{Json, Router, extract::Path, routing::get, serve::ListenerExt};
use tokio::net::TcpListener;

#[derive(serde::Serialize)]
struct Greeting {
    message: String,
}

async fn hello(Path(name): Path<String>) -> Json<Greeting> {
    Json(Greeting { message: format!("Hello, {name}!") })
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let port: u16 = env::var("PORT")?.parse()?;
    let listener = TcpListener::bind(("127.0.0.1", port)).await?.tap_io(|stream| {
        if let Err(error) = stream.set_nodelay(true) {
            eprintln!("connection: {error}");
        }
    });
    axum::serve(listener, Router::new().route("/hello/{name}", get(hello))).await?;
    Ok(())
}
