use std::str::FromStr;

use proc_macro2::TokenStream;

const WORDS: &[&str] = &[
    "http",
    "direct",
    "queue",
    "object",
    "schedule",
    "event",
    "public",
    "name",
    "crate",
    "on",
    "batch",
    "timeout",
    "=",
    ",",
    ";",
    "\"GET /{a}\"",
    "\"\"",
    "\"/\"",
    "\"0 5 * * *\"",
    "\"30s\"",
    "3",
    "-3",
    "1.5",
    "b\"x\"",
    "'c'",
    "'a",
    "fn",
    "async",
    "pub",
    "unsafe",
    "impl",
    "self",
    "&",
    "*",
    "::",
    "<",
    ">",
    "->",
    "#",
    "!",
    "#[cfg(a)]",
    "#[function]",
    "#[doc = \"x\"]",
    "(",
    ")",
    "{",
    "}",
    "[",
    "]",
    "f",
    "r#f",
    "r#async",
    "_",
    "(a: u8)",
    "()",
    "{ x }",
    "[\"created\"]",
    "|",
    "..",
    "naïve",
    "struct",
];

/// The same sequence on every run, so that a failure comes back.
struct Dice(u64);

impl Dice {
    fn below(&mut self, most: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % most
    }

    fn soup(&mut self) -> TokenStream {
        loop {
            let words: Vec<&str> = (0..self.below(14)).map(|_| WORDS[self.below(WORDS.len())]).collect();
            // Brackets that do not match are no token stream.
            if let Ok(tokens) = TokenStream::from_str(&words.join(" ")) {
                return tokens;
            }
        }
    }
}

#[test]
fn nothing_panics_on_any_tokens() {
    let mut dice = Dice(7);
    for _ in 0..20_000 {
        let (args, item) = (dice.soup(), dice.soup());
        assert!(crate::function::expand(args, item.clone()).to_string().starts_with(&item.to_string()));
        let _ = crate::list::expand(dice.soup());
        assert!(crate::program::expand(dice.soup()).to_string().contains("fn main"));
    }
}

#[test]
fn nothing_panics_on_any_arguments_of_a_function() {
    let mut dice = Dice(11);
    let item = TokenStream::from_str("pub async fn f(a: A, b: B) -> C { }").unwrap();
    for _ in 0..20_000 {
        let expanded = crate::function::expand(dice.soup(), item.clone()).to_string();
        assert!(expanded.contains("pub struct f { }"), "{expanded}");
    }
}
