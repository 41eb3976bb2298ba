use std::{env, path::Path, process::Command};

/// Builds an example and tells where it lies.
pub fn example(name: &str) -> String {
    let cargo = env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned());
    let built = Command::new(cargo).args(["build", "--quiet", "-p", name]).status().expect("cargo runs");
    assert!(built.success(), "the example `{name}` does not build");
    let test = env::current_exe().expect("a test knows its path");
    let folder = test.parent().and_then(Path::parent).expect("a test lies in target/debug/deps");
    folder.join(name).to_str().expect("a path of text").to_owned()
}
