//! `cargo polyfn build`, as a person runs it, on a program that takes a second to build.

#![cfg(all(target_os = "linux", target_env = "gnu", target_arch = "x86_64"))]
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "what a test needs and does not find fails the test")]

mod shop;
mod zipped;

use std::{
    collections::BTreeMap,
    fs,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    process::Command,
};

use object::read::elf::{FileHeader, ProgramHeader};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use shop::{Ran, Shop};
use zipped::zip;

fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Every file below a folder, with its bytes.
fn files(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut files = BTreeMap::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files.extend(self::files(&path).into_iter().map(|(below, bytes)| (folder.join(below), bytes)));
        } else {
            files.insert(path.clone(), fs::read(path).unwrap());
        }
    }
    files
}

/// The same by their paths within it.
fn below(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    files(folder).into_iter().map(|(path, bytes)| (path.strip_prefix(folder).unwrap().to_owned(), bytes)).collect()
}

/// The loader that a program asks for.
fn interpreter(program: &[u8]) -> Option<String> {
    let header = object::elf::FileHeader64::<object::Endianness>::parse(program).unwrap();
    let endian = header.endian().unwrap();
    let mut segments = header.program_headers(endian, program).unwrap().iter();
    segments
        .find_map(|segment| segment.interpreter(endian, program).unwrap())
        .map(|path| String::from_utf8(path.to_vec()).unwrap())
}

/// The configuration of an image.
fn config(shop: &Shop, provider: &str, unit: &str) -> Value {
    let read = |path: &str| -> Value { serde_json::from_slice(&shop.read(provider, &format!("{unit}/{path}"))).unwrap() };
    let blob = |digest: &Value| format!("blobs/{}", digest.as_str().unwrap().replace(':', "/"));
    let manifest = read(&blob(&read("index.json")["manifests"][0]["digest"]));
    read(&blob(&manifest["config"]["digest"]))
}

#[track_caller]
fn refused(ran: &Ran, code: i32, error: &str) {
    assert_eq!(ran.code, Some(code), "{ran:?}");
    assert!(ran.error().contains(error), "{ran:?}");
}

#[test]
fn a_zip_for_lambda_is_the_same_wherever_it_is_built() {
    let (shop, other) = (Shop::new("lambda"), Shop::new("lambda elsewhere"));
    let ran = Ran::of(shop.thorough().args(["--provider", "aws"]).output().unwrap());
    assert_eq!(ran.code, Some(0), "{ran:?}");
    let bytes = shop.read("aws", "shop/bootstrap.zip");
    let entries = zip(&bytes);
    let (mode, program) = &entries["bootstrap"];
    assert_eq!((entries.len(), *mode), (1, 0o100_755));

    // Nobody sees a terminal's bar here. The table, and where to go on.
    assert!(!ran.err.contains('\u{1b}'), "{ran:?}");
    let lines: Vec<_> = ran.out.lines().collect();
    let line: Vec<_> = lines[1].split("  ").filter(|cell| !cell.is_empty()).map(str::trim).collect();
    let size = format!("{} kB", bytes.len() / 1000);
    assert_eq!(line, ["target/polyfn/aws/shop/bootstrap.zip", &size, &sha256(&bytes), "add, nightly"]);
    assert_eq!(lines[3], "`cargo polyfn manifest --provider aws` writes the manifests to polyfn/aws.");

    // What is in there is the program, which says nothing of this machine.
    let file = shop.folder().join("bootstrap");
    fs::write(&file, program).unwrap();
    fs::set_permissions(&file, fs::Permissions::from_mode(0o755)).unwrap();
    let said = String::from_utf8(Command::new(&file).output().unwrap().stdout).unwrap();
    assert!(said.contains("from src/main.rs and target/") && said.contains("/out/written.rs, function None"), "{said}");
    let here = shop.folder().to_str().unwrap().as_bytes();
    assert!(!program.windows(here.len()).any(|bytes| bytes == here));

    assert_eq!(interpreter(program).as_deref(), Some("/lib64/ld-linux-x86-64.so.2"));

    let elsewhere = Ran::of(other.thorough().args(["--provider", "aws"]).output().unwrap());
    assert_eq!(elsewhere.code, Some(0), "{elsewhere:?}");
    assert_eq!(sha256(&other.read("aws", "shop/bootstrap.zip")), sha256(&bytes));

    // Another time is other bytes, and the same program.
    other.write("polyfn/aws/template.yaml", "");
    let dated = Ran::of(other.thorough().args(["--provider", "aws"]).env("SOURCE_DATE_EPOCH", "1709210096").output().unwrap());
    assert_eq!(dated.code, Some(0), "{dated:?}");
    assert!(dated.out.ends_with("\nThe manifests are in polyfn/aws.\n"), "{dated:?}");
    let dated = other.read("aws", "shop/bootstrap.zip");
    assert_ne!(dated, bytes);
    assert_eq!(zip(&dated), entries);
}

