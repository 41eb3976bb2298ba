//! The wire format of protobuf, without any message's meaning.
//!
//! Source: [Encoding](https://protobuf.dev/programming-guides/encoding/).

use crate::DecodeError;

/// The fields of a message, one after the other, in the order in which they stand.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Wire<'a>(&'a [u8]);

/// What stands in a field.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Payload<'a> {
    Varint(u64),
    Eight([u8; 8]),
    /// A text, bytes or a message.
    Bytes(&'a [u8]),
    Four,
}

/// Why bytes are no protobuf. Where they stand is for the caller to say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Malformed(&'static str);

impl Malformed {
    /// The same, found in a field of this name.
    pub(super) fn at(self, field: &str) -> DecodeError {
        DecodeError::at(field, self.0)
    }
}

impl From<Malformed> for DecodeError {
    fn from(Malformed(reason): Malformed) -> Self {
        Self::at("", reason)
    }
}

impl<'a> Wire<'a> {
    pub(super) fn new(message: &'a [u8]) -> Self {
        Self(message)
    }

    /// The number of the next field and what stands there; `None` at the end.
    #[inline]
    pub(super) fn field(&mut self) -> Result<Option<(u32, Payload<'a>)>, Malformed> {
        if self.0.is_empty() {
            return Ok(None);
        }
        let tag = u32::try_from(self.varint()?).map_err(|_| Malformed("a field number that is too large"))?;
        let number = tag >> 3;
        if number == 0 {
            return Err(Malformed("a field without a number"));
        }
        let payload = match tag & 7 {
            0 => Payload::Varint(self.varint()?),
            1 => Payload::Eight(self.array()?),
            2 => Payload::Bytes(self.bytes()?),
            5 => {
                self.array::<4>()?;
                Payload::Four
            }
            3 | 4 => return Err(Malformed("a group, which no message here has")),
            _ => return Err(Malformed("a wire type that does not exist")),
        };
        Ok(Some((number, payload)))
    }

    #[inline]
    fn varint(&mut self) -> Result<u64, Malformed> {
        match self.0.split_first() {
            Some((byte, rest)) if *byte < 0x80 => {
                self.0 = rest;
                Ok(u64::from(*byte))
            }
            _ => self.long_varint(),
        }
    }

    /// A negative number has ten bytes, the last of which holds but its highest bit.
    fn long_varint(&mut self) -> Result<u64, Malformed> {
        let mut value = 0;
        let mut bytes = self.0.iter();
        for shift in (0..70).step_by(7) {
            let byte = *bytes.next().ok_or(Malformed("ends within a number"))?;
            if shift == 63 && byte > 1 {
                return Err(Malformed("a number of more than 64 bits"));
            }
            value |= u64::from(byte & 0x7f) << shift;
            if byte < 0x80 {
                self.0 = bytes.as_slice();
                return Ok(value);
            }
        }
        Err(Malformed("a number of more than 64 bits"))
    }

    fn array<const N: usize>(&mut self) -> Result<[u8; N], Malformed> {
        let (array, rest) = self.0.split_first_chunk().ok_or(Malformed("ends within a number"))?;
        self.0 = rest;
        Ok(*array)
    }

    #[inline]
    fn bytes(&mut self) -> Result<&'a [u8], Malformed> {
        let length = usize::try_from(self.varint()?).ok();
        let (bytes, rest) =
            length.and_then(|length| self.0.split_at_checked(length)).ok_or(Malformed("a length past the end"))?;
        self.0 = rest;
        Ok(bytes)
    }
}

impl<'a> Payload<'a> {
    pub(super) fn varint(self) -> Result<u64, Malformed> {
        match self {
            Self::Varint(value) => Ok(value),
            _ => Err(Malformed("expected a varint")),
        }
    }

    pub(super) fn integer(self) -> Result<i64, Malformed> {
        self.varint().map(u64::cast_signed)
    }

    pub(super) fn double(self) -> Result<f64, Malformed> {
        match self {
            Self::Eight(bytes) => Ok(f64::from_le_bytes(bytes)),
            _ => Err(Malformed("expected eight bytes")),
        }
    }

