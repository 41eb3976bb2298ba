use std::{
    fmt::Display,
    io::{IsTerminal, Write},
    path::Path,
};

/// Escape sequences for a terminal; empty where nobody would see the colour.
#[derive(Clone, Copy, Default)]
pub(crate) struct Paint {
    pub(crate) bold: &'static str,
    pub(crate) dim: &'static str,
    pub(crate) red: &'static str,
    pub(crate) green: &'static str,
    pub(crate) plain: &'static str,
}

impl Paint {
    /// For standard output.
    pub(crate) fn stdout() -> Self {
        Self::on(std::io::stdout().is_terminal())
    }

    /// For standard error.
    pub(crate) fn stderr() -> Self {
        Self::on(std::io::stderr().is_terminal())
    }

    /// Whether there are colours.
    pub(crate) fn is_on(self) -> bool {
        !self.plain.is_empty()
    }

    // https://no-color.org: a value that is not empty switches colours off.
    fn on(terminal: bool) -> Self {
        if !terminal || std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty()) {
            return Self::default();
        }
        Self { bold: "\x1b[1m", dim: "\x1b[2m", red: "\x1b[31m", green: "\x1b[32m", plain: "\x1b[0m" }
    }
}

/// Writes to standard output. A reader that has seen enough, such as `head`, is no error.
pub(crate) fn print(text: impl Display) {
    let mut out = std::io::stdout().lock();
    let _ = write!(out, "{text}").and_then(|()| out.flush());
}

/// Tells the person at the terminal what this command does; what it makes goes to standard output instead.
pub(crate) fn say(text: impl Display) {
    let Paint { bold, plain, .. } = Paint::stderr();
    let _ = writeln!(std::io::stderr(), "{bold}polyfn:{plain} {text}");
}

/// A path as it is seen from the current folder, if it is below it.
pub(crate) fn from_here(path: &Path) -> &Path {
    std::env::current_dir().ok().and_then(|here| path.strip_prefix(here).ok()).unwrap_or(path)
}

/// A text from elsewhere with nothing in it that a terminal would obey; line ends and tabs stay.
pub(crate) fn visible(text: &str) -> String {
    let visible = |c: char| match c {
        '\n' | '\t' => c.to_string(),
        c if c.is_control() => c.escape_default().to_string(),
        c => c.to_string(),
    };
    text.chars().map(visible).collect()
}

/// The same on one line, and not too long for it.
pub(crate) fn on_one_line(text: &str) -> String {
    const LONGEST: usize = 300;
    let text = text.trim_end();
    let beginning: String = text.chars().take(LONGEST).collect();
    let mut line = visible(&beginning).replace('\n', "\\n").replace('\t', "\\t");
    if text.chars().nth(LONGEST).is_some() {
        line.push_str("...");
    }
    line
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_from_elsewhere_does_not_move_the_cursor() {
        assert_eq!(visible("a\x1b[2Jb\r\n\tc\u{9b}"), "a\\u{1b}[2Jb\\r\n\tc\\u{9b}");
        assert_eq!(on_one_line("a\nb\x07\n"), "a\\nb\\u{7}");
        assert_eq!(on_one_line(&"é".repeat(301)), format!("{}...", "é".repeat(300)));
    }
}