#[test]
fn an_image_is_the_same_wherever_it_is_built_and_needs_nothing() {
    let (shop, other) = (Shop::new("image"), Shop::new("image elsewhere"));
    for shop in [&shop, &other] {
        let ran = shop.build(&["--provider", "container"]);
        assert_eq!(ran.code, Some(0), "{ran:?}");
        assert!(
            ran.out.contains("target/polyfn/container/shop ") && ran.out.contains("target/polyfn/container/shop.tar "),
            "{ran:?}"
        );
    }
    let out = shop.out("container");
    assert_eq!(below(&out).keys().collect::<Vec<_>>(), below(&other.out("container")).keys().collect::<Vec<_>>());
    assert!(below(&out) == below(&other.out("container")));

    let config = config(&shop, "container", "shop");
    assert_eq!(config["config"]["Entrypoint"], json!(["/app/shop"]));
    assert_eq!(config["config"]["Env"][0], "POLYFN_PROVIDER=container");
    let labels = json!({
        "org.opencontainers.image.created": "1970-01-01T00:00:00Z", "org.opencontainers.image.description": "A \"shop\"",
        "org.opencontainers.image.licenses": "MIT", "org.opencontainers.image.title": "shop", "org.opencontainers.image.version": "1.2.0",
    });
    assert_eq!(config["config"]["Labels"], labels);
    assert!(fs::read_to_string(out.join("Dockerfile")).unwrap().contains("FROM scratch AS shop\n"));

    // No loader is named in it, and it runs.
    let program = out.join("Dockerfile.root/app/shop");
    assert_eq!(fs::metadata(&program).unwrap().permissions().mode() & 0o777, 0o755);
    assert_eq!(interpreter(&fs::read(&program).unwrap()), None);
    assert!(Command::new(&program).output().unwrap().status.success());
    assert_eq!(fs::metadata(out.join("Dockerfile.root/tmp")).unwrap().permissions().mode() & 0o7777, 0o1777);
}

#[test]
fn each_function_can_be_a_unit_of_its_own() {
    let shop = Shop::new("split");
    let ran = shop.build(&["--provider", "gcp", "--split"]);
    assert_eq!(ran.code, Some(0), "{ran:?}");
    for function in ["add", "nightly"] {
        let env = &config(&shop, "gcp", function)["config"]["Env"];
        assert_eq!(env.as_array().unwrap().last().unwrap(), &format!("POLYFN_FUNCTION={function}"));
        assert!(shop.out("gcp").join(format!("{function}.tar")).is_file());
    }
    let main = fs::metadata(shop.out("gcp").join("source/main")).unwrap();
    assert_eq!(main.permissions().mode() & 0o777, 0o755);
    let dockerfile = String::from_utf8(shop.read("gcp", "Dockerfile")).unwrap();
    assert!(dockerfile.contains("FROM scratch AS add\n") && dockerfile.contains("FROM scratch AS nightly\n"), "{dockerfile}");

    // One of them alone, where the others are not to answer.
    let out = shop.folder().join("one");
    let ran = shop.build(&["--provider", "gcp", "--function", "add", "--out", out.to_str().unwrap()]);
    assert_eq!(ran.code, Some(0), "{ran:?}");
    assert!(ran.out.lines().nth(1).is_some_and(|line| line.starts_with("one/shop ") && line.ends_with("  add")), "{ran:?}");
    assert!(fs::read_to_string(out.join("Dockerfile")).unwrap().contains("ENV POLYFN_FUNCTION=add\n"));
}

#[test]
fn a_function_app_holds_a_folder_for_each_function() {
    let shop = Shop::new("azure");
    let ran = shop.build(&["--provider", "azure"]);
    assert_eq!(ran.code, Some(0), "{ran:?}");
    let entries = zip(&shop.read("azure", "shop.zip"));
    let modes: Vec<_> = entries.iter().map(|(name, (mode, _))| (name.as_str(), *mode)).collect();
    assert_eq!(
        modes,
        [
            ("add/function.json", 0o100_644),
            ("handler", 0o100_755),
            ("host.json", 0o100_644),
            ("nightly/function.json", 0o100_644),
        ]
    );
    let read = |name: &str| -> Value { serde_json::from_slice(&entries[name].1).unwrap() };
    assert_eq!(read("host.json")["customHandler"]["description"]["defaultExecutablePath"], "handler");
    assert_eq!(read("nightly/function.json")["bindings"][0]["type"], "timerTrigger");

    let ran = shop.build(&["--provider", "azure", "--split", "--function", "nightly"]);
    assert_eq!(ran.code, Some(0), "{ran:?}");
    let names: Vec<_> = zip(&shop.read("azure", "nightly.zip")).into_keys().collect();
    assert_eq!(names, ["handler", "host.json", "nightly/function.json"]);
    assert!(!shop.out("azure").join("add.zip").exists());
}

