use polyfn::{Error, Json, function, functions};

type Answer = Result<Json<u8>, Error>;

#[function(http = "GET /a")]
async fn alias() -> Answer {
    Ok(Json(1))
}

#[function(http = "GET /b")]
fn io() -> std::io::Result<String> {
    Ok(String::new())
}

#[function(http = "GET /c")]
async fn text() -> Result<(), std::num::ParseIntError> {
    Ok(())
}

#[function(http = "GET /d")]
async fn option() -> Option<String> {
    None
}

#[function(http = "GET /e")]
async fn opaque() -> impl polyfn::IntoReply<polyfn::trigger::Http> {
    "text"
}

fn main() {
    let list = functions![alias, io, text, option, opaque];
    let replies: Vec<_> = list.iter().map(|f| f.replies).collect();
    assert_eq!(replies[0], "200 application/json");
    assert_eq!(replies[4], "");
}
