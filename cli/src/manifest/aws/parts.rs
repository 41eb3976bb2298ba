use crate::manifest::yaml::Node;

/// What a template holds, section by section, each in the order in which it came.
#[derive(Debug, Default)]
pub(super) struct Parts {
    pub(super) parameters: Vec<(String, Node)>,
    pub(super) conditions: Vec<(String, Node)>,
    pub(super) resources: Vec<(String, Node)>,
    pub(super) outputs: Vec<(String, Node)>,
}

impl Parts {
    pub(super) fn parameter(&mut self, id: impl Into<String>, node: Node) {
        add(&mut self.parameters, id.into(), node);
    }

    pub(super) fn condition(&mut self, id: impl Into<String>, node: Node) {
        add(&mut self.conditions, id.into(), node);
    }

    pub(super) fn resource(&mut self, id: impl Into<String>, node: Node) {
        add(&mut self.resources, id.into(), node);
    }

    pub(super) fn output(&mut self, id: impl Into<String>, about: &str, value: Node) {
        add(&mut self.outputs, id.into(), Node::map().with("Description", about).with("Value", value));
    }

    /// All of another's, behind its own.
    pub(super) fn append(&mut self, other: Self) {
        let sections = [
            (&mut self.parameters, other.parameters),
            (&mut self.conditions, other.conditions),
            (&mut self.resources, other.resources),
            (&mut self.outputs, other.outputs),
        ];
        for (section, more) in sections {
            more.into_iter().for_each(|(id, node)| add(section, id, node));
        }
    }

    /// The sections of a template that have something in them.
    pub(super) fn into_template(self, template: Node) -> Node {
        let sections = [
            ("Parameters", self.parameters),
            ("Conditions", self.conditions),
            ("Resources", self.resources),
            ("Outputs", self.outputs),
        ];
        let sections = sections.into_iter().filter(|(_, members)| !members.is_empty());
        sections.fold(template, |template, (name, members)| {
            template.with(name, members.into_iter().fold(Node::map(), |section, (id, node)| section.with(id, node)))
        })
    }
}

/// What several functions share is there once.
fn add(section: &mut Vec<(String, Node)>, id: String, node: Node) {
    if !section.iter().any(|(have, _)| *have == id) {
        section.push((id, node));
    }
}

/// A resource of a type.
pub(super) fn resource(ty: &str, properties: Node) -> Node {
    Node::map().with("Type", ty).with("Properties", properties)
}

/// A parameter of text.
pub(super) fn parameter(about: &str, default: Option<&str>) -> Node {
    Node::map().with("Type", "String").with("Description", about).with_some("Default", default)
}

pub(super) fn reference(id: &str) -> Node {
    Node::from(id).tagged("!Ref")
}

pub(super) fn attribute(id: &str, name: &str) -> Node {
    Node::from(format!("{id}.{name}")).tagged("!GetAtt")
}

pub(super) fn sub(text: impl Into<String>) -> Node {
    Node::from(text.into()).tagged("!Sub")
}

/// A text within `!Sub` that stands for itself.
pub(super) fn literal(text: &str) -> String {
    text.replace("${", "${!")
}
