/// The names of the objects that are being written, to find one that comes twice.
#[derive(Debug, Default)]
pub(super) struct Names {
    /// Of all the objects that are open, the inner ones last.
    members: Vec<Member>,
    /// Kept for its memory only.
    marks: Vec<u64>,
}

/// Where a member stands in the text: its beginning, and the end of its name.
#[derive(Clone, Copy, Debug)]
struct Member {
    start: usize,
    end_of_name: usize,
    /// Equal names have equal marks, and hardly any others.
    mark: u64,
}

impl Names {
    pub(super) fn with_capacity(members: usize) -> Self {
        Self { members: Vec::with_capacity(members), marks: Vec::new() }
    }

    /// How many members are open; those of an object that begins now come after them.
    pub(super) fn len(&self) -> usize {
        self.members.len()
    }

    /// Notes a member by its name, and where in the text the name stands as it is written.
    pub(super) fn push(&mut self, name: &str, start: usize, end_of_name: usize) {
        self.members.push(Member { start, end_of_name, mark: mark(name) });
    }

    /// Ends the object whose members are those from `first` on, the text being all that is written of it so far. What
    /// its members must be instead if a name came twice: each name once, with its last value.
    pub(super) fn end(&mut self, first: usize, text: &str) -> Option<String> {
        self.marks.clear();
        self.marks.extend(self.members.iter().skip(first).map(|member| member.mark));
        self.marks.sort_unstable();
        let comes_twice = self.marks.windows(2).any(|two| matches!(two, [a, b] if a == b));
        let kept = comes_twice.then(|| self.members.get(first..).and_then(|members| last_of_each(members, text))).flatten();
        self.members.truncate(first);
        kept
    }
}

/// The members without each whose name comes again; `None` if none does.
fn last_of_each(members: &[Member], text: &str) -> Option<String> {
    let name = |member: &Member| text.get(member.start..member.end_of_name).unwrap_or_default();
    let mut sorted: Vec<_> = members.iter().map(|member| (name(member), member.start)).collect();
    sorted.sort_unstable();
    let repeated = sorted.windows(2).filter_map(|two| match two {
        [(name, start), (next, _)] if name == next => Some(*start),
        _ => None,
    });
    let mut removed: Vec<_> = repeated.collect();
    removed.sort_unstable();
    // A comma stands in front of the next one.
    let ends = members.iter().skip(1).map(|next| next.start - 1).chain([text.len()]);
    let ranges = members.iter().map(|member| member.start).zip(ends);
    let kept = ranges.filter(|(start, _)| removed.binary_search(start).is_err());
    let kept: Vec<_> = kept.filter_map(|(start, end)| text.get(start..end)).collect();
    (!removed.is_empty()).then(|| kept.join(","))
}

/// Mixes the bytes of a name, eight at a time.
fn mark(name: &str) -> u64 {
    let (words, rest) = name.as_bytes().as_chunks::<8>();
    let mut last = [0; 8];
    for (to, from) in last.iter_mut().zip(rest) {
        *to = *from;
    }
    let words = words.iter().chain([&last]).map(|word| u64::from_le_bytes(*word));
    words.fold(0, |mark, word| {
        // Both halves of the product, so that each bit moves each other one.
        let (low, high) = (mark ^ word).carrying_mul(0x9e37_79b9_7f4a_7c15, 0);
        low ^ high
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_differ_in_their_marks() {
        let names = (0..100_000).map(|n| format!("field{n:05}")).chain((0..100_000).map(|n| n.to_string()));
        let mut marks: Vec<_> = names.map(|name| mark(&name)).collect();
        marks.sort_unstable();
        marks.dedup();
        assert_eq!(marks.len(), 200_000);
        assert_eq!(mark("abcdefghi"), mark("abcdefghi"));
    }

    #[test]
    fn equal_marks_of_different_names_remove_nothing() {
        // Zeros at the end are no part of the mark.
        assert_eq!(mark("a"), mark("a\0"));
        let text = r#"{"a":1,"a\u0000":2"#;
        let mut names = Names::default();
        names.push("a", 1, 4);
        names.push("a\0", 7, 16);
        assert_eq!(names.end(0, text), None);
        assert_eq!(names.len(), 0);
    }
}
