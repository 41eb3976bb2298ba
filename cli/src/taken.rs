use std::str::FromStr;

use polyfn_shim::{
    Outcome, Reply,
    event::Kind,
    function::{Binding, Description, Filter, Function},
};

/// What the function behind a delivery takes: a trigger, and for some the name of its resource.
#[derive(Clone, Debug)]
pub(crate) struct Taken {
    kind: Kind,
    /// A pattern; without one it is any.
    resource: String,
}

impl FromStr for Taken {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (kind, resource) = text.split_once('=').unwrap_or((text, "*"));
        let known = Kind::ALL.into_iter().find(|known| known.as_str() == kind);
        let kind = known.ok_or_else(|| {
            let known = Kind::ALL.map(Kind::as_str).join(", ");
            format!("`{kind}` is no trigger; there are {known}")
        })?;
        Ok(Self { kind, resource: resource.to_owned() })
    }
}

impl Taken {
    pub(crate) fn kind(&self) -> Kind {
        self.kind
    }

    /// A function that takes it and does nothing.
    pub(crate) fn function(&self) -> Function {
        let binding = match self.kind {
            Kind::Http => Binding::Http { methods: &[], path: None },
            Kind::Direct => Binding::Direct,
            // The command ends soon.
            kind => Binding::Resource { kind, name: self.resource.clone().leak(), filter: Filter::default() },
        };
        Function::blocking(Description::new("function", binding), |_, _| Outcome::Done(Reply::Empty))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_trigger_may_have_the_name_of_its_resource() {
        for (text, kind, resource) in [("queue=a=b", Kind::Queue, "a=b"), ("topic", Kind::Topic, "*"), ("http", Kind::Http, "*")]
        {
            let taken: Taken = text.parse().unwrap();
            assert_eq!((taken.kind(), taken.resource.as_str()), (kind, resource));
            assert_eq!(taken.function().description().binding.kind(), kind);
        }
        assert!("Queue".parse::<Taken>().unwrap_err().contains("there are http, direct, queue"));
    }
}
