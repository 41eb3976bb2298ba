//! Base64 by its definition (RFC 4648), so that the expected bytes share nothing with what is tested.

const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

pub(crate) fn encode(bytes: &[u8]) -> String {
    let mut text = String::new();
    for chunk in bytes.chunks(3) {
        let mut group = [0; 3];
        group[..chunk.len()].copy_from_slice(chunk);
        let number = u32::from_be_bytes([0, group[0], group[1], group[2]]);
        for place in 0..4 {
            let letter = usize::try_from(number >> (18 - 6 * place) & 63).expect("six bits");
            text.push(if place <= chunk.len() { char::from(LETTERS[letter]) } else { '=' });
        }
    }
    text
}

pub(crate) fn decode(text: &str) -> Vec<u8> {
    let digits: Vec<u32> = text
        .bytes()
        .filter(|byte| *byte != b'=')
        .map(|byte| LETTERS.iter().position(|letter| *letter == byte).expect("a letter of base64"))
        .map(|digit| u32::try_from(digit).expect("six bits"))
        .collect();
    let bytes = digits.chunks(4).flat_map(|chunk| {
        let number = chunk.iter().fold(0, |number, digit| number << 6 | digit) << (6 * (4 - chunk.len()));
        number.to_be_bytes().into_iter().skip(1).take(chunk.len() - 1)
    });
    bytes.collect()
}
