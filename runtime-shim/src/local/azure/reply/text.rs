/// JSON text with each member and element on a line of its own, as the host writes an object anew; numbers keep their digits.
pub(super) fn indented(json: &str) -> String {
    let mut out = String::with_capacity(json.len().saturating_mul(2));
    let (mut depth, mut in_text, mut escaped) = (0_usize, false, false);
    let mut chars = json.chars().filter(|c| !c.is_ascii_whitespace() || *c == ' ').peekable();
    let line = |out: &mut String, depth: usize| {
        out.push('\n');
        out.extend(std::iter::repeat_n("  ", depth));
    };
    while let Some(c) = chars.next() {
        if in_text {
            out.push(c);
            in_text = escaped || c != '"';
            escaped = !escaped && c == '\\';
            continue;
        }
        match c {
            ' ' => {}
            '"' => {
                in_text = true;
                out.push(c);
            }
            '{' | '[' => {
                out.push(c);
                while chars.next_if_eq(&' ').is_some() {}
                if let Some(end) = chars.next_if(|next| matches!(next, '}' | ']')) {
                    out.push(end);
                } else {
                    depth = depth.saturating_add(1);
                    line(&mut out, depth);
                }
            }
            '}' | ']' => {
                depth = depth.saturating_sub(1);
                line(&mut out, depth);
                out.push(c);
            }
            ',' => {
                out.push(c);
                line(&mut out, depth);
            }
            ':' => out.push_str(": "),
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::indented;

    #[test]
    fn every_member_has_its_line_and_texts_and_digits_stay() {
        let json = "{\"a\" : [ 1 , {\"b\":\"x, {y}\\\" : z\"}],\n\"c\":{ },\"d\":[],\"n\":123456789012345678901234567890.50}";
        let want = concat!(
            "{\n  \"a\": [\n    1,\n    {\n      \"b\": \"x, {y}\\\" : z\"\n    }\n  ],\n  \"c\": {},\n  \"d\": [],\n",
            "  \"n\": 123456789012345678901234567890.50\n}"
        );
        assert_eq!(indented(json), want);
    }
}
