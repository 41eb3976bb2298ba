//! What a program for Linux needs of its host, read from its file without running it.

#[cfg(test)]
mod made;

use object::{
    Endianness, elf,
    read::elf::{FileHeader, ProgramHeader, SectionTable},
};

use super::triple::Glibc;
use crate::failure::Failure;

/// The needs of a program.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Elf {
    pub(super) machine: Machine,
    /// The loader that starts it, if it is not started by itself.
    pub(super) interpreter: Option<String>,
    /// The libraries that it is linked with at its start.
    pub(super) libraries: Vec<String>,
    /// The highest version of glibc that a symbol of it comes from.
    pub(super) glibc: Option<Glibc>,
    /// The level of x86-64 that it says it cannot do without: 1 to 4, as `-march=x86-64-v3` counts them; 0 if it does not say.
    pub(super) level: u32,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Machine {
    X86_64,
    Aarch64,
    /// Its number, as `e_machine` has it.
    Other(u16),
}

type Header = elf::FileHeader64<Endianness>;

impl Elf {
    pub(super) fn read(file: &[u8]) -> Result<Self, Failure> {
        read(file).map_err(|error| Failure::new(format!("what was built is no 64-bit program for Linux: {error}")))
    }

    /// Whether it brings all that it needs.
    pub(super) fn is_static(&self) -> bool {
        self.interpreter.is_none() && self.libraries.is_empty()
    }
}

fn read(file: &[u8]) -> object::read::Result<Elf> {
    let header = Header::parse(file)?;
    let endian = header.endian()?;
    let machine = match header.e_machine(endian) {
        elf::EM_X86_64 => Machine::X86_64,
        elf::EM_AARCH64 => Machine::Aarch64,
        other => Machine::Other(other.0),
    };
    let (mut interpreter, mut level) = (None, 0);
    for segment in header.program_headers(endian, file)? {
        if let Some(path) = segment.interpreter(endian, file)? {
            interpreter = Some(String::from_utf8_lossy(path).into_owned());
        }
        let Some(mut notes) = segment.notes(endian, file)? else { continue };
        while let Some(note) = notes.next()? {
            let Some(mut properties) = note.gnu_properties(endian).filter(|_| machine == Machine::X86_64) else { continue };
            while let Some(property) = properties.next()? {
                if property.pr_type() == elf::GNU_PROPERTY_X86_ISA_1_NEEDED {
                    // One bit for each level, the lowest for the first.
                    level = level.max(u32::BITS - property.data_u32(endian)?.leading_zeros());
                }
            }
        }
    }
    let sections = header.sections(endian, file)?;
    let (mut libraries, table) = (Vec::new(), sections.dynamic_table(endian, file)?);
    for entry in table.iter().filter(|entry| entry.tag == elf::DT_NEEDED) {
        libraries.push(String::from_utf8_lossy(table.string(entry)?).into_owned());
    }
    Ok(Elf { machine, interpreter, libraries, glibc: glibc(endian, file, &sections)?, level })
}

fn glibc(endian: Endianness, file: &[u8], sections: &SectionTable<'_, Header>) -> object::read::Result<Option<Glibc>> {
    let Some((mut files, link)) = sections.gnu_verneed(endian, file)? else { return Ok(None) };
    let strings = sections.strings(endian, file, link)?;
    let mut highest = None;
    while let Some((_, mut versions)) = files.next()? {
        while let Some(version) = versions.next()? {
            // What is only used if it is there may be missing.
            if version.vna_flags.get(endian).contains(elf::VER_FLG_WEAK) {
                continue;
            }
            highest = highest.max(version_of(version.name(endian, strings)?));
        }
    }
    Ok(highest)
}

/// The glibc that first had this version of a symbol, such as `GLIBC_2.34`.
fn version_of(name: &[u8]) -> Option<Glibc> {
    let name = std::str::from_utf8(name).ok()?.strip_prefix("GLIBC_")?;
    match name {
        // Relative relocations in their packed form: https://sourceware.org/glibc/wiki/Release/2.36
        "ABI_DT_RELR" => Some(Glibc(2, 36)),
        _ => Glibc::read(name),
    }
}

