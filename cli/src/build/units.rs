use std::collections::BTreeMap;

use polyfn_shim::manifest::{Entry, Manifest};

use crate::{failure::Failure, target::Target};

/// What is deployed as one: the program, and the functions that it serves there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Unit {
    pub(super) name: String,
    /// The program's own description, with these functions alone.
    pub(super) manifest: Manifest,
    /// The only function, where the program has others: what `POLYFN_FUNCTION` says.
    pub(super) function: Option<String>,
}

/// The units of a program: one, or one for each function, of all functions or those that are named.
pub(super) fn units(target: Target, manifest: &Manifest, split: bool, named: &[String]) -> Result<Vec<Unit>, Failure> {
    let known = || manifest.functions.iter().map(|function| format!("`{}`", function.name)).collect::<Vec<_>>().join(", ");
    if manifest.functions.is_empty() {
        return Err(Failure::new(format!(
            "`{}` has no functions; put `#[function]` on one and list it in `polyfn::main!`",
            manifest.program
        )));
    }
    if let Some(name) = named.iter().find(|name| !manifest.functions.iter().any(|function| function.name == **name)) {
        return Err(Failure::usage(format!("there is no function `{name}` in `{}`; there are {}", manifest.program, known())));
    }
    let wanted = |name: &String| named.is_empty() || named.contains(name);
    let mut chosen = manifest.clone();
    chosen.functions.retain(|function| wanted(&function.name));
    if let Some((one, other)) = confused(target, &chosen, split) {
        return Err(Failure::new(format!(
            "{} cannot tell `{one}` and `{other}` apart; give one of them another name by `name = \"..\"`",
            target.as_str()
        )));
    }
    if let Some(taken) = chosen.functions.iter().find(|function| split && TAKEN.contains(&function.name.as_str())) {
        return Err(Failure::new(format!(
            "a unit cannot be called `{}`, as something beside it is; give the function another name by `name = \"..\"`",
            taken.name
        )));
    }
    let only = |name: &str| (manifest.functions.len() > 1).then(|| name.to_owned());
    if split {
        let unit = |function: &Entry| Unit {
            name: function.name.clone(),
            manifest: Manifest { functions: vec![function.clone()], ..chosen.clone() },
            function: only(&function.name),
        };
        return Ok(chosen.functions.iter().map(unit).collect());
    }
    let narrowed = chosen.functions.len() < manifest.functions.len();
    let function = match chosen.functions.as_slice() {
        [function] => only(&function.name),
        // Azure's host calls what it has a folder of; elsewhere the others would answer too.
        _ if narrowed && target != Target::Azure => {
            return Err(Failure::usage(
                "one unit serves all functions or one; add `--split` for one of each, or leave `--function` out",
            ));
        }
        _ => None,
    };
    Ok(vec![Unit { name: manifest.program.clone(), manifest: chosen, function }])
}

/// What else stands in the folder of the artefacts.
const TAKEN: [&str; 2] = ["Dockerfile", "source"];

/// Two functions whose names are one to the provider, or to the registry of their images.
fn confused(target: Target, manifest: &Manifest, split: bool) -> Option<(&str, &str)> {
    let plain = |name: &str| match target {
        Target::Azure => name.to_ascii_lowercase(),
        Target::Gcp | Target::Container if split => super::image::image_name(name),
        _ => name.to_owned(),
    };
    let mut seen = BTreeMap::new();
    manifest
        .functions
        .iter()
        .find_map(|function| Some((seen.insert(plain(&function.name), function.name.as_str())?, function.name.as_str())))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn manifest(names: &[&str]) -> Manifest {
        let functions: Vec<_> =
            names.iter().map(|name| serde_json::json!({"name": name, "module": "shop", "trigger": "direct"})).collect();
        let json = serde_json::json!({"polyfn": "0.1.0", "program": "shop", "version": "1.0.0", "providers": ["aws"], "functions": functions});
        Manifest::read(json.to_string().as_bytes()).unwrap()
    }

    type Told = (String, Vec<String>, Option<String>);

    /// Each unit's name, its functions, and the one that it is told to serve.
    fn of(target: Target, split: bool, named: &[&str]) -> Result<Vec<Told>, (u8, String)> {
        let named: Vec<_> = named.iter().map(|name| (*name).to_owned()).collect();
        let made =
            units(target, &manifest(&["a", "b", "c"]), split, &named).map_err(|failure| (failure.code(), failure.to_string()))?;
        let names = |unit: &Unit| unit.manifest.functions.iter().map(|function| function.name.clone()).collect();
        Ok(made.into_iter().map(|unit| (unit.name.clone(), names(&unit), unit.function)).collect())
    }

    fn unit(name: &str, functions: &[&str], only: Option<&str>) -> Told {
        (name.to_owned(), functions.iter().map(|name| (*name).to_owned()).collect(), only.map(str::to_owned))
    }

    #[test]
    fn one_serves_all_unless_it_is_split() {
        assert_eq!(of(Target::Aws, false, &[]).unwrap(), [unit("shop", &["a", "b", "c"], None)]);
        let split = [unit("a", &["a"], Some("a")), unit("b", &["b"], Some("b")), unit("c", &["c"], Some("c"))];
        assert_eq!(of(Target::Aws, true, &[]).unwrap(), split);
    }

    #[test]
    fn those_that_are_named_are_left() {
        assert_eq!(of(Target::Gcp, false, &["b"]).unwrap(), [unit("shop", &["b"], Some("b"))]);
        assert_eq!(of(Target::Gcp, true, &["c", "a"]).unwrap(), [unit("a", &["a"], Some("a")), unit("c", &["c"], Some("c"))]);
        assert_eq!(of(Target::Azure, false, &["a", "b"]).unwrap(), [unit("shop", &["a", "b"], None)]);
        let (code, refused) = of(Target::Container, false, &["a", "b"]).unwrap_err();
        assert_eq!((code, refused.contains("add `--split`")), (2, true), "{refused}");
    }

    #[test]
    fn what_is_not_there_is_named() {
        let refused = of(Target::Aws, false, &["d"]).unwrap_err();
        assert_eq!(refused, (2, "there is no function `d` in `shop`; there are `a`, `b`, `c`".to_owned()));
        let failure = units(Target::Aws, &manifest(&[]), false, &[]).unwrap_err();
        assert_eq!((failure.code(), failure.to_string().starts_with("`shop` has no functions")), (1, true));
    }

    #[test]
    fn names_that_become_one_are_refused() {
        let refused =
            |target, split, names: &[&str]| units(target, &manifest(names), split, &[]).map_err(|failure| failure.to_string());
        let told = "azure cannot tell `add` and `Add` apart; give one of them another name by `name = \"..\"`";
        assert_eq!(refused(Target::Azure, false, &["add", "Add"]).unwrap_err(), told);
        assert!(refused(Target::Gcp, true, &["add_one", "add-one"]).unwrap_err().contains("`add_one` and `add-one`"));
        for target in [Target::Gcp, Target::Aws] {
            assert!(refused(target, false, &["add_one", "add-one", "Add-one"]).is_ok());
        }
        assert!(refused(Target::Aws, true, &["add_one", "add-one"]).is_ok());
        assert!(refused(Target::Gcp, true, &["source", "b"]).unwrap_err().contains("cannot be called `source`"));
        assert!(refused(Target::Gcp, false, &["source", "b"]).is_ok());
    }

    #[test]
    fn the_only_function_need_not_be_told() {
        let made = units(Target::Aws, &manifest(&["a"]), true, &[]).unwrap();
        assert_eq!(made[0].function, None);
    }
}
