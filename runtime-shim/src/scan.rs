//! How far a JSON string is plain text: without an escape, its end, or what may not stand in one.

/// How many bytes come before the first quote, backslash or control character; all of them if there is none.
#[inline]
pub(crate) fn plain(bytes: &[u8]) -> usize {
    // Most names and values end soon.
    let mut at = 0;
    for _ in 0..2 {
        let Some(word) = bytes.get(at..).and_then(<[u8]>::first_chunk) else { break };
        let run = word_of(*word);
        at += run;
        if run < 8 {
            return at;
        }
    }
    far(bytes, at)
}

/// The same, where as many bytes as `at` are plain.
#[inline(never)]
fn far(bytes: &[u8], mut at: usize) -> usize {
    for _ in 0..4 {
        let Some(word) = bytes.get(at..).and_then(<[u8]>::first_chunk) else { break };
        let run = word_of(*word);
        at += run;
        if run < 8 {
            return at;
        }
    }
    let rest = bytes.get(at..).unwrap_or_default();
    // The end is found by the processor's widest instructions; a look at all that is before it takes few more.
    let run = rest.get(..memchr::memchr2(b'"', b'\\', rest).unwrap_or(rest.len())).unwrap_or_default();
    let is_plain = run.iter().fold(u8::MAX, |least, byte| least.min(*byte)) >= 0x20;
    at + if is_plain { run.len() } else { run.iter().take_while(|byte| !is_special(**byte)).count() }
}

/// The same of eight bytes.
#[inline]
pub(crate) fn word_of(word: [u8; 8]) -> usize {
    const ONES: u64 = u64::from_le_bytes([1; 8]);
    const TOPS: u64 = ONES << 7;
    let word = u64::from_le_bytes(word);
    // The top bit of the lowest byte that is smaller is set, and of no byte below it. With its second bit turned, a quote stands
    // next to the control characters; a backslash is turned to zero.
    let control_or_quote = (word ^ (ONES * 0x02)).wrapping_sub(ONES * 0x21);
    let backslash = (word ^ (ONES * 0x5c)).wrapping_sub(ONES);
    let special = (control_or_quote | backslash) & !word & TOPS;
    usize::try_from(special.trailing_zeros() / 8).unwrap_or_default()
}

/// Whether a byte is no plain text.
#[inline]
pub(crate) fn is_special(byte: u8) -> bool {
    (byte < 0x20) | (byte == b'"') | (byte == b'\\')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{is_special, plain, word_of};

    #[test]
    fn each_byte_is_plain_or_not_wherever_it_stands() {
        for byte in 0..=u8::MAX {
            let stops = byte < 0x20 || [b'"', b'\\'].contains(&byte);
            for at in 0..8 {
                let mut word = [b'x'; 8];
                word[at] = byte;
                assert_eq!(word_of(word), if stops { at } else { 8 }, "{byte} at {at}");
            }
        }
    }

    proptest! {
        #[test]
        fn the_length_is_that_of_what_is_plain(length in 0_usize..200, other: u8, filler: u8) {
            let mut bytes = vec![if is_special(filler) { b'x' } else { filler }; length];
            bytes.push(other);
            bytes.extend([b'x', b'"'].repeat(40));
            let want = bytes.iter().position(|byte| is_special(*byte)).unwrap();
            prop_assert_eq!(plain(&bytes), want);
            prop_assert_eq!(plain(&bytes[..length]), length);
        }
    }
}
