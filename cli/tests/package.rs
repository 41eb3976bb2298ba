//! What `cargo polyfn build` makes of a real program, `hello`: read by other tools, unpacked, and run as its host would run it.

#![cfg(all(target_os = "linux", target_env = "gnu", target_arch = "x86_64"))]
#![expect(clippy::unwrap_used, clippy::panic, reason = "what a test needs and does not find fails the test")]

mod zipped;

use std::{
    fs,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    process::Command,
    sync::Arc,
};

use bytes::Bytes;
use http::Request;
use polyfn_shim::local::{
    Process as _, Program,
    azure::host::{Files, Handler},
};
use polyfn_tests::{Process, RuntimeApi, free_port, get, post};
use serde_json::Value;
use zipped::zip;

/// The root of the workspace.
fn workspace() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap()
}

/// An empty folder.
fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("package-{name}"));
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    folder
}

/// Runs a program of this machine, and gives back what it printed.
fn ran(command: &mut Command) -> String {
    let output = command.output().unwrap_or_else(|error| panic!("{command:?}: {error}"));
    assert!(output.status.success(), "{command:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// Builds `hello` of this workspace or a copy of it; gives back what the command printed.
fn build(workspace: &Path, provider: &str, out: &Path) -> String {
    let mut command = Command::new(env!("CARGO_BIN_EXE_cargo-polyfn"));
    command.args(["polyfn", "build", "--package", "hello", "--provider", provider, "--out"]).arg(out);
    command.current_dir(workspace).env_remove("RUSTFLAGS").env_remove("SOURCE_DATE_EPOCH");
    quick(&mut command);
    ran(&mut command)
}

/// Whole-program optimization takes minutes, and changes neither what is packed nor whether it is the same twice.
fn quick(command: &mut Command) {
    command.env("CARGO_PROFILE_POLYFN_RELEASE_LTO", "off").env("CARGO_PROFILE_POLYFN_RELEASE_CODEGEN_UNITS", "16");
}

/// Unpacks an artefact, as the host does that keeps modes.
fn unpacked(artefact: &Path, folder: &Path) {
    for (name, (mode, bytes)) in zip(&fs::read(artefact).unwrap()) {
        let path = folder.join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, bytes).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(mode & 0o777)).unwrap();
    }
}

#[test]
#[ignore = "needs skopeo, umoci and root; builds `hello` with all optimizations"]
fn an_image_is_read_by_other_tools_and_its_root_is_enough() {
    let out = folder("container");
    let table = build(workspace(), "container", &out);
    let (layout, tar) = (format!("oci:{}:latest", out.join("hello").display()), out.join("hello.tar"));
    let inspect = |image: &str| -> Value { serde_json::from_str(&ran(Command::new("skopeo").args(["inspect", image]))).unwrap() };
    let inspected = inspect(&layout);
    let digest = inspected["Digest"].as_str().and_then(|digest| digest.strip_prefix("sha256:")).unwrap();
    assert!(table.lines().any(|line| line.contains("/hello  ") && line.contains(digest)), "{digest} is not in\n{table}");
    assert_eq!((&inspected["Architecture"], &inspected["Os"]), (&"amd64".into(), &"linux".into()));
    assert_eq!(inspected["Labels"]["org.opencontainers.image.title"], "hello");
    // The tar is both what OCI has and what Docker has.
    assert_eq!(inspect(&format!("oci-archive:{}", tar.display()))["Digest"], inspected["Digest"]);
    assert_eq!(inspect(&format!("docker-archive:{}", tar.display()))["Env"], inspected["Env"]);
    let copied = out.join("copied.tar");
    let to = format!("docker-archive:{}", copied.display());
    ran(Command::new("skopeo").args(["copy", "--insecure-policy", &layout, &to]));
    assert_eq!(inspect(&to)["Env"], inspected["Env"]);

    let bundle = out.join("bundle");
    ran(Command::new("umoci").arg("unpack").arg("--image").arg(format!("{}:latest", out.join("hello").display())).arg(&bundle));
    let config: Value = serde_json::from_slice(&fs::read(bundle.join("config.json")).unwrap()).unwrap();
    assert_eq!((&config["process"]["user"]["uid"], &config["process"]["args"][0]), (&65_532.into(), &"/app/hello".into()));
    let (root, port) = (bundle.join("rootfs").to_str().unwrap().to_owned(), free_port().to_string());
    let env = inspected["Env"].as_array().unwrap().iter().map(|variable| variable.as_str().unwrap().split_once('=').unwrap());
    let env: Vec<_> = env.map(|(name, value)| (name, if name == "PORT" { port.as_str() } else { value })).collect();
    let port = port.parse().unwrap();
    let chroot = ["--userspec=65532:65532", &root, "/app/hello"];
    let mut process = Process::start_with("/usr/sbin/chroot", &chroot, &env).listening_on(port);
    assert_eq!(get(port, "/hello/Ada").text(), "Hello, Ada!");
    assert_eq!(post(port, "/add", "[40,2]").text(), "42");
    process.terminate();
    assert!(process.exit().success());
    reproduced(&out);
}