#[cfg(test)]
mod tests {
    use super::{made::Made, *};

    #[test]
    fn what_a_program_needs_is_in_its_file() {
        let made = Made {
            interpreter: Some("/lib64/ld-linux-x86-64.so.2"),
            libraries: &["libc.so.6", "libssl.so.3"],
            versions: &[("GLIBC_2.2.5", false), ("GLIBC_2.34", false), ("GLIBC_2.4", false), ("OPENSSL_3.0.0", false)],
            isa: Some(0b111),
            ..Made::default()
        };
        let elf = Elf::read(&made.bytes()).unwrap();
        let expected = Elf {
            machine: Machine::X86_64,
            interpreter: Some("/lib64/ld-linux-x86-64.so.2".into()),
            libraries: vec!["libc.so.6".into(), "libssl.so.3".into()],
            glibc: Some(Glibc(2, 34)),
            level: 3,
        };
        assert_eq!(elf, expected);
        assert!(!elf.is_static());
    }

    #[test]
    fn a_static_program_needs_nothing() {
        let elf = Elf::read(&Made::default().bytes()).unwrap();
        let expected = Elf { machine: Machine::X86_64, interpreter: None, libraries: Vec::new(), glibc: None, level: 0 };
        assert_eq!(elf, expected);
        assert!(elf.is_static());
    }

    #[test]
    fn the_processor_is_the_one_it_was_built_for() {
        let machine = |machine| Elf::read(&Made { machine, ..Made::default() }.bytes()).unwrap().machine;
        assert_eq!(machine(183), Machine::Aarch64);
        // RISC-V.
        assert_eq!(machine(243), Machine::Other(243));
    }

    #[test]
    fn a_version_counts_that_the_loader_looks_for() {
        let glibc = |versions: &'static [(&'static str, bool)]| {
            let libraries = &["libc.so.6"];
            Elf::read(&Made { libraries, versions, ..Made::default() }.bytes()).unwrap().glibc
        };
        assert_eq!(glibc(&[("GLIBC_2.17", false), ("GLIBC_2.39", true)]), Some(Glibc(2, 17)));
        assert_eq!(glibc(&[("GLIBC_2.17", false), ("GLIBC_ABI_DT_RELR", false)]), Some(Glibc(2, 36)));
        assert_eq!(glibc(&[("GLIBC_PRIVATE", false), ("GCC_3.0", false)]), None);
    }

    /// What the linker of this machine makes of a test, which is not linked statically.
    #[test]
    #[cfg(all(target_os = "linux", target_env = "gnu", target_arch = "x86_64"))]
    fn a_real_program_is_read() {
        let elf = Elf::read(&std::fs::read(std::env::current_exe().unwrap()).unwrap()).unwrap();
        assert_eq!(elf.machine, Machine::X86_64);
        assert!(elf.libraries.contains(&"libc.so.6".to_owned()), "{elf:?}");
        assert!(elf.interpreter.is_some() && elf.glibc >= Some(Glibc(2, 2)), "{elf:?}");
    }

    #[test]
    fn what_is_no_program_for_linux_is_told() {
        let whole = Made { libraries: &["libc.so.6"], versions: &[("GLIBC_2.2.5", false)], ..Made::default() }.bytes();
        for length in 0..whole.len() {
            // Cut off anywhere, it is an error or fewer needs, and never the end of the process.
            let _ = Elf::read(&whole[..length]);
        }
        for bytes in [b"".as_slice(), b"MZ", b"\xcf\xfa\xed\xfe", &whole[..16]] {
            let failure = Elf::read(bytes).unwrap_err().to_string();
            assert!(failure.starts_with("what was built is no 64-bit program for Linux"), "{failure}");
        }
    }
}
