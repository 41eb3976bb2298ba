//! A template read as Azure reads one: every expression is worked out, and what it names has to be there.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use crate::manifest::{
    Units,
    sample::{program, shop},
};

/// What a template says once its expressions are worked out.
struct Read {
    template: Value,
    /// The parameters and variables that were asked for.
    used: BTreeSet<String>,
    /// The ids that were asked for.
    named: BTreeSet<String>,
}

impl Read {
    fn of(text: &str) -> Self {
        Self { template: serde_json::from_str(text).unwrap(), used: BTreeSet::new(), named: BTreeSet::new() }
    }

    /// What a member's text stands for.
    fn text(&mut self, text: &str) -> String {
        match text.strip_prefix('[') {
            Some(rest) if rest.starts_with('[') => rest.to_owned(),
            Some(rest) => {
                let mut rest = rest.strip_suffix(']').expect("a bracket without its end");
                let value = self.expression(&mut rest);
                assert_eq!(rest, "", "{text}");
                value
            }
            None => text.to_owned(),
        }
    }

    /// One expression at the beginning of a text: a text in quotes, a number, or a call, and members of what it gives.
    fn expression(&mut self, rest: &mut &str) -> String {
        *rest = rest.trim_start();
        if let Some(quoted) = rest.strip_prefix('\'') {
            let mut value = String::new();
            let mut chars = quoted.char_indices().peekable();
            while let Some((at, char)) = chars.next() {
                if char == '\'' {
                    if chars.peek().is_none_or(|(_, next)| *next != '\'') {
                        *rest = &quoted[at + 1..];
                        return value;
                    }
                    chars.next();
                }
                value.push(char);
            }
            panic!("a text without its end: {quoted}");
        }
        let end = rest.find(|char: char| !char.is_ascii_alphanumeric()).unwrap_or(rest.len());
        let (name, after) = rest.split_at(end);
        *rest = after;
        if name.bytes().all(|byte| byte.is_ascii_digit()) {
            return name.to_owned();
        }
        *rest = rest.strip_prefix('(').unwrap_or_else(|| panic!("{name} is no call"));
        let mut arguments = Vec::new();
        while !rest.starts_with(')') {
            arguments.push(self.expression(rest));
            *rest = rest.trim_start().trim_start_matches(',').trim_start();
        }
        *rest = &rest[1..];
        let mut value = self.call(name, &arguments);
        while let Some(member) = rest.strip_prefix('.') {
            let end = member.find(|char: char| !char.is_ascii_alphanumeric() && char != '_').unwrap_or(member.len());
            value += &format!(".{}", &member[..end]);
            *rest = &member[end..];
        }
        value
    }

    fn call(&mut self, name: &str, arguments: &[String]) -> String {
        let all = arguments.join("|");
        match (name, arguments) {
            ("parameters", [of]) => {
                self.used.insert(of.clone());
                assert!(self.template["parameters"].get(of).is_some(), "there is no parameter {of}");
                format!("<{of}>")
            }
            ("variables", [of]) => {
                self.used.insert(of.clone());
                let value =
                    self.template["variables"][of].as_str().unwrap_or_else(|| panic!("there is no variable {of}")).to_owned();
                self.text(&value)
            }
            ("format", [pattern, values @ ..]) => {
                let filled = values
                    .iter()
                    .enumerate()
                    .fold(pattern.clone(), |text, (at, value)| text.replace(&format!("{{{at}}}"), value));
                assert!(!filled.contains("{0}") && !filled.contains("{1}"), "{filled}");
                filled.replace("{{", "{").replace("}}", "}")
            }
            ("resourceId", [ty, names @ ..]) => {
                assert_eq!(ty.split('/').count(), names.len() + 1, "{all}");
                let id = format!("{ty} {}", names.join("/"));
                self.named.insert(id.clone());
                id
            }
            ("subscriptionResourceId", [ty, role]) => {
                assert!(ty == "Microsoft.Authorization/roleDefinitions" && role.len() == 36, "{all}");
                format!("{ty} {role}")
            }
            // A key belongs to the host within an app.
            ("listKeys", [host, _]) => {
                assert!(host.ends_with("/host/default"), "{host}");
                format!("keys({host})")
            }
            ("reference", [_, _]) | ("guid" | "uniqueString" | "take" | "if", _) => format!("{name}({})", all.replace('/', "|")),
            ("resourceGroup" | "subscription", []) => format!("{name}()"),
            _ => panic!("there is no function {name}({all})"),
        }
    }

    /// Works out every text within a value, and every name of a member that is one.
    fn all(&mut self, value: &Value) {
        match value {
            Value::String(text) => drop(self.text(text)),
            Value::Array(items) => items.iter().for_each(|item| self.all(item)),
            Value::Object(members) => members.iter().for_each(|(key, value)| {
                self.text(key);
                self.all(value);
            }),
            _ => {}
        }
    }
}

