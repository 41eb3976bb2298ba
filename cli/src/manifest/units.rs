use polyfn_shim::manifest::{Entry, Manifest};

/// How many artefacts a program becomes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Units {
    /// One with all its functions.
    #[default]
    One,
    /// One for each function, which the unit's `POLYFN_FUNCTION` names.
    Split,
}

/// One artefact, and the functions that are called in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Unit<'a> {
    /// What its files and folders are called.
    pub(crate) name: &'a str,
    /// Its functions.
    pub(crate) functions: &'a [Entry],
    /// The only one that the unit runs, of a program that is split: what `POLYFN_FUNCTION` says.
    pub(crate) selected: Option<&'a str>,
}

impl Units {
    /// The artefacts of a program, in the order in which `main!` lists the functions.
    pub(crate) fn of(self, manifest: &Manifest) -> Vec<Unit<'_>> {
        match self {
            Self::One => vec![Unit { name: unit_name(manifest, None), functions: &manifest.functions, selected: None }],
            Self::Split => manifest
                .functions
                .chunks(1)
                .filter_map(|functions| {
                    let function = functions.first()?;
                    Some(Unit { name: unit_name(manifest, Some(function)), functions, selected: Some(&function.name) })
                })
                .collect(),
        }
    }
}

/// What an artefact's files and folders are called: by its only function, or by the program if it holds all of them.
pub(crate) fn unit_name<'a>(manifest: &'a Manifest, function: Option<&'a Entry>) -> &'a str {
    function.map_or(&manifest.program, |function| &function.name)
}
