use std::fmt;

/// How much a finding weighs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Level {
    /// The program cannot be deployed as it is, or would not do what it says.
    Error,
    /// It can, and behaves differently from what one might expect.
    Warning,
}

impl Level {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
        }
    }
}

/// One thing that is looked for. Its code stays what it is; a lint that goes leaves its code unused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Lint {
    pub(crate) code: &'static str,
    pub(crate) level: Level,
    /// What it finds, for the documentation.
    pub(crate) finds: &'static str,
}

impl fmt::Display for Lint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}[{}]", self.level.as_str(), self.code)
    }
}

macro_rules! lints {
    ($($name:ident $code:literal $level:ident $finds:literal;)*) => {
        $(pub(crate) const $name: Lint = Lint { code: $code, level: Level::$level, finds: $finds };)*

        /// Every lint, in the order of the documentation.
        pub(crate) const ALL: &[Lint] = &[$($name),*];
    };
}

lints! {
    TRIGGER "PF001" Error "a trigger that the provider cannot bind: a resource with `*` in its name, where a deployment needs one resource";
    OPTION "PF002" Error "an option that the provider cannot follow, such as a `batch`, `retries` or `timeout` beyond its limits";
    NATIVE "PF003" Warning "a function that reads the native form of its event, which is another one on each provider";
    ORDER "PF004" Error "`ordered` on a source that has no order";
    REPLY "PF005" Warning "a reply that may pass what the provider returns: a stream, or bytes of any length";
    PARTIAL "PF006" Warning "several events at once where one failure brings all of them back";
    SCHEDULE "PF007" Error "a schedule that the provider cannot express";
    NAME "PF008" Error "the name of a function or of a resource that the provider refuses";
    SAME_NAME "PF009" Error "two functions that have one name by the provider's rules";
    ROUTE "PF010" Error "a route or a method that the provider keeps for itself or does not pass on";
    MISSING "PF011" Error "a manifest that `cargo polyfn manifest` would write and that is not there";
    DIFFERS "PF012" Error "a manifest that is not what the program says of itself";
    BUDGET "PF013" Error "a size, a start or an amount of memory over the budget of `--budget`";
}

/// The documentation of all lints.
#[cfg(test)]
fn table() -> String {
    let rows = ALL.iter().map(|lint| format!("| `{}` | {} | {} |\n", lint.code, lint.level.as_str(), lint.finds));
    format!(
        "# What `cargo polyfn check` finds\n\n| code | level | finds |\n|---|---|---|\n{}\n\
         An error ends the command with 1. `--allow CODE` leaves out what is meant to be so.\n",
        rows.collect::<String>()
    )
}

#[cfg(test)]
mod tests {
    use std::{env, fs, path::Path};

    use super::*;

    #[test]
    fn the_documentation_is_this_list() {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("lints.md");
        if env::var_os("POLYFN_UPDATE").is_some() {
            fs::write(&path, table()).unwrap();
        }
        assert_eq!(fs::read_to_string(&path).unwrap_or_default(), table(), "run this again with POLYFN_UPDATE=1");
    }

    #[test]
    fn a_code_is_one_lint_s() {
        let mut codes: Vec<_> = ALL.iter().map(|lint| lint.code).collect();
        codes.dedup();
        assert_eq!(codes.len(), ALL.len());
        assert!(codes.is_sorted());
    }
}
