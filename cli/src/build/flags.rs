use std::path::{Path, PathBuf};

/// What rustc is told so that a program says nothing of the machine that it was built on: each folder, and what it is called instead.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Remap(Vec<(PathBuf, String)>);

impl Remap {
    /// The last name that fits is taken, so folders within others stand behind them.
    pub(super) fn add(&mut self, folder: &Path, name: impl Into<String>) {
        let name = name.into();
        // The compiler may see it by its real name.
        if let Some(real) = folder.canonicalize().ok().filter(|real| real != folder) {
            self.0.push((real, name.clone()));
        }
        self.0.push((folder.to_owned(), name));
    }

    pub(super) fn flags(&self) -> impl Iterator<Item = String> {
        self.0.iter().map(|(folder, name)| format!("--remap-path-prefix={}={name}", folder.display()))
    }
}

/// How Cargo is given flags for rustc: the variable wins over its configuration, so what is in there has to be in it.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Given {
    /// `CARGO_ENCODED_RUSTFLAGS`
    Encoded(String),
    /// The value of `--config`, to which Cargo adds what its own files say of the target.
    Config(String),
}

/// Gives Cargo our flags and the user's own, which come last: of two that contradict one another the last counts.
pub(super) fn given(triple: &str, ours: &[String], encoded: Option<&str>, plain: Option<&str>) -> Given {
    let theirs: Vec<_> = match (encoded, plain) {
        (Some(encoded), _) => encoded.split('\u{1f}').filter(|flag| !flag.is_empty()).collect(),
        (None, Some(plain)) => plain.split(' ').filter(|flag| !flag.is_empty()).collect(),
        // A string of JSON is one of TOML.
        (None, None) => return Given::Config(format!("target.{triple}.rustflags={}", serde_json::json!(ours))),
    };
    let all: Vec<_> = ours.iter().map(String::as_str).chain(theirs).collect();
    Given::Encoded(all.join("\u{1f}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folders_get_other_names() {
        let mut remap = Remap::default();
        remap.add(Path::new("/no such/shop"), ".");
        remap.add(Path::new("/no such/shop/target"), "target");
        let flags: Vec<_> = remap.flags().collect();
        assert_eq!(flags, ["--remap-path-prefix=/no such/shop=.", "--remap-path-prefix=/no such/shop/target=target"]);
    }

    #[test]
    fn flags_of_the_users_own_come_last() {
        let ours = ["-Ca".to_owned(), "--remap-path-prefix=/a b=.".to_owned()];
        let config = r#"target.x86_64-unknown-linux-musl.rustflags=["-Ca","--remap-path-prefix=/a b=."]"#;
        assert_eq!(given("x86_64-unknown-linux-musl", &ours, None, None), Given::Config(config.to_owned()));
        let encoded = |flags: &[&str]| Given::Encoded(flags.join("\u{1f}"));
        let [a, b] = ["-Ca", "--remap-path-prefix=/a b=."];
        assert_eq!(given("t", &ours, None, Some(" -C  b")), encoded(&[a, b, "-C", "b"]));
        assert_eq!(given("t", &ours, Some("-Cc\u{1f}-Cd"), Some("-Cb")), encoded(&[a, b, "-Cc", "-Cd"]));
        assert_eq!(given("t", &ours, Some(""), None), encoded(&[a, b]));
    }
}
