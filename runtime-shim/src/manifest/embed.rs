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
    Page { bytes: [0; N], length: 0 }.text(MARKER).number(json_length(program)).program(program).bytes
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

    /// A number in eight digits.
    const fn number(mut self, number: usize) -> Self {
        let mut unit = 10_usize.pow(7);
        while unit > 0 {
            self = match number / unit % 10 {
                0 => self.text("0"),
                1 => self.text("1"),
                2 => self.text("2"),
                3 => self.text("3"),
                4 => self.text("4"),
                5 => self.text("5"),
                6 => self.text("6"),
                7 => self.text("7"),
                8 => self.text("8"),
                _ => self.text("9"),
            };
            unit /= 10;
        }
        self
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

    const PLAIN: Said<'_> =
        Said { members: "\"name\":\"a\",\"trigger\":\"direct\"", module: "shop", batches: false, replies: "", native: &[] };
    const SHOP: Program<'_> = Program {
        name: "shop",
        version: "0.1.0",
        providers: &[Provider::Aws, Provider::Local],
        functions: &[
            Said { members: "", ..PLAIN },
            PLAIN,
            Said { batches: true, replies: "204", native: &["", "one", "", "two"], ..PLAIN },
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
                r#"{{"polyfn":"{}","program":"shop","version":"0.1.0","providers":["aws","local"],"functions":[{{{members},"portable":true}},{{{members},"batches":true,"replies":"204","portable":false,"native":["one","two"]}}]}}"#,
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
