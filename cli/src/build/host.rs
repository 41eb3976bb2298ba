use super::{
    elf::{Elf, Machine},
    triple::{Glibc, Processor, Triple},
};
use crate::{failure::Failure, target::Target};

/// What a program finds where it will run.
struct Host {
    name: &'static str,
    /// Its glibc; none where the image holds the program and nothing else.
    glibc: Option<Glibc>,
}

/// What Lambda and Azure have to link with: glibc's own libraries, and the one that Rust unwinds with.
const LIBRARIES: [&str; 9] = [
    "libc.so.6",
    "libm.so.6",
    "libdl.so.2",
    "libpthread.so.0",
    "librt.so.1",
    "libutil.so.1",
    "libgcc_s.so.1",
    "ld-linux-x86-64.so.2",
    "ld-linux-aarch64.so.1",
];

impl Host {
    fn of(target: Target) -> Self {
        let (name, glibc) = match target {
            // https://docs.aws.amazon.com/linux/al2023/ug/core-glibc.html
            Target::Aws => ("Lambda's provided.al2023", Some(Glibc(2, 34))),
            // The oldest of the images in https://github.com/Azure/azure-functions-docker/tree/dev/host/4 is of Debian 11.
            Target::Azure => ("Azure's host on Debian 11", Some(Glibc(2, 31))),
            Target::Gcp | Target::Container => ("the image", None),
        };
        Self { name, glibc }
    }
}

/// Whether the program is to bring its C library along. Only Lambda promises one.
pub(super) fn is_static(target: Target) -> bool {
    target != Target::Aws
}

/// Whether the host can run the program.
///
/// # Errors
/// If it cannot, with what to do about it.
pub(super) fn accepts(target: Target, triple: &Triple, processor: Processor, elf: &Elf) -> Result<(), Failure> {
    let machine = match processor {
        Processor::X86_64 => Machine::X86_64,
        Processor::Aarch64 => Machine::Aarch64,
    };
    if elf.machine != machine {
        return Err(Failure::new(format!(
            "the program is for {}, not for {triple}; look for a `linker` or a wrapper of rustc in your Cargo configuration",
            elf.machine
        )));
    }
    // https://docs.aws.amazon.com/lambda/latest/dg/runtimes-avx2.html promises the third level, and nobody the fourth. Who runs
    // containers may know better.
    if elf.level > 3 && target != Target::Container {
        return Err(Failure::new(format!(
            "the program needs a processor of level x86-64-v{}, and {} promises none; build it without `-march=x86-64-v{0}` \
             or `-z x86-64-v{0}`",
            elf.level,
            target.as_str()
        )));
    }
    if elf.is_static() {
        return Ok(());
    }
    let host = Host::of(target);
    let musl = format!("build it for `--target {}-unknown-linux-musl`", processor.as_str());
    let Some(glibc) = host.glibc else {
        let libraries = if elf.libraries.is_empty() { "a loader".to_owned() } else { elf.libraries.join(", ") };
        return Err(Failure::new(format!(
            "the program needs {libraries}, and {} holds nothing but the program; {musl}",
            host.name
        )));
    };
    let loader = match processor {
        Processor::X86_64 => "/lib64/ld-linux-x86-64.so.2",
        Processor::Aarch64 => "/lib/ld-linux-aarch64.so.1",
    };
    if let Some(interpreter) = elf.interpreter.as_ref().filter(|interpreter| *interpreter != loader) {
        return Err(Failure::new(format!("the program is started by {interpreter}, which {} does not have; {musl}", host.name)));
    }
    if let Some(library) = elf.libraries.iter().find(|library| !LIBRARIES.contains(&library.as_str())) {
        return Err(Failure::new(format!(
            "the program needs {library}, which {} does not have; link it statically, which many crates have a feature for, such as \
             `vendored` or `bundled`",
            host.name
        )));
    }
    match elf.glibc {
        Some(needed) if needed > glibc => Err(Failure::new(format!(
            "the program needs glibc {needed}, and {} has {glibc}; {musl}, or with cargo-zigbuild for `--target {}.{glibc}`",
            host.name,
            triple.name()
        ))),
        _ => Ok(()),
    }
}

