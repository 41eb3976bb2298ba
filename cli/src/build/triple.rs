use std::fmt;

use crate::{failure::Failure, target::Target};

/// What a program is compiled for: `--target`, such as `x86_64-unknown-linux-musl`.
///
/// cargo-zigbuild's form is taken too: in `aarch64-unknown-linux-gnu.2.28` the end is the oldest glibc that the program is to run on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Triple {
    name: String,
    glibc: Option<Glibc>,
}

/// A version of the GNU C library, such as 2.34.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Glibc(pub(super) u16, pub(super) u16);

/// What a program's instructions are for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Processor {
    X86_64,
    Aarch64,
}

impl Triple {
    /// The one without a `--target`: that of this machine if its programs run on the hosts, else one that any machine can link for.
    ///
    /// The default is x86_64 everywhere, since Google Cloud and Azure run nothing else.
    pub(super) fn default_on(machine: &str) -> Self {
        let name = if machine == "x86_64-unknown-linux-gnu" { machine } else { "x86_64-unknown-linux-musl" };
        Self { name: name.to_owned(), glibc: None }
    }

    pub(super) fn read(text: &str) -> Result<Self, Failure> {
        let (name, version) = match text.split_once("-gnu.") {
            Some((before, version)) => (format!("{before}-gnu"), Some(version)),
            None => (text.to_owned(), None),
        };
        let unknown =
            || Failure::usage(format!("`{text}` names no version of glibc; write it as in `x86_64-unknown-linux-gnu.2.34`"));
        let glibc = version.map(|version| Glibc::read(version).ok_or_else(unknown)).transpose()?;
        let triple = Self { name, glibc };
        if !triple.name.contains("-linux-") {
            return Err(Failure::usage(format!(
                "`{text}` is no target for Linux, which every provider runs; use `x86_64-unknown-linux-musl` or another one of `rustup target list`"
            )));
        }
        Ok(triple)
    }

    /// As rustc has it.
    pub(super) fn name(&self) -> &str {
        &self.name
    }

    /// The oldest glibc that the program is to run on, if it was said.
    pub(super) fn glibc(&self) -> Option<Glibc> {
        self.glibc
    }

    pub(super) fn is_musl(&self) -> bool {
        self.name.ends_with("-linux-musl")
    }

    pub(super) fn is_gnu(&self) -> bool {
        self.name.ends_with("-linux-gnu")
    }

    /// What its programs' instructions are for; an error if no host of the provider has such a processor.
    pub(super) fn processor(&self, target: Target) -> Result<Processor, Failure> {
        let processor = match self.name.split('-').next() {
            Some("x86_64") => Processor::X86_64,
            Some("aarch64") => Processor::Aarch64,
            _ => {
                return Err(Failure::usage(format!(
                    "no provider runs programs for `{}`; a target begins with `x86_64` or `aarch64`",
                    self.name
                )));
            }
        };
        if processor == Processor::Aarch64 && matches!(target, Target::Gcp | Target::Azure) {
            let libc = if self.is_gnu() { "gnu" } else { "musl" };
            return Err(Failure::usage(format!(
                "{target} runs x86_64 programs only; use `--target x86_64-unknown-linux-{libc}`",
                target = target.as_str()
            )));
        }
        Ok(processor)
    }
}

impl fmt::Display for Triple {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name)?;
        self.glibc.map_or(Ok(()), |glibc| write!(f, ".{glibc}"))
    }
}

impl Glibc {
    /// Reads `2.34`; of `2.2.5` the first two count.
    pub(super) fn read(text: &str) -> Option<Self> {
        let mut numbers = text.split('.').map(str::parse::<u16>);
        let version = Self(numbers.next()?.ok()?, numbers.next()?.ok()?);
        numbers.all(|number| number.is_ok()).then_some(version)
    }
}

impl fmt::Display for Glibc {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.0, self.1)
    }
}

impl Processor {
    /// As targets of rustc begin.
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::X86_64 => "x86_64",
            Self::Aarch64 => "aarch64",
        }
    }

    /// As images have it: the name that Go has for it.
    pub(super) fn in_images(self) -> &'static str {
        match self {
            Self::X86_64 => "amd64",
            Self::Aarch64 => "arm64",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_default_is_what_this_machine_can_link() {
        assert_eq!(Triple::default_on("x86_64-unknown-linux-gnu").to_string(), "x86_64-unknown-linux-gnu");
        for machine in ["aarch64-apple-darwin", "aarch64-unknown-linux-gnu", "x86_64-pc-windows-msvc"] {
            assert_eq!(Triple::default_on(machine).to_string(), "x86_64-unknown-linux-musl");
        }
    }

    #[test]
    fn the_oldest_glibc_is_said_as_cargo_zigbuild_takes_it() {
        let triple = Triple::read("aarch64-unknown-linux-gnu.2.28").unwrap();
        assert_eq!((triple.name(), triple.glibc()), ("aarch64-unknown-linux-gnu", Some(Glibc(2, 28))));
        assert_eq!(triple.to_string(), "aarch64-unknown-linux-gnu.2.28");
        assert_eq!(Triple::read("x86_64-unknown-linux-musl").unwrap().glibc(), None);
        assert!(Triple::read("x86_64-unknown-linux-gnu.new").unwrap_err().to_string().contains("no version of glibc"));
    }

    #[test]
    fn what_no_host_runs_is_refused() {
        let refused = |text: &str, target| {
            let failure = Triple::read(text).and_then(|triple| triple.processor(target)).unwrap_err();
            assert_eq!(failure.code(), 2);
            failure.to_string()
        };
        assert!(refused("aarch64-apple-darwin", Target::Aws).contains("no target for Linux"));
        assert!(refused("riscv64gc-unknown-linux-gnu", Target::Container).contains("begins with `x86_64` or `aarch64`"));
        for target in [Target::Gcp, Target::Azure] {
            assert!(refused("aarch64-unknown-linux-musl", target).contains("`--target x86_64-unknown-linux-musl`"));
        }
        for target in [Target::Aws, Target::Container] {
            let triple = Triple::read("aarch64-unknown-linux-musl").unwrap();
            assert_eq!(triple.processor(target).unwrap(), Processor::Aarch64);
        }
    }

    #[test]
    fn versions_are_compared_as_numbers() {
        assert!(Glibc::read("2.4").unwrap() < Glibc::read("2.34").unwrap());
        assert_eq!(Glibc::read("2.2.5"), Some(Glibc(2, 2)));
        assert_eq!(Glibc::read("2"), None);
    }
}
