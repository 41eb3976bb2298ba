//! Small ELF files for tests, with what the linker writes of a program's needs.
//!
//! Source: System V ABI, "Object Files" and "Program Loading and Dynamic Linking"; LSB 5.0, "Symbol Versioning".

/// What the file says.
pub(super) struct Made {
    pub(super) machine: u16,
    pub(super) interpreter: Option<&'static str>,
    pub(super) libraries: &'static [&'static str],
    /// Versions of symbols of the first library, and whether they are weak.
    pub(super) versions: &'static [(&'static str, bool)],
    /// The bits of `GNU_PROPERTY_X86_ISA_1_NEEDED`.
    pub(super) isa: Option<u32>,
}

impl Default for Made {
    fn default() -> Self {
        Self { machine: 62, interpreter: None, libraries: &[], versions: &[], isa: None }
    }
}

// The sizes of the file's header, and of the headers of a segment and a section.
const HEADER: usize = 64;
const SEGMENT: usize = 56;
const SECTION: usize = 64;

/// A part of the file; `PT_*` and `SHT_*` if it is a segment or a section.
struct Part {
    segment: Option<usize>,
    section: Option<usize>,
    bytes: Bytes,
}

#[derive(Default)]
struct Bytes(Vec<u8>);

impl Made {
    pub(super) fn bytes(&self) -> Vec<u8> {
        let mut strings = Bytes(vec![0]);
        let libraries: Vec<_> = self.libraries.iter().map(|library| strings.name(library)).collect();
        let mut dynamic = Bytes::default();
        for at in &libraries {
            dynamic.longs(&[1, *at]);
        }
        dynamic.longs(&[0, 0]);
        let mut needs = Bytes::default();
        if let (Some(library), count @ 1..) = (libraries.first(), self.versions.len()) {
            needs.halves(&[1, count]).words(&[*library, 16, 0]);
            for (at, (version, weak)) in self.versions.iter().enumerate() {
                let next = if at + 1 == count { 0 } else { 16 };
                needs.words(&[0]).halves(&[if *weak { 2 } else { 0 }, at + 2]).words(&[strings.name(version), next]);
            }
        }
        // The strings are section 1, which the others name.
        let mut parts = vec![Part { segment: None, section: Some(3), bytes: strings }];
        if !libraries.is_empty() {
            parts.push(Part { segment: Some(2), section: Some(6), bytes: dynamic });
        }
        if !needs.0.is_empty() {
            parts.push(Part { segment: None, section: Some(0x6fff_fffe), bytes: needs });
        }
        if let Some(path) = self.interpreter {
            parts.push(Part { segment: Some(3), section: None, bytes: Bytes(format!("{path}\0").into_bytes()) });
        }
        if let Some(bits) = self.isa {
            let mut note = Bytes::default();
            note.words(&[4, 16, 5]).0.extend(b"GNU\0");
            note.words(&[0xc000_8002, 4]).0.extend(bits.to_le_bytes());
            note.words(&[0]);
            parts.push(Part { segment: Some(4), section: None, bytes: note });
        }
        self.laid_out(&parts)
    }

    fn laid_out(&self, parts: &[Part]) -> Vec<u8> {
        let segments = parts.iter().filter(|part| part.segment.is_some()).count();
        let sections = parts.iter().filter(|part| part.section.is_some()).count() + 1;
        let mut at = HEADER + SEGMENT * segments;
        let mut placed = Vec::new();
        for part in parts {
            placed.push((part, at));
            at += part.bytes.0.len().next_multiple_of(8);
        }
        let mut file = Bytes(b"\x7fELF\x02\x01\x01\0\0\0\0\0\0\0\0\0".to_vec());
        file.halves(&[2, self.machine.into()]).words(&[1]).longs(&[0, HEADER, at]).words(&[0]);
        file.halves(&[HEADER, SEGMENT, segments, SECTION, sections, 1]);
        for (part, place) in &placed {
            let size = part.bytes.0.len();
            if let Some(kind) = part.segment {
                file.words(&[kind, 4]).longs(&[*place, *place, *place, size, size, 8]);
            }
        }
        for part in parts {
            file.0.extend(&part.bytes.0);
            file.0.resize(file.0.len().next_multiple_of(8), 0);
        }
        file.0.extend([0; SECTION]);
        for (part, place) in &placed {
            if let Some(kind) = part.section {
                let (link, count) = (usize::from(kind != 3), usize::from(kind == 0x6fff_fffe));
                file.words(&[0, kind]).longs(&[0, *place, *place, part.bytes.0.len()]).words(&[link, count]).longs(&[8, 0]);
            }
        }
        file.0
    }
}

impl Bytes {
    fn halves(&mut self, values: &[usize]) -> &mut Self {
        self.0.extend(values.iter().flat_map(|value| u16::try_from(*value).unwrap().to_le_bytes()));
        self
    }

    fn words(&mut self, values: &[usize]) -> &mut Self {
        self.0.extend(values.iter().flat_map(|value| u32::try_from(*value).unwrap().to_le_bytes()));
        self
    }

    fn longs(&mut self, values: &[usize]) -> &mut Self {
        self.0.extend(values.iter().flat_map(|value| u64::try_from(*value).unwrap().to_le_bytes()));
        self
    }

    /// Adds a text; gives back where it is.
    fn name(&mut self, text: &str) -> usize {
        let at = self.0.len();
        self.0.extend(text.as_bytes());
        self.0.push(0);
        at
    }
}
