use polyfn::{Json, Path, functions, function};

#[function(http = "GET|POST /hello/{name}", public)]
async fn hello(Path(name): Path<String>, body: Option<Json<u8>>) -> String {
    format!("{name} {}", body.is_some())
}

/// Adds two numbers.
///
/// Both of them.
#[function(direct)]
fn add((a, b): (i64, i64)) -> i64 {
    a + b
}

fn main() {
    let list = functions![hello, add];
    let all: Vec<_> = list.iter().map(|f| (f.name, f.doc, f.public, f.replies)).collect();
    assert_eq!(
        all,
        [("hello", "", true, "200 text/plain"), ("add", "Adds two numbers.\n\nBoth of them.", false, "200 application/json")]
    );
    assert!(list.iter().all(|f| f.module == module_path!()));
}
