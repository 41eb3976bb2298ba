use std::borrow::Cow;

use super::{
    leaf::Leaf,
    reader::{Reader, Result},
    value::Value,
};

/// A member that should be a map of names to texts or to lists of texts, such as headers, or a list of texts, such as
/// cookies; and that may be anything.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) enum Pairs<'a> {
    /// Missing, or `null`, which counts as missing.
    #[default]
    Absent,
    /// In document order; a name with several values stands once for each.
    Map(Vec<Pair<'a>>),
    List(Vec<Leaf<'a>>),
    /// More values than [`LIMIT`].
    TooMany,
    Other,
}

/// How many values one member may have. No front end takes a request head of more than 64 KiB, so none sends more; what
/// is longer is some direct payload, which must not cost thirty times its size.
const LIMIT: usize = 16_384;

/// One name and one value.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Pair<'a> {
    pub(super) name: Cow<'a, str>,
    pub(super) value: Leaf<'a>,
    /// The place in the list of values, if there is a list.
    pub(super) index: Option<usize>,
}

impl<'a> Pairs<'a> {
    /// The pairs; none if it is no map.
    pub(super) fn iter(&self) -> std::slice::Iter<'_, Pair<'a>> {
        match self {
            Self::Map(pairs) => pairs.iter(),
            _ => [].iter(),
        }
    }

    /// The list; empty if it is none.
    pub(super) fn list(&self) -> &[Leaf<'a>] {
        match self {
            Self::List(list) => list,
            _ => &[],
        }
    }

    /// The first text of this name.
    pub(super) fn text(&self, name: &str) -> Option<&str> {
        self.iter().find(|pair| pair.name == name).and_then(|pair| pair.value.text())
    }

    /// Whether it is a map or a list with something in it.
    pub(super) fn is_filled(&self) -> bool {
        match self {
            Self::Map(pairs) => !pairs.is_empty(),
            Self::List(list) => !list.is_empty(),
            _ => false,
        }
    }

    pub(super) fn is_map(&self) -> bool {
        matches!(self, Self::Map(_))
    }
}

impl<'a> Value<'a> for Pairs<'a> {
    fn read(reader: &mut Reader<'a>) -> Result<Self> {
        match reader.peek()? {
            b'{' => map(reader),
            b'[' => {
                let list = collect(reader)?;
                Ok(if list.len() > LIMIT { Self::TooMany } else { Self::List(list) })
            }
            first => reader.skip().map(|_| if first == b'n' { Self::Absent } else { Self::Other }),
        }
    }
}

fn map<'a>(reader: &mut Reader<'a>) -> Result<Pairs<'a>> {
    // Typical requests have between ten and thirty headers.
    let mut pairs = Vec::with_capacity(16);
    reader.object(|name, reader| {
        let name = name.text()?;
        if pairs.len() > LIMIT {
            return reader.skip();
        }
        if reader.peek()? != b'[' {
            pairs.push(Pair { name, value: Leaf::read(reader)?, index: None });
            return Ok(());
        }
        let mut index = 0;
        reader.array(|reader| {
            if pairs.len() > LIMIT {
                return reader.skip();
            }
            pairs.push(Pair { name: name.clone(), value: Leaf::read(reader)?, index: Some(index) });
            index += 1;
            Ok(())
        })?;
        Ok(())
    })?;
    Ok(if pairs.len() > LIMIT { Pairs::TooMany } else { Pairs::Map(pairs) })
}

/// Reads a list, and keeps one more than the limit at most.
fn collect<'a>(reader: &mut Reader<'a>) -> Result<Vec<Leaf<'a>>> {
    let mut list = Vec::new();
    reader.array(|reader| {
        if list.len() > LIMIT {
            return reader.skip();
        }
        Leaf::read(reader).map(|leaf| list.push(leaf))
    })?;
    Ok(list)
}