    pub(super) fn bytes(self) -> Result<&'a [u8], Malformed> {
        match self {
            Self::Bytes(bytes) => Ok(bytes),
            _ => Err(Malformed("expected bytes with their length")),
        }
    }

    pub(super) fn text(self) -> Result<&'a str, Malformed> {
        std::str::from_utf8(self.bytes()?).map_err(|_| Malformed("not UTF-8"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fields(message: &[u8]) -> Result<Vec<(u32, Payload<'_>)>, Malformed> {
        let mut wire = Wire::new(message);
        let mut fields = Vec::new();
        while let Some(field) = wire.field()? {
            fields.push(field);
        }
        Ok(fields)
    }

    #[test]
    fn each_wire_type_is_read() {
        // Worked out by hand from the table in the document: tag = number << 3 | wire type.
        let message = [
            &[0x08, 0x96, 0x01][..],
            &[0x11, 0, 0, 0, 0, 0, 0, 0xf0, 0x3f],
            &[0x1a, 2, b'h', b'i'],
            &[0x25, 1, 2, 3, 4],
            &[0x8a, 0x01, 0],
            &[0xf8, 0xff, 0xff, 0xff, 0x0f, 1],
        ]
        .concat();
        let expected = [
            (1, Payload::Varint(150)),
            (2, Payload::Eight(1_f64.to_le_bytes())),
            (3, Payload::Bytes(b"hi")),
            (4, Payload::Four),
            (17, Payload::Bytes(b"")),
            ((1 << 29) - 1, Payload::Varint(1)),
        ];
        assert_eq!(fields(&message).unwrap(), expected);
        assert_eq!(fields(&[]).unwrap(), []);
    }

    #[test]
    fn a_negative_number_has_ten_bytes() {
        let integer = |varint: &[u8]| {
            let message = [&[0x08], varint].concat();
            fields(&message).map(|fields| fields[0].1.integer().unwrap())
        };
        assert_eq!(integer(&[0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01]), Ok(-1));
        assert_eq!(integer(&[0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x01]), Ok(i64::MIN));
        assert_eq!(integer(&[0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f]), Ok(i64::MAX));
        // More bytes than are needed say the same.
        assert_eq!(integer(&[0x85, 0x80, 0x00]), Ok(5));
        let eleven = [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x81, 0x00];
        assert_eq!(integer(&eleven), Err(Malformed("a number of more than 64 bits")));
        assert_eq!(
            integer(&[0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x02]),
            Err(Malformed("a number of more than 64 bits"))
        );
    }

    #[test]
    fn what_is_no_protobuf_is_refused() {
        for (message, reason) in [
            (&[0x08][..], "ends within a number"),
            (&[0x08, 0x80], "ends within a number"),
            (&[0x80], "ends within a number"),
            (&[0x09, 0, 0, 0, 0, 0, 0, 0], "ends within a number"),
            (&[0x0d, 0, 0, 0], "ends within a number"),
            (&[0x0a, 2, 0], "a length past the end"),
            (&[0x0a, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01], "a length past the end"),
            (&[0x0b], "a group, which no message here has"),
            (&[0x0c], "a group, which no message here has"),
            (&[0x0e], "a wire type that does not exist"),
            (&[0x0f], "a wire type that does not exist"),
            (&[0x00, 0x00], "a field without a number"),
            (&[0x80, 0x80, 0x80, 0x80, 0x10, 0x00], "a field number that is too large"),
        ] {
            assert_eq!(fields(message), Err(Malformed(reason)), "{message:?}");
        }
    }

    #[test]
    fn another_wire_type_than_the_fields_is_refused() {
        let payloads = [Payload::Varint(1), Payload::Eight([0; 8]), Payload::Bytes(&[0xff]), Payload::Four];
        assert_eq!(payloads.map(|payload| payload.integer().is_ok()), [true, false, false, false]);
        assert_eq!(payloads.map(|payload| payload.double().is_ok()), [false, true, false, false]);
        assert_eq!(payloads.map(|payload| payload.bytes().is_ok()), [false, false, true, false]);
        assert_eq!(payloads.map(|payload| payload.text().is_ok()), [false; 4]);
    }
}
