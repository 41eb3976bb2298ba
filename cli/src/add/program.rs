//! The text of a program with one function more; all else stays as its author has it.

use std::{ops::Range, str::FromStr};

use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};

/// The text with `mod NAME;` and with `NAME::NAME` in `main!(..)`, or why that cannot be.
pub(super) fn with(text: &str, name: &str) -> Result<String, String> {
    let tokens = TokenStream::from_str(text).map_err(|error| format!("this is no Rust that can be read: {error}"))?;
    let tokens: Vec<_> = tokens.into_iter().collect();
    let main = main(&tokens)?;
    if is_declared(&tokens, name) {
        return Err(format!("there is something called `{name}` already"));
    }
    let (at, item) = item(text, &main, name)?;
    let (module_at, module) = module(text, &tokens, name);
    // From the end on, so that the other place stays where it is.
    let mut places = [(at, item), (module_at, module)];
    places.sort_by_key(|(at, _)| std::cmp::Reverse(*at));
    let mut changed = text.to_owned();
    for (at, inserted) in places {
        changed.insert_str(at, &inserted);
    }
    Ok(changed)
}

/// What stands in the parentheses of the file's only `main!(..)`.
fn main(tokens: &[TokenTree]) -> Result<Group, String> {
    let found = tokens.windows(3).filter_map(|window| match window {
        [TokenTree::Ident(main), TokenTree::Punct(mark), TokenTree::Group(group)] if main == "main" && mark.as_char() == '!' => {
            Some(group)
        }
        _ => None,
    });
    match found.collect::<Vec<_>>().as_slice() {
        [main] => Ok((*main).clone()),
        [] => Err("there is no `polyfn::main!(..)` in it, to which the function could be added".to_owned()),
        _ => Err("there are several `polyfn::main!(..)` in it; add the function to one by hand".to_owned()),
    }
}

/// Where the function's name goes in `main!(..)`, and in which words.
fn item(text: &str, main: &Group, name: &str) -> Result<(usize, String), String> {
    let inside: Vec<_> = main.stream().into_iter().collect();
    let is = |token: &TokenTree, wanted: char| matches!(token, TokenTree::Punct(punct) if punct.as_char() == wanted);
    let list = inside.split(|token| is(token, ';')).next().unwrap_or_default();
    if let [TokenTree::Ident(key), equals, ..] = list
        && is(equals, '=')
    {
        return Err(format!("`main!({key} = ..)` runs no list of functions"));
    }
    let of_the_name = |item: &&[TokenTree]| matches!(item.last(), Some(TokenTree::Ident(last)) if last == name);
    if list.split(|token| is(token, ',')).any(|item| of_the_name(&item)) {
        return Err(format!("`main!(..)` has a function `{name}` already"));
    }
    let opening = range(&TokenTree::Group(main.clone())).start + 1;
    let Some(last) = list.last() else { return Ok((opening, format!("{name}::{name}"))) };
    let (end, is_closed) = (range(last).end, is(last, ','));
    // The last item begins after the last comma that something follows.
    let named = if is_closed { list.split_last().map_or(list, |(_, before)| before) } else { list };
    let first = named.rsplit(|token| is(token, ',')).next().and_then(<[_]>::first).map_or(opening, |first| range(first).start);
    let line = text.get(..first).unwrap_or_default();
    let indent = line.rsplit_once('\n').map(|(_, indent)| indent).filter(|indent| indent.trim().is_empty());
    let newline = if text.contains("\r\n") { "\r\n" } else { "\n" };
    let space = indent.map_or_else(|| " ".to_owned(), |indent| format!("{newline}{indent}"));
    Ok(if is_closed { (end, format!("{space}{name}::{name},")) } else { (end, format!(",{space}{name}::{name}")) })
}

/// Where `mod NAME;` goes, and in which words: after the last plain one, or before all else.
fn module(text: &str, tokens: &[TokenTree], name: &str) -> (usize, String) {
    let newline = if text.contains("\r\n") { "\r\n" } else { "\n" };
    let mut after = tokens.windows(3).enumerate().filter_map(|(at, window)| match window {
        [TokenTree::Ident(word), TokenTree::Ident(_), TokenTree::Punct(end)] if word == "mod" && end.as_char() == ';' => {
            let before = at.checked_sub(1).and_then(|before| tokens.get(before));
            // What follows an attribute or `pub` is of another kind, such as `#[cfg(test)] mod tests;`.
            let is_plain = before
                .is_none_or(|before| matches!(before, TokenTree::Punct(punct) if punct.as_char() == ';') || is_inner(tokens, at));
            is_plain.then(|| window.last().map(|end| range(end).end)).flatten()
        }
        _ => None,
    });
    if let Some(end) = after.next_back() {
        return (end, format!("{newline}mod {name};"));
    }
    let mut rest = tokens;
    while let [TokenTree::Punct(hash), TokenTree::Punct(mark), TokenTree::Group(_), more @ ..] = rest
        && (hash.as_char(), mark.as_char()) == ('#', '!')
    {
        rest = more;
    }
    let at = rest.first().map_or(text.len(), |first| range(first).start);
    (at, format!("mod {name};{newline}{newline}"))
}

