use clap::ValueEnum;
use serde_json::json;

use super::finding::Finding;
use crate::terminal::Paint;

/// How findings are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(super) enum Format {
    /// For people
    #[default]
    Text,
    /// One JSON object a line
    Json,
    /// As annotations of GitHub Actions
    Github,
}

impl Format {
    /// A finding, with a line end.
    pub(super) fn write(self, finding: &Finding, paint: Paint) -> String {
        match self {
            Self::Text => text(finding, paint),
            Self::Json => json(finding),
            Self::Github => github(finding),
        }
    }
}

fn text(finding: &Finding, Paint { bold, red, plain, .. }: Paint) -> String {
    let colour = if finding.is_error() { red } else { "" };
    let function = finding.function.as_ref().map(|name| format!("`{name}`: ")).unwrap_or_default();
    let place = finding.place.as_ref().map(|(file, line)| format!("\n  --> {}:{line}", file.display())).unwrap_or_default();
    let (lint, target, message) = (finding.lint, finding.target.as_str(), &finding.message);
    format!("{bold}{colour}{lint}{plain}{bold} on {target}:{plain} {function}{message}{place}\n")
}

fn json(finding: &Finding) -> String {
    let place = finding.place.as_ref();
    let members = [
        ("code", Some(json!(finding.lint.code))),
        ("level", Some(json!(finding.lint.level.as_str()))),
        ("provider", Some(json!(finding.target.as_str()))),
        ("function", finding.function.as_ref().map(|function| json!(function))),
        ("file", place.map(|(file, _)| json!(file))),
        ("line", place.map(|(_, line)| json!(line))),
        ("message", Some(json!(finding.message))),
    ];
    let members: serde_json::Map<_, _> =
        members.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?))).collect();
    format!("{}\n", serde_json::Value::Object(members))
}

/// Source: [workflow commands](https://docs.github.com/actions/reference/workflow-commands-for-github-actions).
fn github(finding: &Finding) -> String {
    let place = finding.place.as_ref().map(|(file, line)| format!("file={},line={line},", property(&file.to_string_lossy())));
    let function = finding.function.as_ref().map(|name| format!("`{name}`: ")).unwrap_or_default();
    format!(
        "::{} {}title={}::{}\n",
        finding.lint.level.as_str(),
        place.unwrap_or_default(),
        property(&format!("{} on {}", finding.lint.code, finding.target.as_str())),
        data(&format!("{function}{}", finding.message)),
    )
}

/// What a line end would end is escaped.
fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::*;
    use crate::{
        check::lint::{NAME, NATIVE},
        target::Target,
    };

    fn finding() -> Finding {
        Finding {
            lint: NAME,
            target: Target::Gcp,
            function: Some("a".to_owned()),
            place: Some((PathBuf::from("src/a,b.rs"), 7)),
            message: "100%\nwrong: yes".to_owned(),
        }
    }

    #[test]
    fn each_format_says_all_of_it() {
        let paint = Paint::default();
        assert_eq!(Format::Text.write(&finding(), paint), "error[PF008] on gcp: `a`: 100%\nwrong: yes\n  --> src/a,b.rs:7\n");
        assert_eq!(
            Format::Github.write(&finding(), paint),
            "::error file=src/a%2Cb.rs,line=7,title=PF008 on gcp::`a`: 100%25%0Awrong: yes\n"
        );
        let json: serde_json::Value = serde_json::from_str(&Format::Json.write(&finding(), paint)).unwrap();
        let expected = json!({
            "code": "PF008", "level": "error", "provider": "gcp", "function": "a", "file": "src/a,b.rs", "line": 7,
            "message": "100%\nwrong: yes",
        });
        assert_eq!(json, expected);
        let bare = Finding { lint: NATIVE, function: None, place: None, message: "m".to_owned(), ..finding() };
        assert_eq!(Format::Github.write(&bare, paint), "::warning title=PF003 on gcp::m\n");
        assert_eq!(Format::Text.write(&bare, paint), "warning[PF003] on gcp: m\n");
    }
}
