//! Names that providers take, made of those that the code has.

/// In lower case, with hyphens in place of what such names do not hold, and none at an end.
pub(crate) fn plain(text: &str) -> String {
    let text = text.to_ascii_lowercase();
    text.replace(|char: char| !char.is_ascii_lowercase() && !char.is_ascii_digit(), "-").trim_matches('-').to_owned()
}

/// The name, or as much of it as there is room for and a few digits that tell it from others which begin so.
pub(crate) fn short(name: &str, room: usize) -> String {
    if name.len() <= room {
        return name.to_owned();
    }
    // FNV-1a, which is the same on every machine.
    let hash = name.bytes().fold(0x811c_9dc5_u32, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193));
    let kept: String = name.chars().take(room.saturating_sub(9)).collect();
    format!("{}-{hash:08x}", kept.trim_end_matches('-'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_plain_and_short() {
        for (text, want) in [("my_fn", "my-fn"), ("Shop", "shop"), ("a-", "a"), ("_", ""), ("fulfil-orders", "fulfil-orders")] {
            assert_eq!(plain(text), want);
        }
        let (one, other) = (short(&"a".repeat(60), 49), short(&"a".repeat(61), 49));
        assert!(one.len() == 49 && one != other && one.starts_with("aaaa"), "{one} {other}");
        assert_eq!(short("a", 1), "a");
    }
}
