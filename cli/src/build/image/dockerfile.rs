use super::{EXPOSED, Image, root};

/// The folder that a Dockerfile copies. No function and no package is called so.
pub(in crate::build) const ROOT: &str = "Dockerfile.root";

/// A Dockerfile that makes the same images from the folder beside it, for those who want to put more into them.
pub(in crate::build) fn dockerfile(images: &[Image<'_>]) -> String {
    let mut text = "# What `cargo polyfn build` puts into its image, for those who want more in it.\n".to_owned();
    for Image { name, .. } in images {
        text.push_str(&format!("#   docker build --target {name} --tag {name} .\n"));
    }
    for image in images {
        text.push_str(&format!("\nFROM scratch AS {}\nCOPY {ROOT}/ /\n", image.name));
        for variable in &image.env {
            text.push_str(&format!("ENV {variable}\n"));
        }
        for (label, value) in &image.labels {
            text.push_str(&format!("LABEL {label}={}\n", quoted(value)));
        }
        text.push_str(&format!("USER {}\nEXPOSE {EXPOSED}\nENTRYPOINT [\"{}\"]\n", root::USER, image.program.path()));
    }
    text
}

/// A text within double quotes, on one line, with nothing in it that Docker would expand.
fn quoted(text: &str) -> String {
    let mut quoted = "\"".to_owned();
    for c in text.chars() {
        match c {
            '"' | '\\' | '$' => quoted.extend(['\\', c]),
            c if c.is_control() => quoted.push(' '),
            c => quoted.push(c),
        }
    }
    quoted.push('"');
    quoted
}
