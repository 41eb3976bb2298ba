use serde_json::{Value, json};

use super::*;
use crate::build::content::Kind;

fn image() -> Image<'static> {
    let program = Program { name: "shop", bytes: b"\x7fELF" };
    let mut image = Image::new("Shop_Two", program, "container", Some("fulfil"));
    image.labels = BTreeMap::from([("org.opencontainers.image.title", "a \"$shop\"".to_owned())]);
    image
}

fn bytes<'a>(contents: &'a [Content<'_>], path: &str) -> &'a [u8] {
    match &contents.iter().find(|content| content.path == path).unwrap().kind {
        Kind::File(bytes) => bytes,
        Kind::Folder => panic!("{path} is a folder"),
    }
}

fn read(contents: &[Content<'_>], path: &str) -> Value {
    serde_json::from_slice(bytes(contents, path)).unwrap()
}

/// What a descriptor describes, which has the size and the digest that it says.
fn described<'a>(layout: &'a [Content<'_>], descriptor: &Value) -> &'a [u8] {
    let digest = descriptor["digest"].as_str().unwrap();
    let blob = bytes(layout, &format!("blobs/{}", digest.replace(':', "/")));
    assert_eq!(digest, format!("sha256:{}", Digest::of(blob)));
    assert_eq!(descriptor["size"], blob.len());
    blob
}

// OCI image layout specification 1.0: `oci-layout`, `index.json` and blobs by digest.
#[test]
fn the_layout_leads_from_its_index_to_every_blob() {
    let written = image().write().unwrap();
    assert_eq!(read(&written.layout, "oci-layout"), json!({"imageLayoutVersion": "1.0.0"}));
    let index = read(&written.layout, "index.json");
    assert_eq!((&index["schemaVersion"], &index["mediaType"]), (&json!(2), &json!("application/vnd.oci.image.index.v1+json")));
    let [descriptor] = index["manifests"].as_array().unwrap().as_slice() else { panic!("{index}") };
    assert_eq!(descriptor["platform"], json!({"architecture": "amd64", "os": "linux"}));
    assert_eq!(descriptor["annotations"]["org.opencontainers.image.ref.name"], "latest");
    assert_eq!(descriptor["digest"], format!("sha256:{}", written.digest));

    let manifest: Value = serde_json::from_slice(described(&written.layout, descriptor)).unwrap();
    assert_eq!(manifest["mediaType"], "application/vnd.oci.image.manifest.v1+json");
    assert_eq!(manifest["config"]["mediaType"], "application/vnd.oci.image.config.v1+json");
    let config: Value = serde_json::from_slice(described(&written.layout, &manifest["config"])).unwrap();
    let layers = manifest["layers"].as_array().unwrap();
    for (layer, unpacked) in layers.iter().zip(config["rootfs"]["diff_ids"].as_array().unwrap()) {
        assert_eq!(layer["mediaType"], "application/vnd.oci.image.layer.v1.tar+gzip");
        let mut tar = Vec::new();
        std::io::Read::read_to_end(&mut flate2::read::GzDecoder::new(described(&written.layout, layer)), &mut tar).unwrap();
        assert_eq!(*unpacked, format!("sha256:{}", Digest::of(&tar)));
    }
    // The manifest, the configuration and two layers, and nothing that nobody names.
    let blobs =
        written.layout.iter().filter(|content| matches!(content.kind, Kind::File(_)) && content.path.starts_with("blobs/"));
    assert_eq!((layers.len(), blobs.count()), (2, 4));
}

#[test]
fn a_container_is_started_as_nobody_in_particular_with_one_function() {
    let written = image().write().unwrap();
    let index = read(&written.layout, "index.json");
    let manifest: Value = serde_json::from_slice(described(&written.layout, &index["manifests"][0])).unwrap();
    let config: Value = serde_json::from_slice(described(&written.layout, &manifest["config"])).unwrap();
    assert_eq!(config["created"], "1970-01-01T00:00:00Z");
    assert_eq!(
        config["config"],
        json!({
            "User": "65532:65532", "ExposedPorts": {"8080/tcp": {}}, "Entrypoint": ["/app/shop"], "WorkingDir": "/",
            "Env": ["POLYFN_PROVIDER=container", "PORT=8080", "SSL_CERT_FILE=/etc/ssl/certs/ca-certificates.crt", "POLYFN_FUNCTION=fulfil"],
            "Labels": {"org.opencontainers.image.title": "a \"$shop\""},
        })
    );
    assert_eq!(config["history"].as_array().unwrap().len(), 2);
}

// What `docker save` writes since Docker 25: the layout, and `manifest.json` for those who do not know it.
#[test]
fn the_tar_is_for_old_and_new_readers() {
    let written = image().write().unwrap();
    let mut archive = tar::Archive::new(written.tar.as_slice());
    let mut files = BTreeMap::new();
    for entry in archive.entries().unwrap() {
        let mut entry = entry.unwrap();
        let path = String::from_utf8(entry.path_bytes().into_owned()).unwrap();
        let mut bytes = Vec::new();
        std::io::Read::read_to_end(&mut entry, &mut bytes).unwrap();
        files.insert(path, bytes);
    }
    for content in &written.layout {
        if let Kind::File(bytes) = &content.kind {
            assert_eq!(files[&content.path], **bytes, "{}", content.path);
        }
    }
    let saved: Value = serde_json::from_slice(&files["manifest.json"]).unwrap();
    assert_eq!(saved[0]["RepoTags"], json!(["shop-two:latest"]));
    assert!(files.contains_key(saved[0]["Config"].as_str().unwrap()));
    for layer in saved[0]["Layers"].as_array().unwrap() {
        assert!(files.contains_key(layer.as_str().unwrap()), "{layer}");
    }
}

#[test]
fn the_dockerfile_makes_the_same_image() {
    let text = dockerfile(&[image()]);
    let lines: Vec<_> = text.lines().filter(|line| !line.starts_with('#') && !line.is_empty()).collect();
    assert_eq!(
        lines,
        [
            "FROM scratch AS shop-two",
            "COPY Dockerfile.root/ /",
            "ENV POLYFN_PROVIDER=container",
            "ENV PORT=8080",
            "ENV SSL_CERT_FILE=/etc/ssl/certs/ca-certificates.crt",
            "ENV POLYFN_FUNCTION=fulfil",
            r#"LABEL org.opencontainers.image.title="a \"\$shop\"""#,
            "USER 65532:65532",
            "EXPOSE 8080/tcp",
            r#"ENTRYPOINT ["/app/shop"]"#,
        ]
    );
}

#[test]
fn the_root_holds_the_program_and_what_it_needs() {
    let root = image().root();
    let program = root.iter().find(|content| content.path == "app/shop").unwrap();
    assert_eq!((program.mode, &program.kind), (0o755, &Kind::File(b"\x7fELF".as_slice().into())));
    assert!(!bytes(&root, "etc/ssl/certs/ca-certificates.crt").is_empty());
}

#[test]
fn an_image_has_a_name_that_registries_take() {
    for (unit, name) in [("shop", "shop"), ("Fulfil__orders", "fulfil-orders"), ("-a.b-", "a-b"), ("ü", "program")] {
        assert_eq!(image_name(unit), name);
    }
}
