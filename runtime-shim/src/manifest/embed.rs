//! How a manifest gets into a program: written at compile time by what `main!` expands to, a constant behind a marker.
//!
//! It is no link section of its own: to name one is unsafe, and many crates forbid that. The marker is found among the read-only
//! data of a file for any system.

use crate::Provider;

/// What stands before a manifest, its length in eight digits between the two.
pub const MARKER: &str = "\u{1}polyfn manifest 1\u{2}";
const DIGITS: usize = 8;

/// What a program says of itself.
#[derive(Clone, Copy, Debug)]
pub struct Program<'a> {
    /// The name of its package.
    pub name: &'a str,
    /// The version of its package.
    pub version: &'a str,
    /// What it was built for.
    pub providers: &'a [Provider],
    /// Its functions.
    pub functions: &'a [Said<'a>],
}

/// What one function says of itself.
#[derive(Clone, Copy, Debug)]
pub struct Said<'a> {
    /// What the attribute says, as members of a JSON object; empty for a function that has a mistake.
    pub members: &'a str,
    /// The module it is written in.
    pub module: &'a str,
    /// The file it is written in, as the compiler was told of it.
    pub file: &'a str,
    /// The line in it where its attribute stands.
    pub line: u32,
    /// Whether it takes a `Batch`.
    pub batches: bool,
    /// What a caller gets, a text that JSON takes as it is.
    pub replies: &'a str,
    /// Why it is not portable, texts that JSON takes as they are; those that are empty are none.
    pub native: &'a [&'a str],
}

/// How many bytes the manifest takes within its program.
pub const fn length(program: &Program<'_>) -> usize {
    json_length(program) + MARKER.len() + DIGITS
}

/// The manifest as a program carries it: the marker, the length, the JSON. `N` is its [`length`].
pub const fn page<const N: usize>(program: &Program<'_>) -> [u8; N] {
    Page { bytes: [0; N], length: 0 }.text(MARKER).digits(json_length(program), DIGITS).program(program).bytes
}

/// The JSON of a manifest that a program carries; `None` if that is not how these bytes begin.
pub fn json(carried: &[u8]) -> Option<&[u8]> {
    let (length, json) = carried.strip_prefix(MARKER.as_bytes())?.split_at_checked(DIGITS)?;
    let length: usize = std::str::from_utf8(length).ok()?.parse().ok()?;
    json.get(..length)
}

const fn json_length(program: &Program<'_>) -> usize {
    Page { bytes: [], length: 0 }.program(program).length
}

/// Bytes as far as they are written; what finds no room is only counted.
struct Page<const N: usize> {
    bytes: [u8; N],
    length: usize,
}

impl<const N: usize> Page<N> {
    const fn put(mut self, mut bytes: &[u8]) -> Self {
        let length = self.length + bytes.len();
        if let Some((_, mut room)) = self.bytes.split_at_mut_checked(self.length) {
            while let ([byte, more @ ..], Some((place, left))) = (bytes, room.split_first_mut()) {
                *place = *byte;
                bytes = more;
                room = left;
            }
        }
        self.length = length;
        self
    }

    const fn text(self, text: &str) -> Self {
        self.put(text.as_bytes())
    }

    /// A path, with `/` for the `\` of Windows.
    const fn path(mut self, path: &str) -> Self {
        let mut bytes = path.as_bytes();
        while let [byte, more @ ..] = bytes {
            self = self.put(&[if *byte == b'\\' { b'/' } else { *byte }]);
            bytes = more;
        }
        self
    }

    /// The number of a line.
    #[expect(clippy::as_conversions, reason = "no other conversion is const, and no file has lines past what a usize counts")]
    const fn line(self, line: u32) -> Self {
        self.digits(line as usize, 1)
    }

    /// A number in as many digits as it needs, and no fewer than these.
    const fn digits(self, number: usize, least: usize) -> Self {
        const DECIMAL: [&str; 10] = ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"];
        let page = if number > 9 || least > 1 { self.digits(number / 10, least.saturating_sub(1)) } else { self };
        let mut ahead = number % 10;
        let mut digits: &[&str] = &DECIMAL;
        while let [digit, more @ ..] = digits {
            if ahead == 0 {
                return page.text(digit);
            }
            ahead -= 1;
            digits = more;
        }
        page
    }

