use super::triple::Triple;

/// What to do about a build that failed for want of something on this machine, from what Cargo and the compiler said; `None` if
/// the program itself is to be mended, which they have said themselves.
pub(super) fn advice(said: &str, triple: &Triple, machine: &str) -> Option<String> {
    let no_linker = said.contains("error: linker `") && said.contains("` not found");
    let no_compiler = said.contains("failed to find tool");
    let no_link = said.contains("error: linking with `");
    if said.contains("can't find crate for `std`") {
        return Some(format!("the target `{0}` is not installed; run: rustup target add {0}", triple.name()));
    }
    if triple.name() != machine && (no_linker || no_compiler || no_link) {
        let what = if no_compiler { "compile C" } else { "link programs" };
        return Some(format!(
            "this machine cannot {what} for `{}`; run: pip install cargo-zigbuild (or cargo install cargo-zigbuild, and install Zig)",
            triple.name()
        ));
    }
    if no_linker || no_compiler {
        return Some(
            "this machine has no C compiler to link programs with; install one, on Debian by: apt install gcc libc6-dev".into(),
        );
    }
    if no_link && (said.contains("cannot find -l") || said.contains("unable to find library -l")) {
        let musl = triple.name().replace("-gnu", "-musl");
        return Some(format!(
            "a library to link statically is missing, as Cargo said; on Fedora glibc's own is: dnf install glibc-static; or run: \
             rustup target add {musl}, and build with `--target {musl}`"
        ));
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    const MACHINE: &str = "x86_64-unknown-linux-gnu";

    fn on(target: &str, said: &str) -> Option<String> {
        advice(said, &Triple::read(target).unwrap(), MACHINE)
    }

    #[test]
    fn what_is_missing_is_named() {
        let std = "error[E0463]: can't find crate for `std`\n  = note: the target may not be installed\n";
        let advice = on("x86_64-unknown-linux-musl", std).unwrap();
        assert!(advice.ends_with("rustup target add x86_64-unknown-linux-musl"), "{advice}");
        let compiler = "error occurred in cc-rs: failed to find tool \"aarch64-linux-musl-gcc\": No such file\n";
        assert!(on("aarch64-unknown-linux-musl", compiler).unwrap().starts_with("this machine cannot compile C for `aarch64"));
        let linker = "error: linker `aarch64-linux-gnu-gcc` not found\n";
        let failed = "error: linking with `cc` failed: exit status: 1\n  incompatible with elf64-x86-64\n";
        for said in [linker, failed] {
            assert!(on("aarch64-unknown-linux-gnu", said).unwrap().contains("pip install cargo-zigbuild"));
        }
    }

    #[test]
    fn at_home_another_thing_is_missing() {
        assert!(on(MACHINE, "error: linker `cc` not found\n").unwrap().contains("apt install gcc"));
        let library = "error: linking with `cc` failed: exit status: 1\n  /usr/bin/ld: cannot find -lc: No such file\n";
        assert!(on(MACHINE, library).unwrap().contains("`--target x86_64-unknown-linux-musl`"));
    }

    #[test]
    fn a_mistake_in_the_program_has_been_told() {
        assert_eq!(on(MACHINE, "error[E0425]: cannot find value `x` in this scope\n"), None);
        assert_eq!(on(MACHINE, "error: linking with `cc` failed: exit status: 1\n  undefined reference to `x`\n"), None);
        assert_eq!(on("aarch64-unknown-linux-gnu", "error[E0425]: cannot find value `x` in this scope\n"), None);
    }
}
