use std::{collections::BTreeMap, path::Path};

use super::{
    content::Content,
    digest::Digest,
    image::{self, Image, ROOT, dockerfile},
    staged::Staged,
    time::Time,
    triple::Processor,
    units::Unit,
    zip::zip,
};
use crate::{failure::Failure, manifest::azure, program, target::Target};

/// A program that was built, and what else its artefacts are made of.
pub(super) struct Package<'a> {
    pub(super) target: Target,
    pub(super) processor: Processor,
    /// The name of the program.
    pub(super) program: &'a str,
    pub(super) file: &'a [u8],
    pub(super) package: &'a program::Package,
    pub(super) time: Time,
}

/// Something that was written for a provider.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Artefact {
    /// Below the folder of the artefacts.
    pub(super) path: String,
    pub(super) size: usize,
    /// That of the file; of an image layout what a registry will know the image by.
    pub(super) digest: Digest,
    pub(super) functions: Vec<String>,
}

impl Artefact {
    fn of(path: String, bytes: &[u8], unit: &Unit) -> Self {
        Self { path, size: bytes.len(), digest: Digest::of(bytes), functions: names(unit) }
    }
}

impl Package<'_> {
    /// Writes the artefacts of all units: all of them, or none.
    pub(super) fn write(&self, units: &[Unit], out: &Path) -> Result<Vec<Artefact>, Failure> {
        let mut staged = Staged::below(out)?;
        let artefacts = match self.target {
            Target::Aws => self.lambda(units, &mut staged),
            Target::Azure => self.function_app(units, &mut staged),
            Target::Gcp | Target::Container => self.images(units, &mut staged),
        }?;
        staged.commit()?;
        Ok(artefacts)
    }

    /// Source: [custom runtimes](https://docs.aws.amazon.com/lambda/latest/dg/runtimes-custom.html).
    fn lambda(&self, units: &[Unit], staged: &mut Staged) -> Result<Vec<Artefact>, Failure> {
        // Which function it serves is said by its environment, so all units are the same.
        let bytes = zip(&[Content::program("bootstrap", self.file)], self.time)?;
        units
            .iter()
            .map(|unit| {
                let path = format!("{}/bootstrap.zip", unit.name);
                staged.file(&path, &bytes)?;
                Ok(Artefact::of(path, &bytes, unit))
            })
            .collect()
    }

    /// Source: [custom handlers](https://learn.microsoft.com/azure/azure-functions/functions-custom-handlers).
    fn function_app(&self, units: &[Unit], staged: &mut Staged) -> Result<Vec<Artefact>, Failure> {
        let write = |unit: &Unit| {
            let mut contents = vec![Content::program(azure::HANDLER, self.file)];
            for file in azure::package(&unit.manifest)? {
                let path = file.path.to_string_lossy().replace('\\', "/");
                contents.push(Content::file(path, file.text.into_bytes()));
            }
            let (path, bytes) = (format!("{}.zip", unit.name), zip(&contents, self.time)?);
            staged.file(&path, &bytes)?;
            Ok(Artefact::of(path, &bytes, unit))
        };
        units.iter().map(write).collect()
    }

    fn images(&self, units: &[Unit], staged: &mut Staged) -> Result<Vec<Artefact>, Failure> {
        let images: Vec<_> = units.iter().map(|unit| self.image(unit)).collect();
        let mut artefacts = Vec::new();
        for (unit, image) in units.iter().zip(&images) {
            let written = image.write()?;
            staged.folder(&unit.name, &written.layout)?;
            let size = written.layout.iter().map(Content::size).sum();
            artefacts.push(Artefact { path: unit.name.clone(), size, digest: written.digest, functions: names(unit) });
            let path = format!("{}.tar", unit.name);
            staged.file(&path, &written.tar)?;
            artefacts.push(Artefact::of(path, &written.tar, unit));
        }
        if let Some(image) = images.first() {
            staged.folder(ROOT, &image.root())?;
        }
        staged.file("Dockerfile", dockerfile(&images).as_bytes())?;
        if self.target == Target::Gcp {
            // https://cloud.google.com/run/docs/deploying-source-code: a folder that is taken as it is.
            staged.folder("source", &[Content::program("main", self.file)])?;
        }
        Ok(artefacts)
    }

    fn image<'a>(&'a self, unit: &Unit) -> Image<'a> {
        let program = image::Program { name: self.program, bytes: self.file };
        let mut image = Image::new(&unit.name, program, self.target.as_str(), unit.function.as_deref());
        image.processor = self.processor;
        image.time = self.time;
        image.labels = self.labels(unit);
        image
    }

    /// Source: [annotations](https://github.com/opencontainers/image-spec/blob/main/annotations.md).
    fn labels(&self, unit: &Unit) -> BTreeMap<&'static str, String> {
        let package = self.package;
        let labels = [
            ("org.opencontainers.image.created", Some(self.time.to_string())),
            ("org.opencontainers.image.description", package.description.clone()),
            ("org.opencontainers.image.licenses", package.license.clone()),
            ("org.opencontainers.image.source", package.repository.clone()),
            ("org.opencontainers.image.title", Some(unit.name.clone())),
            ("org.opencontainers.image.version", Some(package.version.clone())),
        ];
        labels.into_iter().filter_map(|(label, value)| Some((label, value?))).collect()
    }
}

fn names(unit: &Unit) -> Vec<String> {
    unit.manifest.functions.iter().map(|function| function.name.clone()).collect()
}
