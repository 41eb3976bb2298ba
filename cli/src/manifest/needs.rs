use polyfn_shim::{
    event::Kind,
    manifest::{Entry, Manifest},
};

use super::Units;

/// What the functions of a unit need together of the place where they run.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Needs<'a> {
    /// The memory of the function that wants most, in MiB; `None` if none says.
    pub(crate) memory_mb: Option<u32>,
    /// How many events run at once, if every function says.
    pub(crate) concurrency: Option<u32>,
    /// The variables of the environment, each once.
    pub(crate) env: Vec<&'a str>,
    /// The secrets, each once.
    pub(crate) secrets: Vec<&'a str>,
    /// The longest time of those that say, and whether all do.
    timeout: (u64, bool),
}

impl<'a> Needs<'a> {
    /// Those of these functions.
    pub(crate) fn of(functions: &'a [Entry]) -> Self {
        let timeouts = || functions.iter().map(|function| function.timeout_ms);
        let all: Option<Vec<_>> = functions.iter().map(|function| function.concurrency).collect();
        Self {
            memory_mb: functions.iter().filter_map(|function| function.memory_mb).max(),
            concurrency: all.and_then(|all| all.into_iter().max()),
            env: once(functions.iter().flat_map(|function| &function.env)),
            secrets: once(functions.iter().flat_map(|function| &function.secrets)),
            timeout: (timeouts().flatten().max().unwrap_or(0).div_ceil(1000), timeouts().all(|timeout| timeout.is_some())),
        }
    }

    /// For how many seconds the host has to wait, if it waits so long for a function that does not say.
    pub(crate) fn seconds(&self, default: u64) -> u64 {
        match self.timeout {
            (0, _) => default,
            (longest, true) => longest,
            (longest, false) => longest.max(default),
        }
    }
}

/// For how many seconds the host has to wait for this function.
pub(crate) fn seconds(function: &Entry, default: u64) -> u64 {
    function.timeout_ms.map_or(default, |timeout| timeout.div_ceil(1000).max(1))
}

/// Whether anyone may send this unit anything: then nothing in it is for those alone who are known.
pub(crate) fn is_public(functions: &[Entry]) -> bool {
    !functions.is_empty() && functions.iter().all(|function| function.public && takes_requests(function))
}

/// Whether somebody calls it, rather than events.
pub(crate) fn takes_requests(function: &Entry) -> bool {
    matches!(function.trigger, Kind::Http | Kind::Direct)
}

/// Of the public functions that stand in a unit with others, where nobody is let in unasked for the others' sake.
pub(crate) fn mixed(manifest: &Manifest, units: Units) -> Vec<String> {
    let mut warnings = Vec::new();
    for unit in units.of(manifest).into_iter().filter(|unit| !is_public(unit.functions)) {
        for function in unit.functions.iter().filter(|function| function.public) {
            warnings.push(format!(
                "`{}`: is `public`, but `{}` has functions that are not, so it is closed as a whole; write the manifests with `--split`",
                function.name, unit.name
            ));
        }
    }
    warnings
}

/// Of functions of one unit that take the same events, so that the unit cannot say which of them is meant.
pub(crate) fn crowded(manifest: &Manifest, units: Units) -> Vec<String> {
    let events =
        |function: &Entry| (function.resource.clone(), function.prefix.clone(), function.suffix.clone(), function.source.clone());
    let both = |one: &Entry, other: &Entry| {
        let on = one.on.is_empty() || other.on.is_empty() || one.on.iter().any(|action| other.on.contains(action));
        one.trigger == other.trigger && on && events(one) == events(other)
    };
    let mut warnings = Vec::new();
    for unit in units.of(manifest) {
        let functions = || unit.functions.iter().filter(|one| !takes_requests(one) && one.trigger != Kind::Schedule);
        for (at, function) in functions().enumerate() {
            if let Some(other) = functions().take(at).find(|other| both(other, function)) {
                warnings.push(format!(
                    "`{}`: takes the same events as `{}`, so that `{}` refuses them; write the manifests with `--split`",
                    function.name, other.name, unit.name
                ));
            }
        }
    }
    warnings
}

fn once<'a>(names: impl Iterator<Item = &'a String>) -> Vec<&'a str> {
    let mut all: Vec<&str> = Vec::new();
    for name in names {
        if !all.contains(&name.as_str()) {
            all.push(name);
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn function(members: serde_json::Value) -> Entry {
        let mut all = json!({"name": "a", "module": "m", "trigger": "queue", "resource": "q"});
        all.as_object_mut().unwrap().extend(members.as_object().unwrap().clone());
        serde_json::from_value(all).unwrap()
    }

    #[test]
    fn the_function_that_wants_most_decides() {
        let functions = [
            function(json!({"memory_mb": 256, "timeout_ms": 1500, "concurrency": 2, "env": ["A", "B"], "secrets": ["S"]})),
            function(json!({"memory_mb": 512, "timeout_ms": 90_000, "concurrency": 9, "env": ["B", "C"]})),
        ];
        let both = Needs::of(&functions);
        assert_eq!((both.memory_mb, both.concurrency, both.seconds(300)), (Some(512), Some(9), 90));
        assert_eq!((both.env, both.secrets), (vec!["A", "B", "C"], vec!["S"]));
        assert_eq!((Needs::of(&functions[..1]).seconds(300), seconds(&functions[0], 300)), (2, 2));
    }

    #[test]
    fn who_does_not_say_gets_the_default_and_never_less_than_another_wants() {
        let functions = [function(json!({})), function(json!({"timeout_ms": 900_000, "concurrency": 3}))];
        assert_eq!((Needs::of(&functions).seconds(300), Needs::of(&functions).concurrency), (900, None));
        assert_eq!(Needs::of(&functions).seconds(1800), 1800);
        assert_eq!((Needs::of(&functions[..1]).seconds(300), seconds(&functions[0], 300)), (300, 300));
        assert_eq!(Needs::of(&[]), Needs { timeout: (0, true), ..Needs::default() });
    }

    #[test]
    fn functions_that_take_the_same_events_are_told_of_where_they_are_together() {
        let manifest = |members: [serde_json::Value; 2]| {
            let functions = members.map(function);
            Manifest { functions: functions.into(), ..crate::manifest::sample::shop() }
        };
        let bucket = |on: &[&str]| json!({"trigger": "object", "resource": "b", "on": on});
        for (members, count) in [
            ([json!({}), json!({})], 1),
            ([json!({}), json!({"resource": "other"})], 0),
            ([json!({}), json!({"trigger": "topic"})], 0),
            ([bucket(&[]), bucket(&["created"])], 1),
            ([bucket(&["created"]), bucket(&["deleted"])], 0),
            ([json!({"trigger": "schedule"}), json!({"trigger": "schedule"})], 0),
        ] {
            let manifest = manifest(members);
            assert_eq!((crowded(&manifest, Units::One).len(), crowded(&manifest, Units::Split).len()), (count, 0));
        }
    }

    #[test]
    fn one_private_function_closes_a_unit() {
        let public = || function(json!({"trigger": "http", "public": true}));
        assert!(is_public(&[public(), function(json!({"trigger": "direct", "public": true}))]));
        assert!(!is_public(&[public(), function(json!({"trigger": "http"}))]) && !is_public(&[public(), function(json!({}))]));
        assert!(!is_public(&[]));
    }
}
