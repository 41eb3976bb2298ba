use std::path::Path;

use crate::sketch::{self, Function, formatted};

/// What a new project is made of.
pub(super) struct Project<'a> {
    pub(super) name: &'a str,
    /// The folder of the crate `polyfn`, if it is not the registry's.
    pub(super) polyfn: Option<&'a Path>,
    pub(super) functions: &'a [Function],
}

impl Project<'_> {
    /// Each file's path and text. Code is as rustfmt has it in this folder.
    pub(super) fn files(&self, folder: &Path) -> [(&'static str, String); 5] {
        let code = |text: String| formatted(&text, folder).unwrap_or(text);
        [
            ("Cargo.toml", self.manifest()),
            ("src/main.rs", code(self.main())),
            ("src/tests.rs", code(self.tests())),
            (".gitignore", "/target\n# Messages that wait on this machine.\n/.polyfn\n".to_owned()),
            ("README.md", self.readme()),
        ]
    }

    fn manifest(&self) -> String {
        let polyfn = match self.polyfn {
            Some(folder) => format!("path = {}", quoted(&folder.to_string_lossy())),
            None => format!("version = \"{}\"", env!("CARGO_PKG_VERSION")),
        };
        format!(
            r#"[package]
name = "{}"
version = "0.1.0"
edition = "2024"
rust-version = "{}"
publish = false

# Where the program can run: it finds out by itself. `cargo polyfn build` switches on the one that it builds for.
[features]
default = ["aws", "gcp", "azure", "container", "local"]
aws = ["polyfn/aws"]
gcp = ["polyfn/gcp"]
azure = ["polyfn/azure"]
container = ["polyfn/container"]
local = ["polyfn/local"]

[dependencies]
polyfn = {{ {polyfn}, default-features = false }}
serde = {{ version = "1", features = ["derive"] }}

[dev-dependencies]
http = "1"
"#,
            self.name,
            env!("CARGO_PKG_RUST_VERSION"),
        )
    }

    fn main(&self) -> String {
        let names: Vec<_> = self.functions.iter().map(|function| function.name.as_str()).collect();
        format!(
            "//! {}: the same functions on AWS Lambda, Google Cloud, Azure Functions and in any container.\n\n{}\npolyfn::main!({});\n\n\
             #[cfg(test)]\nmod tests;\n",
            self.name,
            sketch::code(self.functions, ""),
            names.join(", ")
        )
    }

    fn tests(&self) -> String {
        format!(
            "//! The functions as each provider would call them, with nothing installed.\n\n{}",
            sketch::tests(self.functions, "crate")
        )
    }

    fn readme(&self) -> String {
        format!(
            "# {}

With {}. The same code runs on AWS Lambda, Google Cloud, Azure Functions and in any container.

```sh
cargo polyfn dev                        # runs it on this machine, with a console page; again on every change
cargo test                              # calls each function as each provider would
cargo polyfn list                       # the functions, and what starts them
cargo polyfn add NAME --trigger queue   # one more function, with its tests
```

To bring it to a provider, here `aws`; `gcp`, `azure` and `container` go the same way:

```sh
cargo polyfn build --provider aws       # what the provider takes, in target/polyfn/aws/
cargo polyfn manifest --provider aws    # its manifests, in polyfn/aws/, to commit
cargo polyfn check --provider aws       # do they agree, and can the provider do it all?
cargo polyfn deploy --provider aws --dry-run   # shows the commands that it runs without `--dry-run`
```
",
            self.name,
            listed(self.functions)
        )
    }
}

/// ``the functions `hello` (http) and `fulfil` (queue)``.
pub(super) fn listed(functions: &[Function]) -> String {
    let names: Vec<_> = functions.iter().map(|function| format!("`{}` ({})", function.name, function.trigger.as_str())).collect();
    match names.as_slice() {
        [one] => format!("the function {one}"),
        [most @ .., last] => format!("the functions {} and {last}", most.join(", ")),
        [] => "no function".to_owned(),
    }
}

/// A text as TOML has it.
fn quoted(text: &str) -> String {
    let escaped = text.chars().map(|c| match c {
        '"' | '\\' => format!("\\{c}"),
        c if c.is_control() => format!("\\u{:04x}", u32::from(c)),
        c => c.to_string(),
    });
    format!("\"{}\"", escaped.collect::<String>())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sketch::Trigger;

    #[test]
    fn the_crate_is_of_a_registry_or_a_checkout() {
        let functions = [Function::usual(Trigger::Http)];
        let mut project = Project { name: "shop", polyfn: None, functions: &functions };
        let version = env!("CARGO_PKG_VERSION");
        assert!(project.manifest().contains(&format!("polyfn = {{ version = \"{version}\", default-features = false }}\n")));
        project.polyfn = Some(Path::new("/a \"b\"\\c"));
        assert!(project.manifest().contains(r#"polyfn = { path = "/a \"b\"\\c", default-features = false }"#));
    }
}
