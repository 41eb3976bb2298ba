use std::{collections::HashSet, path::Path};

use super::{
    finding::Finding,
    lint::{DIFFERS, MISSING},
};
use crate::{
    failure::Failure,
    manifest::{Folder, Overlay, Units, artefacts, files},
    program::Described,
    target::Target,
    terminal::from_here,
};

/// What was found of a provider's manifests.
pub(super) struct Committed {
    pub(super) findings: Vec<Finding>,
    /// How many lines of what would be written are not there.
    pub(super) missing: usize,
}

/// Whether the manifests in a provider's folder are what the program says of itself, with the user's own edits. `options` are those
/// with which `cargo polyfn manifest` writes them, each with a space before it.
///
/// # Errors
/// If a file cannot be read, or the program cannot be deployed there at all.
pub(super) fn findings(
    described: &Described,
    target: Target,
    units: Units,
    out: &Path,
    options: &str,
) -> Result<Committed, Failure> {
    let folder = Folder::new(out);
    let generated = files(target, &described.manifest, units, &artefacts(&described.workspace, out, target))?;
    let (made, _) = Overlay::read(&folder)?.apply(generated)?;
    let (mut findings, mut missing) = (Vec::new(), 0);
    let split = if units == Units::Split { " --split" } else { "" };
    let write = format!("run `cargo polyfn manifest --provider {}{split}{options}`", target.as_str());
    for file in &made {
        let path = from_here(&folder.path(file)).to_owned();
        match folder.read(&file.path)? {
            None => {
                missing += file.text.lines().count();
                findings.push(Finding::at(MISSING, target, path, format!("this manifest is not there; {write}")));
            }
            Some((_, text)) if text != file.text => {
                let line = first_difference(&text, &file.text);
                let there: HashSet<_> = text.lines().collect();
                missing += file.text.lines().filter(|line| !there.contains(line)).count();
                let mut finding =
                    Finding::at(DIFFERS, target, path, format!("this is not what the program says of itself; {write}"));
                if let Some((_, at)) = &mut finding.place {
                    *at = line;
                }
                findings.push(finding);
            }
            Some(_) => {}
        }
    }
    Ok(Committed { findings, missing })
}

/// The number of the first line in which two texts are different, from 1 on.
fn first_difference(one: &str, other: &str) -> u32 {
    let same = one.lines().zip(other.lines()).take_while(|(one, other)| one == other).count();
    u32::try_from(same).unwrap_or(u32::MAX).saturating_add(1)
}

#[cfg(test)]
mod tests {
    use super::first_difference;

    #[test]
    fn the_first_line_that_differs_is_told() {
        assert_eq!(first_difference("a\nb\nc\n", "a\nX\nc\n"), 2);
        assert_eq!(first_difference("a\n", "a\nb\n"), 2);
        assert_eq!(first_difference("", "a"), 1);
    }
}
