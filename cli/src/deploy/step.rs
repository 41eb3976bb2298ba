use std::fmt;

use crate::failure::Failure;

/// A word of a command, as a program gets it and as a person may see it.
#[derive(Clone)]
pub(super) struct Word {
    text: String,
    /// What a shell would read it from, if the text is not to be shown.
    shown: Option<String>,
}

impl Word {
    /// `NAME=` and the value of the environment variable of that name, which nobody is shown.
    pub(super) fn of_environment(name: &str) -> Result<Self, Failure> {
        let value = is_variable(name).then(|| std::env::var(name).ok()).flatten();
        let value = value.ok_or_else(|| {
            Failure::usage(format!(
                "`--parameter {0}` has no value, and no environment variable `{0}` has one",
                name.escape_default()
            ))
        })?;
        Ok(Self { text: format!("{name}={value}"), shown: Some(format!("\"{name}=${name}\"")) })
    }

    pub(super) fn text(&self) -> &str {
        &self.text
    }

    /// The two sides of `NAME=value`, unless the value is one of the environment that every command has anyway.
    pub(super) fn assignment(&self) -> Option<(String, String)> {
        let (name, value) = self.text.split_once('=').filter(|_| self.shown.is_none())?;
        Some((name.to_owned(), value.to_owned()))
    }
}

impl<T: Into<String>> From<T> for Word {
    fn from(text: T) -> Self {
        Self { text: text.into(), shown: None }
    }
}

impl fmt::Display for Word {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.shown.as_deref().unwrap_or(&quoted(&self.text)))
    }
}

impl fmt::Debug for Word {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// Whether a shell can have a variable of this name.
pub(super) fn is_variable(name: &str) -> bool {
    let plain = |c: char| c.is_ascii_alphanumeric() || c == '_';
    !name.is_empty() && name.chars().all(plain) && !name.starts_with(|c: char| c.is_ascii_digit())
}

/// The word that a shell reads as this text.
pub(crate) fn quoted(text: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "_@%+=:,./-".contains(c);
    if !text.is_empty() && text.chars().all(plain) {
        return text.to_owned();
    }
    format!("'{}'", text.replace('\'', r"'\''"))
}

/// One command of a deployment.
#[derive(Clone, Debug)]
pub(super) struct Step {
    pub(super) program: &'static str,
    pub(super) arguments: Vec<Word>,
    /// Set for this command alone.
    pub(super) env: Vec<(String, String)>,
    /// What it reads, and the command that would write that.
    pub(super) input: Option<(String, String)>,
}

impl Step {
    pub(super) fn new<W: Into<Word>>(program: &'static str, arguments: impl IntoIterator<Item = W>) -> Self {
        Self { program, arguments: arguments.into_iter().map(Into::into).collect(), env: Vec::new(), input: None }
    }

    /// With more words.
    pub(super) fn and<W: Into<Word>>(mut self, arguments: impl IntoIterator<Item = W>) -> Self {
        self.arguments.extend(arguments.into_iter().map(Into::into));
        self
    }

    /// With an option, if it has a value.
    pub(super) fn option(self, option: &str, value: Option<&str>) -> Self {
        match value {
            Some(value) => self.and([option, value]),
            None => self,
        }
    }

    /// With an option of several words, if there are any.
    pub(super) fn options(self, option: &str, values: Vec<Word>) -> Self {
        if values.is_empty() { self } else { self.and([option]).and(values) }
    }

    /// `sam deploy`: enough to say which one it is.
    pub(super) fn name(&self) -> String {
        let words = self
            .arguments
            .iter()
            .map(Word::text)
            .take_while(|word| word.chars().all(|c| c.is_ascii_lowercase() || c == '-') && !word.starts_with('-'));
        [self.program].into_iter().chain(words).collect::<Vec<_>>().join(" ")
    }
}

/// The line that does the same in a shell.
impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some((_, writer)) = &self.input {
            write!(f, "{writer} | ")?;
        }
        for (name, value) in &self.env {
            write!(f, "{name}={} ", quoted(value))?;
        }
        f.write_str(self.program)?;
        self.arguments.iter().try_for_each(|word| write!(f, " {word}"))
    }
}

/// The command that writes a file with every `${NAME}` replaced.
pub(super) fn filled(path: &str, text: &str, name: &str, value: &str) -> (String, String) {
    let placeholder = format!("${{{name}}}");
    (text.replace(&placeholder, value), format!("sed {} {}", quoted(&format!("s|{placeholder}|{value}|g")), quoted(path)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shell_reads_what_is_printed() {
        let texts = ["plain-1.0_x/y:z", "", "two words", "it's", "$HOME `id` \\ \"", "a\nb", "*", "é"];
        let step = Step::new("printf", ["%s|"].into_iter().chain(texts));
        let read = std::process::Command::new("sh").args(["-c", &step.to_string()]).output().unwrap();
        assert_eq!(String::from_utf8(read.stdout).unwrap(), format!("{}|", texts.join("|")));
        assert_eq!(step.name(), "printf");
        assert_eq!(Step::new("aws", ["cloudformation", "deploy", "--stack-name", "x"]).name(), "aws cloudformation deploy");
    }

    #[test]
    fn a_value_of_the_environment_is_passed_on_and_not_shown() {
        // Cargo sets it for every test.
        let word = Word::of_environment("CARGO_PKG_NAME").unwrap();
        assert_eq!(
            (word.text(), word.to_string().as_str()),
            ("CARGO_PKG_NAME=cargo-polyfn", "\"CARGO_PKG_NAME=$CARGO_PKG_NAME\"")
        );
        assert!(!format!("{word:?}").contains("cargo-polyfn"));
        for name in ["POLYFN_NOT_SET", "", "A B", "$(id)", "1A"] {
            let failure = Word::of_environment(name).unwrap_err();
            assert!(failure.code() == 2 && failure.to_string().contains("has no value"), "{failure}");
        }
    }
}
