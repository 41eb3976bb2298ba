//! The console page: what it is made of, as the program holds it.
//!
//! It needs no build step, loads nothing from elsewhere, and has neither script nor style within its HTML.

const HTML: &str = include_str!("index.html");
const STYLE: &str = include_str!("console.css");
/// One script of several files; the first makes it strict, the last starts it.
const SCRIPT: &str = concat!(
    include_str!("script/dom.js"),
    include_str!("script/json.js"),
    include_str!("script/format.js"),
    include_str!("script/api.js"),
    include_str!("script/functions.js"),
    include_str!("script/fields.js"),
    include_str!("script/send.js"),
    include_str!("script/list.js"),
    include_str!("script/invocation.js"),
    include_str!("script/queues.js"),
    include_str!("script/schedules.js"),
    include_str!("script/main.js"),
);

/// The media type and the text of a part of the page, by its path under `/_polyfn/`; the page itself has none.
pub(in crate::local) fn page(path: &str) -> Option<(&'static str, &'static str)> {
    match path {
        "" => Some(("text/html; charset=utf-8", HTML)),
        "console.css" => Some(("text/css; charset=utf-8", STYLE)),
        "console.js" => Some(("text/javascript; charset=utf-8", SCRIPT)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_loads_its_own_parts_and_nothing_else() {
        let (media_type, html) = page("").unwrap();
        assert_eq!(media_type, "text/html; charset=utf-8");
        let loaded: Vec<_> = ["src=\"", "<link rel=\"stylesheet\" href=\""]
            .iter()
            .flat_map(|before| html.split(before).skip(1).map(|after| after.split('"').next().unwrap()))
            .collect();
        assert_eq!(loaded, ["/_polyfn/console.js", "/_polyfn/console.css"]);
        for path in loaded {
            assert!(page(path.trim_start_matches("/_polyfn/")).is_some(), "{path}");
        }
        assert_eq!((page("script/dom.js"), page("index.html")), (None, None));
        let all = [HTML, STYLE, SCRIPT].concat().replace("http://www.w3.org/2000/svg", "");
        assert!(!all.contains("//localhost") && !all.contains("http://") && !all.contains("https://"));
    }

    /// What the page's policy forbids, and what would make markup of a message.
    #[test]
    fn nothing_is_inline_and_no_text_becomes_markup() {
        for inline in [" style=", "<style", " onclick=", " onload=", "javascript:", "<script>"] {
            assert!(!HTML.contains(inline), "{inline}");
        }
        for markup in ["innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(", "new Function", "DOMParser"] {
            assert!(!SCRIPT.contains(markup), "{markup}");
        }
    }
}
