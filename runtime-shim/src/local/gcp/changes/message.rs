/// A message of protobuf that is being written.
///
/// Source: [Encoding](https://protobuf.dev/programming-guides/encoding/).
#[derive(Default)]
pub(super) struct Message(Vec<u8>);

impl Message {
    pub(super) fn integer(&mut self, number: u8, value: i64) {
        self.varint(u64::from(number) << 3);
        self.varint(value.cast_unsigned());
    }

    pub(super) fn double(&mut self, number: u8, value: f64) {
        self.varint(u64::from(number) << 3 | 1);
        self.0.extend(value.to_le_bytes());
    }

    /// A text, or a message that is finished.
    pub(super) fn bytes(&mut self, number: u8, bytes: &[u8]) {
        self.varint(u64::from(number) << 3 | 2);
        self.varint(u64::try_from(bytes.len()).unwrap_or(u64::MAX));
        self.0.extend(bytes);
    }

    pub(super) fn message(&mut self, number: u8, message: &Self) {
        self.bytes(number, &message.0);
    }

    pub(super) fn into_bytes(self) -> Vec<u8> {
        self.0
    }

    fn varint(&mut self, mut value: u64) {
        while value > 0x7f {
            self.0.push(u8::try_from(value & 0x7f).unwrap_or_default() | 0x80);
            value >>= 7;
        }
        self.0.push(u8::try_from(value).unwrap_or_default());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_written_as_the_document_has_them() {
        let mut message = Message::default();
        message.integer(1, 150);
        message.bytes(2, b"testing");
        message.integer(17, -2);
        message.double(3, 1.0);
        let expected = [
            &[0x08, 0x96, 0x01][..],
            b"\x12\x07testing",
            &[0x88, 0x01, 0xfe, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01],
            &[0x19, 0, 0, 0, 0, 0, 0, 0xf0, 0x3f],
        ];
        assert_eq!(message.into_bytes(), expected.concat());
    }
}
