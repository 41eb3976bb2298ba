//! How an item lies in the store: a version, its channel, then its parts, each behind its length.

use bytes::Bytes;

use super::{Item, StoreError};
use crate::event::Time;

const VERSION: u8 = 1;

pub(super) fn encode(channel: u32, item: &Item) -> Vec<u8> {
    let mut record = Vec::with_capacity(128_usize.saturating_add(item.data.len()));
    record.push(VERSION);
    record.extend(channel.to_le_bytes());
    part(&mut record, item.id.as_bytes());
    part(&mut record, item.sent.to_string().as_bytes());
    part(&mut record, item.source.as_bytes());
    for text in [&item.ty, &item.subject, &item.media_type, &item.group] {
        record.push(u8::from(text.is_some()));
        if let Some(text) = text {
            part(&mut record, text.as_bytes());
        }
    }
    // An item is checked before it is encoded: every length fits.
    record.extend(u32::try_from(item.attributes.len()).unwrap_or(u32::MAX).to_le_bytes());
    for (name, value) in &item.attributes {
        part(&mut record, name.as_bytes());
        part(&mut record, value.as_bytes());
    }
    record.extend_from_slice(&item.data);
    record
}

fn part(record: &mut Vec<u8>, bytes: &[u8]) {
    record.extend(u32::try_from(bytes.len()).unwrap_or(u32::MAX).to_le_bytes());
    record.extend_from_slice(bytes);
}

/// The channel that a record is of.
pub(super) fn channel(record: &[u8]) -> Result<u32, StoreError> {
    Reader(record).head().ok_or_else(StoreError::damaged_record)
}

pub(super) fn decode(record: &[u8]) -> Result<Item, StoreError> {
    Reader(record).item().ok_or_else(StoreError::damaged_record)
}

struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    fn item(mut self) -> Option<Item> {
        self.head()?;
        let id = self.text()?;
        let sent = Time::parse(&self.text()?)?;
        let source = self.text()?;
        let (ty, subject, media_type, group) = (self.option()?, self.option()?, self.option()?, self.option()?);
        let mut attributes = Vec::new();
        for _ in 0..self.number()? {
            attributes.push((self.text()?, self.text()?));
        }
        let data = Bytes::copy_from_slice(self.0);
        Some(Item { id, sent, source, ty, subject, media_type, group, attributes, data })
    }

    fn head(&mut self) -> Option<u32> {
        (self.bytes(1)? == [VERSION]).then_some(())?;
        self.number()
    }

    fn option(&mut self) -> Option<Option<String>> {
        match self.bytes(1)? {
            [0] => Some(None),
            [1] => self.text().map(Some),
            _ => None,
        }
    }

    fn text(&mut self) -> Option<String> {
        let length = usize::try_from(self.number()?).ok()?;
        String::from_utf8(self.bytes(length)?.to_vec()).ok()
    }

    fn number(&mut self) -> Option<u32> {
        Some(u32::from_le_bytes(self.bytes(4)?.try_into().ok()?))
    }

    fn bytes(&mut self, length: usize) -> Option<&'a [u8]> {
        let (bytes, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        Some(bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn full() -> Item {
        Item {
            sent: Time::parse("2026-11-26T09:00:00.123456789Z").unwrap(),
            source: "source".into(),
            ty: Some(String::new()),
            subject: Some("über\0".into()),
            media_type: Some("text/plain".into()),
            group: Some("g".into()),
            attributes: vec![("a".into(), "1".into()), ("a".into(), String::new())],
            ..Item::new("id", vec![0, 255, 128])
        }
    }

    #[test]
    fn an_item_comes_back_as_it_was() {
        for item in [full(), Item::new("", "")] {
            let record = encode(7, &item);
            assert_eq!(channel(&record).unwrap(), 7);
            assert_eq!(decode(&record).unwrap(), item);
        }
    }

    #[test]
    fn a_record_cut_short_is_refused_unless_only_data_is_gone() {
        let record = encode(7, &full());
        for length in 0..record.len() {
            assert_eq!(decode(&record[..length]).is_ok(), length >= record.len() - 3, "{length} bytes");
        }
    }

    #[test]
    fn another_version_is_refused() {
        let mut record = encode(7, &full());
        record[0] = 2;
        assert!(decode(&record).unwrap_err().is_damaged());
        assert!(channel(&record).unwrap_err().is_damaged());
    }
}