/// The same sources in another folder, built into another folder, are the same image.
fn reproduced(out: &Path) {
    let elsewhere = folder("elsewhere");
    let copy = elsewhere.join("a clone");
    copied(workspace(), &copy);
    let other = elsewhere.join("out");
    let mut command = Command::new(env!("CARGO_BIN_EXE_cargo-polyfn"));
    command.args(["polyfn", "build", "--package", "hello", "--provider", "container", "--out"]).arg(&other);
    command.current_dir(&copy).env_remove("RUSTFLAGS").env_remove("SOURCE_DATE_EPOCH").env_remove("CARGO_TARGET_DIR");
    quick(&mut command);
    ran(&mut command);
    assert!(
        fs::read(out.join("hello.tar")).unwrap() == fs::read(other.join("hello.tar")).unwrap(),
        "other bytes in {}",
        other.display()
    );
    fs::remove_dir_all(&elsewhere).unwrap();
}

/// Copies a folder without what Cargo and git keep in it.
fn copied(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let (path, name) = (entry.path(), entry.file_name());
        if path.is_dir() && name != "target" && name != ".git" {
            copied(&path, &to.join(name));
        } else if path.is_file() {
            fs::copy(&path, to.join(name)).unwrap();
        }
    }
}

#[test]
#[ignore = "builds `hello` for Lambda, and needs AWS's Runtime Interface Emulator: POLYFN_RIE is its path"]
fn a_zip_for_lambda_holds_what_lambda_starts() {
    let out = folder("aws");
    build(workspace(), "aws", &out);
    unpacked(&out.join("hello/bootstrap.zip"), &out.join("task"));
    let bootstrap = out.join("task/bootstrap");

    let mut api = RuntimeApi::start();
    let env = api.env();
    let env: Vec<_> = env.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let _process = Process::start(&bootstrap, &env);
    assert_eq!(api.invoke(b"[40,2]").message.text(), "42");

    let emulator = std::env::var("POLYFN_RIE").unwrap_or_else(|_| panic!("POLYFN_RIE is not set"));
    let (port, api) = (free_port(), free_port());
    let (address, api) = (format!("127.0.0.1:{port}"), format!("127.0.0.1:{api}"));
    let arguments = [
        "--runtime-interface-emulator-address",
        &address,
        "--runtime-api-address",
        &api,
        "--log-level",
        "warn",
        bootstrap.to_str().unwrap(),
        "bootstrap",
    ];
    let _emulator = Process::start_with(emulator, &arguments, &[("AWS_LAMBDA_FUNCTION_NAME", "hello")]).listening_on(port);
    assert_eq!(post(port, "/2015-03-31/functions/function/invocations", "[40,2]").text(), "42");
}

#[tokio::test]
#[ignore = "builds `hello` for Azure"]
async fn a_function_app_holds_what_its_host_json_names() {
    let out = folder("azure");
    build(workspace(), "azure", &out);
    let root = out.join("wwwroot");
    unpacked(&out.join("hello.zip"), &root);
    let host: Value = serde_json::from_slice(&fs::read(root.join("host.json")).unwrap()).unwrap();
    let path = root.join(host["customHandler"]["description"]["defaultExecutablePath"].as_str().unwrap());

    // The emulated host, with the declarations of the package.
    let declared = ["hello", "add"].map(|name| {
        let file = fs::read_to_string(root.join(name).join("function.json")).unwrap();
        (name.to_owned(), file)
    });
    let files = Files::write(declared, host["extensions"]["http"]["routePrefix"].as_str().unwrap()).unwrap();
    let handler = Handler::new(Program { path, arguments: Vec::new(), env: Vec::new(), lines: Arc::new(|_| {}) }, files);
    let request = Request::get("/api/hello/Ada").header("x-azure-functions-invocationid", "1").body(Bytes::new()).unwrap();
    let response = handler.deliver(request).await.unwrap();
    assert_eq!((response.status().as_u16(), &response.body()[..]), (200, b"Hello, Ada!".as_slice()));
    handler.stop().await;
}
