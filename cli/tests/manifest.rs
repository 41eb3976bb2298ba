//! `cargo polyfn manifest` on a real program: `inspect`, one of the examples.

#![expect(clippy::unwrap_used, reason = "what a test needs and does not find fails the test")]

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Output, Stdio},
};

/// A folder of a test's own, empty.
fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("manifest-{name}"));
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    folder
}

fn manifest(args: &[&str], out: &Path) -> Output {
    Command::new(env!("CARGO_BIN_EXE_cargo-polyfn"))
        .args(["polyfn", "manifest", "-p", "inspect", "--offline", "--out"])
        .arg(out)
        .args(args)
        .current_dir(Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap())
        .stdin(Stdio::null())
        .output()
        .unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

#[test]
fn what_a_program_says_becomes_files_with_the_users_edits() {
    let out = folder("overlay");
    let (template, overlay) = (out.join("aws/template.yaml"), out.join("aws/overlay.yaml"));
    let ran = manifest(&["--provider", "aws"], &out);
    assert!(ran.status.success(), "{}", text(&ran.stderr));
    let said = text(&ran.stdout);
    let workspace = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let told: Vec<_> = said.lines().map(|path| workspace.join(path)).collect();
    assert_eq!(told, [template.clone(), out.join("aws/fargate.yaml")]);
    let made = fs::read_to_string(&template).unwrap();
    assert!(made.starts_with("# Made by `cargo polyfn manifest --provider aws`"), "{made}");
    assert!(made.contains("ScheduleExpression: cron(* * * * ? *)") && made.contains("        # Writes down a tick.\n"), "{made}");
    // An edit, and one of what is not there any more.
    fs::write(&overlay, "template.yaml:\n  Resources:\n    InspectFunction:\n      Properties:\n        # Measured.\n        MemorySize: 1024\n        Layers: null\n").unwrap();
    let ran = manifest(&["--provider", "aws"], &out);
    assert!(ran.status.success());
    let told = text(&ran.stderr);
    assert!(
        told.contains("overlay.yaml: template.yaml: Resources.InspectFunction.Properties.Layers is not generated any more"),
        "{told}"
    );
    let edited = made.replace("      MemorySize: 256\n", "      # Measured.\n      MemorySize: 1024\n");
    assert_ne!(edited, made);
    assert_eq!(fs::read_to_string(&template).unwrap(), edited);
    // Without it all is as it was.
    fs::remove_file(&overlay).unwrap();
    assert!(manifest(&["--provider", "aws"], &out).status.success());
    assert_eq!(fs::read_to_string(&template).unwrap(), made);
    // One that cannot be read leaves what is there.
    fs::write(&overlay, "template.yaml: [").unwrap();
    let ran = manifest(&["--provider", "aws", "--split"], &out);
    assert_eq!(ran.status.code(), Some(1));
    assert!(text(&ran.stderr).contains("overlay.yaml: line 2: "), "{}", text(&ran.stderr));
    assert_eq!(fs::read_to_string(&template).unwrap(), made);
    let mut names: Vec<_> = fs::read_dir(out.join("aws")).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    names.sort();
    assert_eq!(names, ["fargate.yaml", "overlay.yaml", "template.yaml"]);
}

#[test]
fn a_program_is_split_on_request() {
    let out = folder("split");
    let ran = manifest(&["--provider", "aws", "--split"], &out);
    assert!(ran.status.success(), "{}", text(&ran.stderr));
    let made = fs::read_to_string(out.join("aws/template.yaml")).unwrap();
    assert_eq!(made.matches("Type: AWS::Serverless::Function").count(), 9);
    assert_eq!(made.matches("POLYFN_FUNCTION: ").count(), 9);
}

#[test]
fn it_says_what_it_takes() {
    let ran = manifest(&[], &folder("usage"));
    assert_eq!(ran.status.code(), Some(2));
    assert!(text(&ran.stderr).contains("--provider <PROVIDER>"), "{}", text(&ran.stderr));
}