#[test]
fn every_name_in_it_is_of_something_in_it() {
    for units in [Units::One, Units::Split] {
        let mut read = Read::of(&super::text(&shop(), units).unwrap());
        let template = read.template.clone();
        let mut there = BTreeSet::new();
        let mut versions = BTreeMap::new();
        for resource in template["resources"].as_array().unwrap() {
            let (ty, name) = (resource["type"].as_str().unwrap(), read.text(resource["name"].as_str().unwrap()));
            assert_eq!(ty.split('/').count(), name.split('/').count() + 1, "{ty} {name}");
            assert!(there.insert(format!("{ty} {name}")), "{ty} {name} is there twice");
            let version = resource["apiVersion"].as_str().unwrap();
            assert!(version.len() == 10 && version.starts_with("20"), "{ty} {version}");
            assert_eq!(*versions.entry(ty.split('/').next().unwrap().to_owned()).or_insert(version), version);
        }
        ["resources", "outputs", "variables"].iter().for_each(|part| read.all(&template[part]));
        template["parameters"].as_object().unwrap().values().for_each(|parameter| read.all(&parameter["defaultValue"]));
        assert_eq!(read.named.difference(&there).collect::<Vec<_>>(), Vec::<&String>::new());
        for part in ["parameters", "variables"] {
            for name in template[part].as_object().unwrap().keys() {
                assert!(read.used.contains(name), "nobody asks for {name} of {part}");
            }
        }
        // What is within something else waits for it, and an assignment for who and what.
        for resource in template["resources"].as_array().unwrap() {
            let within = resource["type"].as_str().unwrap().split('/').count() > 2;
            assert!(!within || resource["dependsOn"].as_array().is_some_and(|after| !after.is_empty()), "{resource}");
        }
    }
}

/// What each app may do: the role, and with what.
fn allowed(functions: &[Value]) -> Vec<String> {
    let mut read = Read::of(&super::text(&program(functions), Units::One).unwrap());
    let resources = read.template["resources"].as_array().unwrap().clone();
    let mut allowed = Vec::new();
    for resource in resources {
        match resource["type"].as_str().unwrap() {
            "Microsoft.Authorization/roleAssignments" => {
                let scope = read.text(resource["scope"].as_str().unwrap());
                allowed.push(format!(
                    "{}: {}",
                    resource["properties"]["description"].as_str().unwrap(),
                    scope.rsplit('/').next().unwrap()
                ));
            }
            "Microsoft.DocumentDB/databaseAccounts/sqlRoleAssignments" => {
                let of = |member: &str| resource["properties"][member].as_str().unwrap().to_owned();
                let (role, scope) = (read.text(&of("roleDefinitionId")), read.text(&of("scope")));
                allowed.push(format!("{}: {}", role.rsplit('-').next().unwrap(), scope.split_once("/dbs/").unwrap().1));
            }
            _ => {}
        }
    }
    allowed.retain(|allowed| {
        !["Storage Blob Data Owner", "Monitoring Metrics Publisher"].iter().any(|own| allowed.starts_with(own))
    });
    allowed
}

#[test]
fn an_app_may_do_what_its_triggers_need_and_no_more() {
    let function = |trigger: &str, more: Value| {
        let mut all = json!({"name": "f", "module": "m", "trigger": trigger, "resource": "orders"});
        all.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        all
    };
    for (entry, want) in [
        (function("http", json!({"resource": null})), &[][..]),
        (function("schedule", json!({"resource": "* * * * *"})), &[]),
        (function("event", json!({})), &[]),
        (function("object", json!({"on": ["deleted"]})), &[]),
        (
            function("queue", json!({})),
            &[
                "Storage Queue Data Reader: orders",
                "Storage Queue Data Message Processor: orders",
                "Storage Queue Data Message Sender: orders-poison",
            ],
        ),
        (function("topic", json!({})), &["Azure Service Bus Data Receiver: f"]),
        (function("stream", json!({})), &["Azure Event Hubs Data Receiver: orders"]),
        (function("change", json!({})), &["000000000001: shop", "000000000002: shop/colls/leases"]),
        (
            function("direct", json!({"resource": null, "secrets": ["KEY"]})),
            &["Key Vault Secrets User: vaults kvuniqueString(resourceGroup().id|vault)"],
        ),
    ] {
        let have = allowed(std::slice::from_ref(&entry));
        assert_eq!(have, want, "{entry}");
    }
    let blob = allowed(&[function("object", json!({}))]);
    assert!(matches!(blob.as_slice(), [only] if only.starts_with("Storage Queue Data Contributor: ")), "{blob:?}");
}

#[test]
fn hostile_names_stay_names() {
    let evil = "[it's {0} \"x\"']";
    let functions = [
        json!({"name": "paid", "module": "m", "trigger": "event", "resource": evil, "source": format!("[{evil}*")}),
        json!({"name": "index", "module": "m", "trigger": "change", "resource": "it's [here]"}),
        json!({"name": "sweep", "module": "m", "trigger": "object", "resource": "uploads", "suffix": "[x]", "prefix": "it's {0}"}),
    ];
    let mut read = Read::of(&super::text(&program(&functions), Units::One).unwrap());
    let resources = read.template["resources"].as_array().unwrap().clone();
    resources.iter().for_each(|resource| read.all(resource));
    let of = |name: &str| {
        resources.iter().find(|resource| resource["name"].as_str().unwrap().ends_with(&format!("'{name}')]"))).unwrap()
    };
    let mut text = |value: &Value| read.text(value.as_str().unwrap());
    let filter = &of("paid")["properties"]["filter"];
    assert_eq!(text(&filter["includedEventTypes"][0]), evil);
    assert_eq!(text(&filter["advancedFilters"][0]["values"][0]), format!("[{evil}"));
    assert_eq!(text(&of("sweep")["properties"]["filter"]["subjectEndsWith"]), "[x]");
    assert_eq!(text(&of("it''s [here]")["properties"]["resource"]["id"]), "it's [here]");
}
