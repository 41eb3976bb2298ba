//! The hello function on lambda_http, as its documentation writes one.

use lambda_http::{Body, Error, Request, Response, run, service_fn};

#[derive(serde::Serialize)]
struct Greeting {
    message: String,
}

async fn hello(request: Request) -> Result<Response<Body>, Error> {
    let Some(name) = request.uri().path().strip_prefix("/hello/") else {
        return Ok(Response::builder().status(404).body(Body::Empty)?);
    };
    let body = serde_json::to_string(&Greeting { message: format!("Hello, {name}!") })?;
    Ok(Response::builder().header("content-type", "application/json").body(Body::Text(body))?)
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    run(service_fn(hello)).await
}
