use crate::event::string_length;

/// How deep lines are broken; what is deeper stays on one line, or the indentation of hostile JSON would fill the memory.
const DEPTH: usize = 40;
/// How long a list of plain values may be to stand on one line.
const SHORT: usize = 100;

/// JSON that is on one line, indented for people; every token stays as it is.
pub(super) fn pretty(json: &str) -> String {
    let mut out = String::with_capacity(json.len().saturating_mul(2));
    let mut depth = 0_usize;
    let mut rest = json;
    while let Some(first) = rest.chars().next() {
        let whole = if depth > DEPTH && matches!(first, '[' | '{') { container(rest) } else { flat(rest) };
        let length = match first {
            '"' => string_length(rest),
            _ => whole.unwrap_or(first.len_utf8()),
        };
        let (token, after) = rest.split_at_checked(length).unwrap_or((rest, ""));
        rest = after;
        match token {
            "{" | "[" => {
                depth += 1;
                out.push_str(token);
                line(&mut out, depth);
            }
            "}" | "]" => {
                depth = depth.saturating_sub(1);
                line(&mut out, depth);
                out.push_str(token);
            }
            "," => {
                out.push(',');
                line(&mut out, depth);
            }
            ":" => out.push_str(": "),
            _ if token.len() > 2 && token.starts_with('[') && depth <= DEPTH => spaced(token, &mut out),
            _ => out.push_str(token),
        }
    }
    out.push('\n');
    out
}

fn line(out: &mut String, depth: usize) {
    out.push('\n');
    out.extend(std::iter::repeat_n("  ", depth));
}

/// How long the object or array is that the text begins with.
fn container(json: &str) -> Option<usize> {
    walk(json, usize::MAX, usize::MAX)
}

/// The same if it is empty, or a short array of plain values: what stands on one line.
fn flat(json: &str) -> Option<usize> {
    if json.starts_with("{}") { Some(2) } else { json.starts_with('[').then(|| walk(json, SHORT, 1))? }
}

fn walk(json: &str, longest: usize, deepest: usize) -> Option<usize> {
    let (mut depth, mut in_string, mut escaped) = (0_usize, false, false);
    for (at, byte) in json.bytes().enumerate().take(longest) {
        match byte {
            _ if in_string => {
                in_string = escaped || byte != b'"';
                escaped = !escaped && byte == b'\\';
            }
            b'"' => in_string = true,
            b'[' | b'{' => depth += 1,
            b']' | b'}' => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth > deepest {
            return None;
        }
        if depth == 0 {
            return Some(at + 1);
        }
    }
    None
}

/// A short array with a space after each comma.
fn spaced(array: &str, out: &mut String) {
    let mut rest = array;
    while let Some(first) = rest.chars().next() {
        let length = if first == '"' { string_length(rest) } else { first.len_utf8() };
        let (token, after) = rest.split_at_checked(length).unwrap_or((rest, ""));
        out.push_str(token);
        if token == "," {
            out.push(' ');
        }
        rest = after;
    }
}

#[cfg(test)]
mod tests {
    use super::pretty;
    use crate::event::compact;

    #[test]
    fn lines_are_broken_between_tokens_only() {
        let json = r#"{"a":[],"b":{},"c":[1,"x, [y"],"d":{"e":[[1],{"f":null}]},"g\"{":1.50}"#;
        let want = r#"{
  "a": [],
  "b": {},
  "c": [1, "x, [y"],
  "d": {
    "e": [
      [1],
      {
        "f": null
      }
    ]
  },
  "g\"{": 1.50
}
"#;
        assert_eq!(pretty(json), want);
        assert_eq!(compact(want).unwrap().get(), json);
    }

    #[test]
    fn a_long_list_and_deep_nesting_stay_readable_and_small() {
        let list = format!("[{}1]", "1,".repeat(60));
        assert_eq!(pretty(&list).lines().count(), 63);
        let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
        let shown = pretty(&deep);
        assert!(shown.len() < deep.len() + 10_000, "{}", shown.len());
        assert_eq!(compact(&shown).unwrap().get(), deep);
    }
}
