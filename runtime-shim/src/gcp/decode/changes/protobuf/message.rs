use super::wire::{Malformed, Payload, Wire};

/// A message that may stand in its field several times: the fields of all of them together are one message.
#[derive(Clone, Debug, Default)]
pub(super) struct Message<'a> {
    /// Empty for every sender that is known; this costs nothing then.
    earlier: Vec<&'a [u8]>,
    last: &'a [u8],
}

impl<'a> Message<'a> {
    /// Takes in what stands in the field this time.
    pub(super) fn merge(&mut self, message: &'a [u8]) {
        let earlier = std::mem::replace(&mut self.last, message);
        if !earlier.is_empty() {
            self.earlier.push(earlier);
        }
    }

    /// Whether it has no field at all.
    pub(super) fn is_empty(&self) -> bool {
        self.last.is_empty() && self.earlier.is_empty()
    }

    pub(super) fn len(&self) -> usize {
        self.earlier.iter().map(|message| message.len()).sum::<usize>() + self.last.len()
    }

    pub(super) fn fields(&self) -> Fields<'a, '_> {
        match self.earlier.split_first() {
            Some((first, more)) => Fields { wire: Wire::new(first), more: more.iter(), last: self.last },
            None => Fields { wire: Wire::new(self.last), more: [].iter(), last: &[] },
        }
    }
}

impl<'a> From<&'a [u8]> for Message<'a> {
    fn from(last: &'a [u8]) -> Self {
        Self { earlier: Vec::new(), last }
    }
}

/// The fields of a message, one after the other.
pub(super) struct Fields<'a, 'm> {
    wire: Wire<'a>,
    more: std::slice::Iter<'m, &'a [u8]>,
    last: &'a [u8],
}

impl<'a> Fields<'a, '_> {
    /// The number of the next field and what stands there; `None` at the end.
    #[inline]
    pub(super) fn next(&mut self) -> Result<Option<(u32, Payload<'a>)>, Malformed> {
        loop {
            if let Some(field) = self.wire.field()? {
                return Ok(Some(field));
            }
            let next = self.more.next().copied().unwrap_or_else(|| std::mem::take(&mut self.last));
            if next.is_empty() {
                return Ok(None);
            }
            self.wire = Wire::new(next);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_fields_of_all_are_one_message() {
        let mut message = Message::default();
        assert!(message.is_empty() && message.fields().next().unwrap().is_none());
        for (part, expected) in
            [(&[0x08, 1][..], &[1][..]), (&[], &[1]), (&[0x08, 2, 0x08, 3], &[1, 2, 3]), (&[0x08, 4], &[1, 2, 3, 4])]
        {
            message.merge(part);
            let mut fields = message.fields();
            let mut values = Vec::new();
            while let Some((1, payload)) = fields.next().unwrap() {
                values.push(payload.varint().unwrap());
            }
            assert_eq!(values, expected);
        }
        assert_eq!((message.is_empty(), message.len()), (false, 8));
    }
}