impl std::fmt::Display for Machine {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::X86_64 => f.write_str("x86_64"),
            Self::Aarch64 => f.write_str("aarch64"),
            Self::Other(number) => write!(f, "another processor (ELF machine {number})"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn dynamic() -> Elf {
        Elf {
            machine: Machine::X86_64,
            interpreter: Some("/lib64/ld-linux-x86-64.so.2".into()),
            libraries: vec!["libgcc_s.so.1".into(), "libc.so.6".into()],
            glibc: Some(Glibc(2, 31)),
            level: 0,
        }
    }

    fn alone() -> Elf {
        Elf { interpreter: None, libraries: Vec::new(), glibc: None, ..dynamic() }
    }

    fn on(target: Target, elf: &Elf) -> Result<(), String> {
        let triple = Triple::read("x86_64-unknown-linux-gnu").unwrap();
        accepts(target, &triple, Processor::X86_64, elf).map_err(|failure| failure.to_string())
    }

    #[test]
    fn what_brings_all_it_needs_runs_everywhere() {
        for target in Target::ALL {
            assert_eq!(on(target, &alone()), Ok(()));
        }
    }

    #[test]
    fn an_image_with_nothing_else_takes_a_static_program_alone() {
        for target in [Target::Gcp, Target::Container] {
            let refused = on(target, &dynamic()).unwrap_err();
            assert_eq!(
                refused,
                "the program needs libgcc_s.so.1, libc.so.6, and the image holds nothing but the program; \
                 build it for `--target x86_64-unknown-linux-musl`"
            );
        }
        assert_eq!(on(Target::Aws, &dynamic()), Ok(()));
        assert_eq!(on(Target::Azure, &dynamic()), Ok(()));
    }

    #[test]
    fn the_host_has_to_have_the_glibc() {
        let newer = |glibc| Elf { glibc: Some(glibc), ..dynamic() };
        assert_eq!(on(Target::Aws, &newer(Glibc(2, 34))), Ok(()));
        let refused = on(Target::Aws, &newer(Glibc(2, 35))).unwrap_err();
        assert_eq!(
            refused,
            "the program needs glibc 2.35, and Lambda's provided.al2023 has 2.34; build it for `--target x86_64-unknown-linux-musl`, \
             or with cargo-zigbuild for `--target x86_64-unknown-linux-gnu.2.34`"
        );
        assert!(on(Target::Azure, &newer(Glibc(2, 32))).unwrap_err().contains("Azure's host on Debian 11 has 2.31"));
    }

    #[test]
    fn the_processor_is_the_targets() {
        let refused = on(Target::Aws, &Elf { machine: Machine::Aarch64, ..alone() }).unwrap_err();
        assert!(refused.starts_with("the program is for aarch64, not for x86_64-unknown-linux-gnu"), "{refused}");
        let triple = Triple::read("aarch64-unknown-linux-gnu").unwrap();
        let arm = Elf { machine: Machine::Aarch64, interpreter: Some("/lib/ld-linux-aarch64.so.1".into()), ..dynamic() };
        assert!(accepts(Target::Aws, &triple, Processor::Aarch64, &arm).is_ok());
        let refused = on(Target::Container, &Elf { machine: Machine::Other(243), ..alone() }).unwrap_err();
        assert!(refused.contains("another processor (ELF machine 243)"), "{refused}");
    }

    #[test]
    fn no_provider_promises_avx_512() {
        assert_eq!(on(Target::Container, &Elf { level: 4, ..alone() }), Ok(()));
        for target in [Target::Aws, Target::Gcp, Target::Azure] {
            assert_eq!(on(target, &Elf { level: 3, ..alone() }), Ok(()));
            let refused = on(target, &Elf { level: 4, ..alone() }).unwrap_err();
            assert!(refused.contains("a processor of level x86-64-v4"), "{refused}");
        }
    }

    #[test]
    fn a_loader_or_library_that_is_not_there_is_named() {
        for interpreter in ["/lib/ld-musl-x86_64.so.1", "/nix/store/a-glibc/lib/ld-linux-x86-64.so.2"] {
            let refused = on(Target::Aws, &Elf { interpreter: Some(interpreter.into()), ..dynamic() }).unwrap_err();
            assert!(refused.contains(&format!("started by {interpreter}, which Lambda's")), "{refused}");
        }
        let refused =
            on(Target::Azure, &Elf { libraries: vec!["libc.so.6".into(), "libssl.so.3".into()], ..dynamic() }).unwrap_err();
        assert!(refused.contains("the program needs libssl.so.3, which Azure's host"), "{refused}");
    }
}