    const fn program(self, program: &Program<'_>) -> Self {
        let mut page = self.text("{\"polyfn\":\"").text(env!("CARGO_PKG_VERSION")).text("\",\"program\":\"");
        page = page.text(program.name).text("\",\"version\":\"").text(program.version).text("\",\"providers\":[");
        let (mut providers, mut comma) = (program.providers, "");
        while let [provider, more @ ..] = providers {
            page = page.text(comma).text("\"").text(provider.as_str()).text("\"");
            (providers, comma) = (more, ",");
        }
        page = page.text("],\"functions\":[");
        let (mut functions, mut comma) = (program.functions, "");
        while let [function, more @ ..] = functions {
            if !function.members.is_empty() {
                page = page.text(comma).function(function);
                comma = ",";
            }
            functions = more;
        }
        page.text("]}")
    }

    const fn function(self, said: &Said<'_>) -> Self {
        let mut page = self.text("{").text(said.members).text(",\"module\":\"").text(said.module).text("\"");
        if !said.file.is_empty() {
            page = page.text(",\"file\":\"").path(said.file).text("\",\"line\":").line(said.line);
        }
        if said.batches {
            page = page.text(",\"batches\":true");
        }
        if !said.replies.is_empty() {
            page = page.text(",\"replies\":\"").text(said.replies).text("\"");
        }
        let (mut reasons, mut before) = (said.native, ",\"portable\":false,\"native\":[\"");
        let mut after = ",\"portable\":true";
        while let [reason, more @ ..] = reasons {
            if !reason.is_empty() {
                page = page.text(before).text(reason);
                (before, after) = ("\",\"", "\"]");
            }
            reasons = more;
        }
        page.text(after).text("}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{event::Kind, manifest::Manifest};

    const PLAIN: Said<'_> = Said {
        members: "\"name\":\"a\",\"trigger\":\"direct\"",
        module: "shop",
        file: "",
        line: 0,
        batches: false,
        replies: "",
        native: &[],
    };
    const SHOP: Program<'_> = Program {
        name: "shop",
        version: "0.1.0",
        providers: &[Provider::Aws, Provider::Local],
        functions: &[
            Said { members: "", ..PLAIN },
            PLAIN,
            Said { file: "src\\a.rs", line: 120, batches: true, replies: "204", native: &["", "one", "", "two"], ..PLAIN },
        ],
    };

    #[test]
    fn a_manifest_is_written_at_compile_time_and_read_again() {
        const CARRIED: [u8; length(&SHOP)] = page(&SHOP);
        let json = std::str::from_utf8(json(&CARRIED).unwrap()).unwrap();
        let members = r#""name":"a","trigger":"direct","module":"shop""#;
        assert_eq!(
            json,
            format!(
                r#"{{"polyfn":"{}","program":"shop","version":"0.1.0","providers":["aws","local"],"functions":[{{{members},"portable":true}},{{{members},"file":"src/a.rs","line":120,"batches":true,"replies":"204","portable":false,"native":["one","two"]}}]}}"#,
                env!("CARGO_PKG_VERSION")
            )
        );
        let manifest = Manifest::read(json.as_bytes()).unwrap();
        assert_eq!(manifest.functions.iter().map(|entry| entry.trigger).collect::<Vec<_>>(), [Kind::Direct; 2]);
        assert!(manifest.functions[0].portable && !manifest.functions[1].portable);
    }

    #[test]
    fn what_is_cut_off_or_no_manifest_is_none() {
        let carried: [u8; length(&SHOP)] = page(&SHOP);
        for length in 0..carried.len() {
            assert_eq!(Manifest::find(&carried[..length]), None, "{length}");
        }
        let junk = [MARKER.as_bytes(), b"00000002{]", MARKER.as_bytes(), b"99999999{}", MARKER.as_bytes(), &carried].concat();
        assert_eq!(Manifest::find(&junk).unwrap().program, "shop");
    }
}
