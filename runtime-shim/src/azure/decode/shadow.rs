use super::members::Members;

/// The names of facts that a message has written over.
///
/// The host writes the members of a text that is an object over the facts of its Metadata, whatever their letter case;
/// null and arrays it leaves out.
#[derive(Debug)]
pub(super) enum Shadow {
    /// No text, or one that is no object.
    Nothing,
    /// Facts of these names.
    Names(Vec<String>),
    /// The host's parser takes more than JSON: whatever name occurs in this text, in lower case, may be written over.
    Text(String),
    /// A text that spells names with escapes.
    Everything,
}

impl Shadow {
    /// What this text leaks.
    pub(super) fn of(message: &str) -> Self {
        let text = message.trim();
        if !text.starts_with('{') || !text.ends_with('}') {
            return Self::Nothing;
        }
        match Members::read(text) {
            Some(members) => {
                let leaks = members.iter().filter(|(_, json)| *json != "null" && !json.starts_with('['));
                Self::Names(leaks.map(|(name, _)| name.to_owned()).collect())
            }
            None if text.contains('\\') => Self::Everything,
            None => Self::Text(text.to_ascii_lowercase()),
        }
    }

    /// Whether the fact of this name cannot be trusted.
    pub(super) fn hides(&self, name: &str) -> bool {
        match self {
            Self::Nothing => false,
            Self::Names(names) => names.iter().any(|have| have.eq_ignore_ascii_case(name)),
            Self::Text(text) => text.contains(&name.to_ascii_lowercase()),
            Self::Everything => true,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Shadow;

    #[test]
    fn top_level_members_hide_facts_of_their_name() {
        for (message, hidden) in [
            (r#"{"id":"42"}"#, true),
            (r#" {"ID":{"v":1}} "#, true),
            (r#"{"\u0069d":1}"#, true),
            (r#"{"id":null,"id":false}"#, true),
            ("{id:'42'}", true),
            (r"{'\u0069d':'42'}", true),
            (r#"{"order":{"id":"42"}}"#, false),
            (r#"{"id":null}"#, false),
            (r#"{"id":[1]}"#, false),
            (r#"[{"id":1}]"#, false),
            (r#"{"id":1"#, false),
            ("{name:'x'}", false),
            ("id", false),
            ("", false),
        ] {
            assert_eq!(Shadow::of(message).hides("Id"), hidden, "{message}");
        }
    }
}
