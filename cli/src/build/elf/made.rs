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

const HEADER: u64 = 64;
const SEGMENT: u64 = 56;

struct Part {
    /// `PT_*` and `SHT_*`, 0 for none.
    segment: u32,
    section: u32,
    info: u32,
    bytes: Vec<u8>,
}

impl Made {
    pub(super) fn bytes(&self) -> Vec<u8> {
        let mut strings = b"\0".to_vec();
        let mut name = |text: &str| {
            let at = strings.len();
            strings.extend(text.as_bytes());
            strings.push(0);
            at as u64
        };
        let libraries: Vec<_> = self.libraries.iter().map(|library| name(library)).collect();
        let dynamic = libraries.iter().map(|at| [1, *at]).chain([[0, 0]]).flatten().flat_map(u64::to_le_bytes).collect();
        let mut needs = Vec::new();
        if let (Some(library), false) = (libraries.first(), self.versions.is_empty()) {
            needs.extend([1_u16, self.versions.len() as u16].iter().flat_map(|half| half.to_le_bytes()));
            needs.extend([*library as u32, 16, 0].iter().flat_map(|word| word.to_le_bytes()));
            for (at, (version, weak)) in self.versions.iter().enumerate() {
                let next = if at + 1 == self.versions.len() { 0 } else { 16_u32 };
                needs.extend(0_u32.to_le_bytes());
                needs.extend([if *weak { 2_u16 } else { 0 }, at as u16 + 2].iter().flat_map(|half| half.to_le_bytes()));
                needs.extend([name(version) as u32, next].iter().flat_map(|word| word.to_le_bytes()));
            }
        }
        let interpreter =
            self.interpreter.map(|path| Part { segment: 3, section: 0, info: 0, bytes: format!("{path}\0").into_bytes() });
        let note = self.isa.map(|bits| {
            let words = [4, 16, 5, u32::from_le_bytes(*b"GNU\0"), 0xc000_8002, 4, bits, 0];
            Part { segment: 4, section: 0, info: 0, bytes: words.iter().flat_map(|word: &u32| word.to_le_bytes()).collect() }
        });
        // The strings are section 1, which the others name.
        let mut parts = vec![Part { segment: 0, section: 3, info: 0, bytes: strings }];
        if !self.libraries.is_empty() {
            parts.push(Part { segment: 2, section: 6, info: 0, bytes: dynamic });
        }
        if !needs.is_empty() {
            parts.push(Part { segment: 0, section: 0x6fff_fffe, info: 1, bytes: needs });
        }
        parts.extend(interpreter);
        parts.extend(note);
        self.laid_out(&parts)
    }

    fn laid_out(&self, parts: &[Part]) -> Vec<u8> {
        let segments: Vec<_> = parts.iter().filter(|part| part.segment != 0).collect();
        let sections = 1 + parts.iter().filter(|part| part.section != 0).count();
        let first = HEADER + SEGMENT * segments.len() as u64;
        let (mut places, mut at) = (Vec::new(), first);
        for part in parts {
            places.push(at);
            at += (part.bytes.len() as u64).next_multiple_of(8);
        }
        let mut file = b"\x7fELF\x02\x01\x01\0\0\0\0\0\0\0\0\0".to_vec();
        file.extend([2, self.machine].iter().flat_map(|half| half.to_le_bytes()));
        file.extend(1_u32.to_le_bytes());
        file.extend([0, HEADER, at].iter().flat_map(|word| word.to_le_bytes()));
        file.extend(0_u32.to_le_bytes());
        file.extend([64, 56, segments.len() as u16, 64, sections as u16, 1].iter().flat_map(|half| half.to_le_bytes()));
        for (part, place) in parts.iter().zip(&places).filter(|(part, _)| part.segment != 0) {
            let size = part.bytes.len() as u64;
            file.extend([part.segment, 4].iter().flat_map(|word| word.to_le_bytes()));
            file.extend([*place, *place, *place, size, size, 8].iter().flat_map(|word| word.to_le_bytes()));
        }
        for part in parts {
            file.extend(&part.bytes);
            file.resize(file.len().next_multiple_of(8), 0);
        }
        file.extend([0; 64]);
        for (part, place) in parts.iter().zip(&places).filter(|(part, _)| part.section != 0) {
            let link = if part.section == 3 { 0_u32 } else { 1 };
            file.extend([0, part.section].iter().flat_map(|word| word.to_le_bytes()));
            file.extend([0, *place, *place, part.bytes.len() as u64].iter().flat_map(|word| word.to_le_bytes()));
            file.extend([link, part.info].iter().flat_map(|word| word.to_le_bytes()));
            file.extend([8_u64, 0].iter().flat_map(|word| word.to_le_bytes()));
        }
        file
    }
}
