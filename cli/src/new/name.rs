use std::path::Path;

use crate::failure::Failure;

/// What Cargo, or the code that is written, takes for something else.
const TAKEN: [&str; 12] =
    ["alloc", "build", "con", "core", "deps", "examples", "http", "incremental", "polyfn", "proc-macro", "serde", "test"];
const MORE: [&str; 3] = ["std", "nul", "aux"];

const KEYWORDS: [&str; 52] = [
    "abstract", "as", "async", "await", "become", "box", "break", "const", "continue", "crate", "do", "dyn", "else", "enum",
    "extern", "false", "final", "fn", "for", "gen", "if", "impl", "in", "let", "loop", "macro", "match", "mod", "move", "mut",
    "override", "priv", "pub", "ref", "return", "self", "static", "struct", "super", "trait", "true", "try", "type", "typeof",
    "unsafe", "unsized", "use", "virtual", "where", "while", "yield", "union",
];

/// Cloud Run has the shortest.
const LONGEST: usize = 49;
/// Of a function, on Azure: an identifier of at most 63.
const LONGEST_FUNCTION: usize = 63;

/// The name of a project that is made at this place: a Cargo package, and what a provider calls it.
pub(super) fn project(place: &Path) -> Result<String, Failure> {
    let name = place.file_name().and_then(|name| name.to_str());
    let name = name.ok_or_else(|| Failure::usage(format!("{} does not end in a name", place.display())))?;
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    let fits = name.starts_with(|c: char| c.is_ascii_lowercase())
        && name.chars().all(plain)
        && !name.ends_with('-')
        && (2..=LONGEST).contains(&name.len());
    if !fits {
        let better = better(name);
        let better = if better.len() < 2 { String::new() } else { format!("; `{better}` would do") };
        return Err(Failure::usage(format!(
            "`{}` is no name that every provider takes: 2 to {LONGEST} small letters, digits and `-`, a letter first{better}",
            name.escape_default()
        )));
    }
    if TAKEN.contains(&name) || MORE.contains(&name) || KEYWORDS.contains(&name) {
        return Err(Failure::usage(format!("`{name}` means something else to Cargo; `{name}-functions` would do")));
    }
    Ok(name.to_owned())
}

/// What comes nearest to it, as far as it can be used.
fn better(name: &str) -> String {
    let dashed = name.chars().map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '-' });
    let dashed: String =
        dashed.collect::<String>().trim_start_matches(|c: char| !c.is_ascii_lowercase()).chars().take(LONGEST).collect();
    dashed.trim_end_matches('-').to_owned()
}

/// A function's name: of a Rust function, and what a provider calls it.
pub(crate) fn function(name: &str) -> Result<(), Failure> {
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
    if !name.starts_with(|c: char| c.is_ascii_lowercase()) || !name.chars().all(plain) || name.len() > LONGEST_FUNCTION {
        let better = better(name).replace('-', "_");
        let better = if better.is_empty() { better } else { format!("; `{better}` would do") };
        return Err(Failure::usage(format!(
            "`{}` is no name of a function: up to {LONGEST_FUNCTION} small letters, digits and `_`, a letter first{better}",
            name.escape_default()
        )));
    }
    if KEYWORDS.contains(&name) || ["main", "tests", "polyfn", "serde", "function", "std", "core"].contains(&name) {
        return Err(Failure::usage(format!("`{name}` means something else in Rust; `{name}_it` would do")));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(name: &str) -> String {
        project(Path::new(name)).unwrap_err().to_string()
    }

    #[test]
    fn a_name_that_every_provider_takes() {
        for name in ["shop", "my-shop-2", "a1", &"a".repeat(49)] {
            assert_eq!(project(&Path::new("services").join(name)).unwrap(), name);
        }
    }

    #[test]
    fn another_is_one_line_that_says_what_would_do() {
        for (name, better) in [
            ("My_Shop", "`my-shop` would do"),
            ("2shop", "`shop` would do"),
            ("shop-", "`shop` would do"),
            ("a", "a letter first"),
            ("café", "`caf` would do"),
            ("fn", "`fn-functions` would do"),
            ("polyfn", "means something else to Cargo"),
            ("test", "means something else to Cargo"),
            ("..", "does not end in a name"),
            ("a\nb", "`a-b` would do"),
        ] {
            let message = refused(name);
            assert!(message.contains(better) && message.lines().count() == 1, "{name}: {message}");
        }
        assert!(refused(&"a".repeat(50)).contains(&format!("`{}` would do", "a".repeat(49))));
    }

    #[test]
    fn a_function_is_called_as_rust_has_it() {
        function("send_mail_2").unwrap();
        for (name, better) in
            [("send-mail", "`send_mail`"), ("Fulfil", "`fulfil`"), ("_x", "`x`"), ("loop", "`loop_it`"), ("", "a letter first")]
        {
            let message = function(name).unwrap_err().to_string();
            assert!(message.contains(better), "{name}: {message}");
        }
    }
}