/// Whether the token before this place ends an inner attribute, such as `#![..]` or `//! ..`.
fn is_inner(tokens: &[TokenTree], at: usize) -> bool {
    let before = at.checked_sub(3).and_then(|from| tokens.get(from..at));
    matches!(before, Some([TokenTree::Punct(hash), TokenTree::Punct(mark), TokenTree::Group(_)]) if (hash.as_char(), mark.as_char()) == ('#', '!'))
}

/// Whether the file has an item of this name that a module of it would clash with.
fn is_declared(tokens: &[TokenTree], name: &str) -> bool {
    let items = ["fn", "mod", "struct", "enum", "union", "trait", "type", "const", "static"];
    tokens.windows(2).any(|window| {
        matches!(window, [TokenTree::Ident(word), TokenTree::Ident(named)] if named == name && items.iter().any(|item| word == item))
    }) || imports(tokens, name)
}

/// Whether a `use` of the file brings this name in.
fn imports(tokens: &[TokenTree], name: &str) -> bool {
    let statements = tokens.split(|token| matches!(token, TokenTree::Punct(punct) if punct.as_char() == ';'));
    let mut uses = statements.filter_map(|tokens| {
        let at = tokens.iter().position(|token| matches!(token, TokenTree::Ident(word) if word == "use"))?;
        tokens.get(at + 1..)
    });
    uses.any(|tree| brings(tree, name))
}

fn brings(tree: &[TokenTree], name: &str) -> bool {
    tree.split(|token| matches!(token, TokenTree::Punct(punct) if punct.as_char() == ',')).any(|path| match path.last() {
        Some(TokenTree::Ident(last)) => last == name,
        Some(TokenTree::Group(group)) if group.delimiter() == Delimiter::Brace => {
            brings(&group.stream().into_iter().collect::<Vec<_>>(), name)
        }
        _ => false,
    })
}

fn range(token: &TokenTree) -> Range<usize> {
    token.span().byte_range()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rest_stays_as_it_is() {
        for (before, after) in [
            (
                "//! Doc.\n\nuse polyfn::function;\n\nfn hello() {}\n\npolyfn::main!(hello);\n\n#[cfg(test)]\nmod tests;\n",
                "//! Doc.\n\nmod more;\n\nuse polyfn::function;\n\nfn hello() {}\n\npolyfn::main!(hello, more::more);\n\n#[cfg(test)]\nmod tests;\n",
            ),
            // Options, a comma at the end, another delimiter, no space.
            ("main!{a,b,;init=c}", "mod more;\n\nmain!{a,b, more::more,;init=c}"),
            ("polyfn :: main ! [ a ; init = c ] ;", "mod more;\n\npolyfn :: main ! [ a, more::more ; init = c ] ;"),
            // One a line, with comments, in whatever indentation.
            (
                "mod é;\nmod b;\npolyfn::main!(\n\t  a, // the é one\n\t  b::b, // and b\n\t  ; init = c\n);",
                "mod é;\nmod b;\nmod more;\npolyfn::main!(\n\t  a, // the é one\n\t  b::b,\n\t  more::more, // and b\n\t  ; init = c\n);",
            ),
            ("use a;\r\nmain!(\r\n  a\r\n);\r\n", "mod more;\r\n\r\nuse a;\r\nmain!(\r\n  a,\r\n  more::more\r\n);\r\n"),
            (
                "//! Doc.\n#![forbid(unsafe_code)]\nmod a;\nmain!(a::a);",
                "//! Doc.\n#![forbid(unsafe_code)]\nmod a;\nmod more;\nmain!(a::a, more::more);",
            ),
            // What only looks like it.
            (
                "const A: &str = r#\"polyfn::main!(x)\"#; // polyfn::main!(y)\n/* main!(z) /* */ */ fn f<'a>() { main!(w) }\nmain!(a);",
                "mod more;\n\nconst A: &str = r#\"polyfn::main!(x)\"#; // polyfn::main!(y)\n/* main!(z) /* */ */ fn f<'a>() { main!(w) }\nmain!(a, more::more);",
            ),
            ("main!(#[cfg(unix)] a, #[cfg(windows)] b)", "mod more;\n\nmain!(#[cfg(unix)] a, #[cfg(windows)] b, more::more)"),
        ] {
            assert_eq!(with(before, "more").unwrap(), after);
        }
    }

    #[test]
    fn what_cannot_be_changed_is_told() {
        for (text, message) in [
            ("fn main() {}", "there is no `polyfn::main!(..)`"),
            ("// main!(a)", "there is no `polyfn::main!(..)`"),
            ("main!(a); main!(b);", "there are several"),
            ("main!(service = router, init = x);", "`main!(service = ..)` runs no list"),
            ("main!(a, more);", "has a function `more` already"),
            ("main!(b::more; init = c);", "has a function `more` already"),
            ("fn more() {} main!(a);", "something called `more` already"),
            ("use a::{b, c::{more}}; main!(a);", "something called `more` already"),
            ("use a::x as more; main!(a);", "something called `more` already"),
            ("main!(a;", "no Rust that can be read"),
        ] {
            let told = with(text, "more").unwrap_err();
            assert!(told.contains(message), "{text}: {told}");
        }
    }
}
