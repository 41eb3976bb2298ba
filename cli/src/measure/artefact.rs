use std::{
    fs,
    path::{Path, PathBuf},
};

use crate::target::Target;

/// What `cargo polyfn build` has made of a program with all its functions, in the folder where it puts what it makes: the file that
/// is deployed, and its bytes. `None` if it has made none.
pub(super) fn package(folder: &Path, target: Target, unit: &str) -> Option<(PathBuf, u64)> {
    let folder = folder.join("polyfn").join(target.as_str());
    let file = match target {
        Target::Aws => folder.join(unit).join("bootstrap.zip"),
        Target::Azure => folder.join(format!("{unit}.zip")),
        Target::Gcp | Target::Container => folder.join(format!("{unit}.tar")),
    };
    let bytes = fs::metadata(&file).ok().filter(fs::Metadata::is_file)?.len();
    Some((file, bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_built_is_found_where_it_is_put() {
        let folder = std::env::temp_dir().join(format!("polyfn-artefact-{}", std::process::id()));
        for (target, file) in [
            (Target::Aws, "polyfn/aws/shop/bootstrap.zip"),
            (Target::Azure, "polyfn/azure/shop.zip"),
            (Target::Gcp, "polyfn/gcp/shop.tar"),
            (Target::Container, "polyfn/container/shop.tar"),
        ] {
            assert_eq!(package(&folder, target, "shop"), None);
            fs::create_dir_all(folder.join(file).parent().unwrap()).unwrap();
            fs::write(folder.join(file), "1234567").unwrap();
            assert_eq!(package(&folder, target, "shop"), Some((folder.join(file), 7)));
        }
        fs::remove_dir_all(&folder).unwrap();
    }
}
