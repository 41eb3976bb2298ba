use crate::event::string;

/// A key as a segment of the path of an error: `["a"]`, cut off where it is longer than anybody reads.
pub(super) fn of_key(key: &str) -> String {
    let key: String = key.chars().take(100).collect();
    let mut segment = "[".to_owned();
    string(&key, &mut segment);
    segment.push(']');
    segment
}

/// The place in a list as a segment of such a path: `[2]`.
pub(super) fn of_index(index: usize) -> String {
    format!("[{index}]")
}
