use base64::{Engine, engine::general_purpose::STANDARD};

use crate::build::content::Content;

/// Who the program runs as: nobody in particular, by number, since a host that forbids root looks for a number.
pub(super) const USER: &str = "65532:65532";

/// Where the certificate authorities are.
pub(super) const CERTIFICATES: &str = "etc/ssl/certs/ca-certificates.crt";

const PASSWD: &str = "root:x:0:0:root:/:/sbin/nologin\nnonroot:x:65532:65532:nonroot:/:/sbin/nologin\n";
const GROUP: &str = "root:x:0:\nnonroot:x:65532:\n";
/// A static glibc asks this file too.
const NSSWITCH: &str = "hosts: files dns\n";

/// What a program needs around it: names for its user, where host names are looked up, whom to trust, a place for temporary files.
///
/// The certificate authorities are Mozilla's, as they came with this command and not from this machine: another machine makes the
/// same image.
pub(super) fn root() -> Vec<Content<'static>> {
    let mut tmp = Content::folder("tmp");
    tmp.mode = 0o1777;
    vec![
        Content::folder("etc"),
        Content::file("etc/group", GROUP.as_bytes()),
        Content::file("etc/nsswitch.conf", NSSWITCH.as_bytes()),
        Content::file("etc/passwd", PASSWD.as_bytes()),
        Content::folder("etc/ssl"),
        Content::folder("etc/ssl/certs"),
        Content::file(CERTIFICATES, certificates().into_bytes()),
        tmp,
    ]
}

/// A bundle in PEM (RFC 7468).
fn certificates() -> String {
    let mut bundle = String::new();
    for certificate in webpki_root_certs::TLS_SERVER_ROOT_CERTS {
        bundle.push_str("-----BEGIN CERTIFICATE-----\n");
        let mut text = STANDARD.encode(certificate);
        while !text.is_empty() {
            // Base64 is ASCII; the standard wants lines of 64.
            let rest = text.split_off(text.len().min(64));
            bundle.push_str(&text);
            bundle.push('\n');
            text = rest;
        }
        bundle.push_str("-----END CERTIFICATE-----\n");
    }
    bundle
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::build::content::Kind;

    #[test]
    fn the_certificates_are_all_there() {
        let bundle = certificates();
        let read: Vec<_> = bundle
            .split("-----BEGIN CERTIFICATE-----\n")
            .skip(1)
            .map(|pem| {
                let (text, rest) = pem.split_once("-----END CERTIFICATE-----\n").unwrap();
                assert_eq!(rest, "");
                assert!(text.lines().all(|line| line.len() <= 64));
                STANDARD.decode(text.replace('\n', "")).unwrap()
            })
            .collect();
        let known: Vec<_> = webpki_root_certs::TLS_SERVER_ROOT_CERTS.iter().map(|certificate| certificate.to_vec()).collect();
        assert_eq!(read, known);
    }

    #[test]
    fn every_folder_stands_before_what_is_in_it() {
        let root = root();
        for (at, content) in root.iter().enumerate() {
            if let Some((folder, _)) = content.path.rsplit_once('/') {
                let before = root.iter().take(at).any(|content| content.path == folder && content.kind == Kind::Folder);
                assert!(before, "{}", content.path);
            }
        }
    }

    #[test]
    fn the_user_has_a_name_and_is_not_root() {
        let (user, group) = USER.split_once(':').unwrap();
        assert!(user.parse::<u32>().is_ok_and(|user| user > 0));
        assert!(PASSWD.contains(&format!("nonroot:x:{user}:{group}:")));
        assert!(GROUP.contains(&format!("nonroot:x:{group}:")));
    }
}
