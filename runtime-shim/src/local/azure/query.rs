use percent_encoding::percent_decode_str;

/// The query as the host's dictionary has it: keys without regard to letter case, values decoded and joined by commas.
pub(super) fn joined(query: &str) -> Vec<(String, String)> {
    let mut joined: Vec<(String, String)> = Vec::new();
    for pair in query.split('&').filter(|pair| !pair.is_empty()) {
        let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
        let (key, value) = (decode(key), decode(value));
        match joined.iter_mut().find(|(have, _)| have.eq_ignore_ascii_case(&key)) {
            Some((_, values)) => {
                values.push(',');
                values.push_str(&value);
            }
            None => joined.push((key, value)),
        }
    }
    joined
}

fn decode(text: &str) -> String {
    percent_decode_str(&text.replace('+', " ")).decode_utf8_lossy().into_owned()
}

#[cfg(test)]
mod tests {
    use super::joined;

    #[test]
    fn repeated_keys_are_joined() {
        let pairs = joined("a=1&b&A=2&c=x+y%2Cz&");
        let pairs: Vec<_> = pairs.iter().map(|(key, value)| (key.as_str(), value.as_str())).collect();
        assert_eq!(pairs, [("a", "1,2"), ("b", ""), ("c", "x y,z")]);
    }
}
