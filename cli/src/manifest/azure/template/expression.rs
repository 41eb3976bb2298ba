//! Expressions of the template language, without the brackets around a whole one.
//!
//! Source: [Template syntax](https://learn.microsoft.com/azure/azure-resource-manager/templates/template-expressions).

/// The text itself, within an expression.
pub(super) fn text(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

/// The value of a member that is this text, whatever it begins with.
pub(super) fn literal(text: &str) -> String {
    if text.starts_with('[') { format!("[{text}") } else { text.to_owned() }
}

/// The value of a member that is this expression.
pub(super) fn value(expression: &str) -> String {
    format!("[{expression}]")
}

pub(super) fn variable(name: &str) -> String {
    format!("variables({})", text(name))
}

/// The id of a resource of this type, its names from the outermost one on.
pub(super) fn id(ty: &str, names: &[&str]) -> String {
    format!("resourceId({}, {})", text(ty), names.join(", "))
}

/// The name of a resource within others: their names and its own.
pub(super) fn path(names: &[&str]) -> String {
    match names {
        [one] => value(one),
        _ => {
            let holes: Vec<_> = (0..names.len()).map(|at| format!("{{{at}}}")).collect();
            value(&format!("format({}, {})", text(&holes.join("/")), names.join(", ")))
        }
    }
}

/// The part of a text for `format`, in which braces stand for values.
pub(super) fn unformatted(text: &str) -> String {
    text.replace('{', "{{").replace('}', "}}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_gets_out_of_its_text() {
        assert_eq!(text("it's [a]"), "'it''s [a]'");
        assert_eq!((literal("[a]"), literal("a[")), ("[[a]".to_owned(), "a[".to_owned()));
        assert_eq!(id("A/b", &["variables('x')", "'y'"]), "resourceId('A/b', variables('x'), 'y')");
        assert_eq!((path(&["'a'"]), path(&["'a'", "'b'"])), ("['a']".to_owned(), "[format('{0}/{1}', 'a', 'b')]".to_owned()));
        assert_eq!(unformatted("a{0}"), "a{{0}}");
    }
}