#[test]
fn what_cannot_be_built_is_one_line() {
    let shop = Shop::new("refused");
    refused(
        &shop.build(&["--provider", "aws", "--function", "subtract"]),
        2,
        "no function `subtract` in `shop`; there are `add`, `nightly`",
    );
    refused(&shop.build(&["--provider", "aws", "--features", "local"]), 2, "the feature `local` is another provider's");
    refused(&shop.build(&["--provider", "gcp", "--target", "aarch64-unknown-linux-musl"]), 2, "gcp runs x86_64 programs only");
    refused(
        &shop.build(&["--provider", "aws", "--target", "x86_64-sun-linux-gnu"]),
        2,
        "rustc knows no target `x86_64-sun-linux-gnu`",
    );
    let missing = "x86_64-unknown-linux-gnux32";
    refused(
        &shop.build(&["--provider", "aws", "--target", missing]),
        1,
        &format!("not installed; run: rustup target add {missing}"),
    );
    let dated = shop.command().args(["--provider", "aws"]).env("SOURCE_DATE_EPOCH", "now").output().unwrap();
    refused(&Ran::of(dated), 2, "SOURCE_DATE_EPOCH is no number of seconds");
    let linked =
        shop.command().args(["--provider", "container"]).env("RUSTFLAGS", "-Ctarget-feature=-crt-static").output().unwrap();
    refused(&Ran::of(linked), 1, "the image holds nothing but the program; build it for `--target x86_64-unknown-linux-musl`");
    // Without Zig, whatever this machine has.
    let path = std::env::var_os("PATH").unwrap();
    let path =
        std::env::join_paths(std::env::split_paths(&path).filter(|folder| !folder.join("cargo-zigbuild").exists())).unwrap();
    let zig = shop
        .command()
        .args(["--provider", "aws", "--target", "x86_64-unknown-linux-gnu.2.17"])
        .env("PATH", path)
        .output()
        .unwrap();
    refused(&Ran::of(zig), 1, "run: pip install cargo-zigbuild");

    // A mistake in the program, which the compiler has explained.
    shop.write("src/main.rs", "fn main() { nothing() }");
    let ran = shop.build(&["--provider", "aws"]);
    refused(&ran, 1, "the program does not build");
    assert!(ran.err.contains("error[E0425]"), "{ran:?}");

    shop.edit("local = [\"polyfn/local\"]", "local = []");
    shop.edit("default-features = false }", "default-features = true }");
    refused(&shop.build(&["--provider", "aws"]), 1, "`shop` would hold local besides aws");
    shop.edit("aws = [\"polyfn/aws\"]\n", "");
    shop.edit("[\"aws\", \"local\"]", "[]");
    refused(&shop.build(&["--provider", "aws"]), 1, "`shop` has no feature `aws`");
    // No network is needed to tell that it is missed.
    shop.edit("[dependencies]\n", "[dependencies]\nno-such-crate-anywhere = \"1\"\n");
    let ran = shop.build(&["--provider", "azure"]);
    refused(&ran, 1, "cargo cannot read the workspace");
    assert!(ran.err.contains("no-such-crate-anywhere"), "{ran:?}");
    assert!(!shop.folder().join("target/polyfn").exists());
}

#[test]
fn a_program_without_functions_is_refused() {
    let shop = Shop::new("none");
    shop.carries("");
    refused(&shop.build(&["--provider", "aws"]), 1, "`shop` has no functions; put `#[function]` on one");
    shop.write("polyfn/carried", "nothing");
    refused(&shop.build(&["--provider", "aws"]), 1, "write its `main` with `polyfn::main!`");
    shop.edit("polyfn = { path = \"polyfn\", default-features = false }", "");
    for provider in ["aws", "gcp", "azure", "container", "local"] {
        shop.edit(&format!("\"polyfn/{provider}\""), "");
    }
    shop.edit("[workspace]", "[workspace]\nmembers = [\"polyfn\"]");
    refused(&shop.build(&["--provider", "aws", "--package", "shop"]), 1, "`shop` does not use polyfn");
    assert!(!shop.folder().join("target/polyfn").exists());
}

/// A limit on the size of files stands for a disk without space: a write fails half-way.
#[test]
fn no_space_left_leaves_no_half_written_artefact() {
    let shop = Shop::new("space");
    assert_eq!(shop.build(&["--provider", "container"]).code, Some(0));
    let before = below(&shop.out("container"));
    shop.carries(r#"{"name":"add","module":"shop","trigger":"direct"}"#);
    let out = shop.folder().join("elsewhere");
    assert_eq!(shop.build(&["--provider", "container", "--out", out.to_str().unwrap()]).code, Some(0));

    // The program is there; of the image, 200 blocks of 512 bytes can be written. Rust is not ended by the signal for it.
    let script = "trap '' XFSZ; ulimit -f 200; exec \"$0\" polyfn build --offline --provider container";
    let mut limited = shop.command_of("sh");
    let ran = Ran::of(limited.args(["-c", script, env!("CARGO_BIN_EXE_cargo-polyfn")]).output().unwrap());
    refused(&ran, 1, "cannot write ");
    assert!(ran.error().contains("File too large"), "{ran:?}");
    assert!(below(&shop.out("container")) == before);
}
