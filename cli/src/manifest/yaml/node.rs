/// A value of YAML or JSON in the order it is written in, with the comment above it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Node {
    /// The lines above it, without `#`; empty for none. What stands above a whole file is that of its root.
    pub(crate) comment: String,
    /// A tag such as `!Ref`; empty for none.
    pub(crate) tag: String,
    pub(crate) value: Value,
}

/// What a node holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Value {
    /// A number, a truth value, nothing, or a date: written without quotes, as it is.
    Plain(String),
    /// A text, whatever it looks like.
    Text(String),
    List(Vec<Node>),
    Map(Vec<(String, Node)>),
}

impl Node {
    pub(crate) fn new(value: Value) -> Self {
        Self { comment: String::new(), tag: String::new(), value }
    }

    /// A map, still empty.
    pub(crate) fn map() -> Self {
        Self::new(Value::Map(Vec::new()))
    }

    pub(crate) fn list<T: Into<Self>>(items: impl IntoIterator<Item = T>) -> Self {
        Self::new(Value::List(items.into_iter().map(Into::into).collect()))
    }

    /// With one more member; what is no map stays as it is.
    pub(crate) fn with(mut self, key: impl Into<String>, node: impl Into<Self>) -> Self {
        if let Value::Map(members) = &mut self.value {
            members.push((key.into(), node.into()));
        }
        self
    }

    /// The same, if there is something.
    pub(crate) fn with_some(self, key: impl Into<String>, node: Option<impl Into<Self>>) -> Self {
        match node {
            Some(node) => self.with(key, node),
            None => self,
        }
    }

    pub(crate) fn tagged(mut self, tag: impl Into<String>) -> Self {
        self.tag = tag.into();
        self
    }

    pub(crate) fn told(mut self, comment: impl Into<String>) -> Self {
        self.comment = comment.into();
        self
    }

    /// The member of a map.
    pub(crate) fn get(&self, key: &str) -> Option<&Self> {
        match &self.value {
            Value::Map(members) => members.iter().find(|(have, _)| have == key).map(|(_, node)| node),
            _ => None,
        }
    }

    /// Its text, if it is one without a tag.
    pub(crate) fn as_text(&self) -> Option<&str> {
        match &self.value {
            Value::Text(text) if self.tag.is_empty() => Some(text),
            _ => None,
        }
    }

    /// Whether it is nothing: `null`.
    pub(crate) fn is_null(&self) -> bool {
        let null = |text: &str| matches!(text, "" | "~") || text.eq_ignore_ascii_case("null");
        self.tag.is_empty() && matches!(&self.value, Value::Plain(text) if null(text))
    }

    /// Whether nothing is in it.
    pub(crate) fn is_empty(&self) -> bool {
        match &self.value {
            Value::List(items) => items.is_empty(),
            Value::Map(members) => members.is_empty(),
            Value::Plain(_) | Value::Text(_) => false,
        }
    }
}

impl From<&str> for Node {
    fn from(text: &str) -> Self {
        Self::new(Value::Text(text.to_owned()))
    }
}

impl From<String> for Node {
    fn from(text: String) -> Self {
        Self::new(Value::Text(text))
    }
}

impl From<bool> for Node {
    fn from(whether: bool) -> Self {
        Self::new(Value::Plain(whether.to_string()))
    }
}

impl From<u64> for Node {
    fn from(number: u64) -> Self {
        Self::new(Value::Plain(number.to_string()))
    }
}
