use std::{fmt, net::SocketAddr};

use crate::{
    event::Kind,
    function::{Binding, Description, Filter, Function},
};

/// Where the commands look for a program unless they are told.
const USUAL: &str = "127.0.0.1:9000";

/// What the local shim prints at its start: every function, a line to paste for each, and the reply to expect.
pub(super) struct Listing<'a> {
    pub(super) functions: &'a [Function],
    pub(super) address: SocketAddr,
    pub(super) colours: bool,
    /// Whether there is a console page.
    pub(super) console: bool,
}

/// Escape sequences for a terminal, or nothing.
struct Paint {
    bold: &'static str,
    dim: &'static str,
    plain: &'static str,
}

impl fmt::Display for Listing<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let paint = match self.colours {
            true => Paint { bold: "\x1b[1m", dim: "\x1b[2m", plain: "\x1b[0m" },
            false => Paint { bold: "", dim: "", plain: "" },
        };
        let count = self.functions.len();
        let plural = if count == 1 { "" } else { "s" };
        writeln!(f, "polyfn serves {count} function{plural} on http://{}", self.address)?;
        for function in self.functions {
            self.entry(f, function.description(), &paint)?;
        }
        if self.console {
            writeln!(f, "\nThe console is at http://{}/_polyfn/", self.address)?;
        }
        writeln!(f, "\nCtrl-C stops it.")
    }
}

impl Listing<'_> {
    fn entry(&self, f: &mut fmt::Formatter<'_>, description: &Description, paint: &Paint) -> fmt::Result {
        let Paint { bold, dim, plain } = paint;
        let name = description.name;
        write!(f, "\n{bold}{name}{plain}  ")?;
        match &description.binding {
            Binding::Http { methods, path } => {
                let listed = if methods.is_empty() { "ANY".to_owned() } else { methods.join("|") };
                write!(f, "{listed} {}", path.unwrap_or("every path"))?;
            }
            Binding::Direct => f.write_str("direct call")?,
            Binding::Resource { kind, name, .. } => write!(f, "{kind} `{name}`")?,
        }
        if let Some(doc) = description.doc.lines().next().filter(|doc| !doc.is_empty()) {
            write!(f, "  {dim}{doc}{plain}")?;
        }
        writeln!(f, "\n  {}", line(description, &self.address.to_string(), self.functions.len() == 1))?;
        let is_answered = !matches!(description.binding, Binding::Resource { .. });
        if is_answered && !description.replies.is_empty() {
            writeln!(f, "  {dim}# answers {}{plain}", description.replies)?;
        }
        Ok(())
    }
}

/// A line to paste into a shell that starts a function; `alone` says whether the program has no other.
pub(super) fn line(description: &Description, address: &str, alone: bool) -> String {
    let sample = &description.sample;
    let data = || quoted(sample.body.as_deref().unwrap_or("{}"));
    let (methods, path): (&[&str], String) = match &description.binding {
        Binding::Http { methods, .. } if sample.path.is_empty() => (methods, "/".to_owned()),
        Binding::Http { methods, .. } => (methods, sample.path.clone()),
        Binding::Direct if alone => (&["POST"], "/".to_owned()),
        Binding::Direct => (&["POST"], format!("/{}", description.name)),
        Binding::Resource { kind, name, filter } => {
            // The command looks there by itself.
            let place = if address == USUAL { String::new() } else { format!(" --address {address}") };
            return format!("cargo polyfn send {}{place}", sent(description.name, *kind, name, filter, &data()));
        }
    };
    let method = methods.first().copied().unwrap_or("GET");
    let query = if sample.query.is_empty() { String::new() } else { format!("?{}", sample.query) };
    let direct = description.binding == Binding::Direct;
    let body = sample.body.as_deref().or(direct.then_some("{}")).map(|body| {
        // A form is what curl takes a body for.
        let json = if sample.form { "" } else { " -H 'content-type: application/json'" };
        format!("{json} -d {}", quoted(body))
    });
    let implied = if body.is_some() { "POST" } else { "GET" };
    let method = match method {
        "HEAD" => " -I".to_owned(),
        method if method == implied => String::new(),
        method => format!(" -X {method}"),
    };
    format!("curl{method} 'http://{address}{path}{query}'{}", body.unwrap_or_default())
}

/// What of a function's resource is sent; a star in its name stands for any text.
fn sent(function: &str, kind: Kind, name: &str, filter: &Filter, data: &str) -> String {
    let name = quoted(&name.replace('*', "x"));
    match kind {
        Kind::Schedule => format!("tick {function}"),
        Kind::Object => {
            let action = filter.on.first().map_or(String::new(), |action| match action.as_str() {
                "created" => String::new(),
                action => format!(" --action {action}"),
            });
            format!("object {name} {}{action}", quoted(&format!("{}a{}", filter.prefix, filter.suffix)))
        }
        Kind::Event if !filter.source.is_empty() => {
            format!("event {name} {data} --source {}", quoted(&filter.source.replace('*', "x")))
        }
        kind => format!("{kind} {name} {data}"),
    }
}

/// A text as one word of a shell.
fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        Outcome, Reply,
        event::Action,
        function::{Sample, Settings},
    };

    fn function(name: &'static str, binding: Binding, doc: &'static str, sample: Sample) -> Function {
        let description = Description {
            name,
            module: "",
            doc,
            binding,
            public: false,
            settings: Settings::default(),
            replies: "200 text/plain",
            sample,
        };
        Function::blocking(description, |_, _| Outcome::Done(Reply::Empty))
    }

    fn listing(functions: &[Function], colours: bool) -> String {
        Listing { functions, address: ([127, 0, 0, 1], 9000).into(), colours, console: colours }.to_string()
    }

    #[test]
    fn each_function_has_a_line_to_paste() {
        let hello = Sample { path: "/hello/name".into(), ..Sample::default() };
        let add = Sample { body: Some("[1,1]".into()), ..Sample::default() };
        let put = Sample { path: "/x".into(), query: "q=1".into(), body: Some("\"it's\"".into()), form: false };
        let form = Sample { path: "/in".into(), body: Some("user=text&pin=1".into()), form: true, ..Sample::default() };
        let functions = [
            function("sign_in", Binding::Http { methods: &["POST"], path: Some("/in") }, "", form),
            function("hello", Binding::Http { methods: &["GET"], path: Some("/hello/{name}") }, "Greets.\n\nMore.", hello),
            function("add", Binding::Direct, "", add),
            function("put", Binding::Http { methods: &["PUT"], path: Some("/x") }, "", put),
        ];
        let want = "polyfn serves 4 functions on http://127.0.0.1:9000

sign_in  POST /in
  curl 'http://127.0.0.1:9000/in' -d 'user=text&pin=1'
  # answers 200 text/plain

hello  GET /hello/{name}  Greets.
  curl 'http://127.0.0.1:9000/hello/name'
  # answers 200 text/plain

add  direct call
  curl 'http://127.0.0.1:9000/add' -H 'content-type: application/json' -d '[1,1]'
  # answers 200 text/plain

put  PUT /x
  curl -X PUT 'http://127.0.0.1:9000/x?q=1' -H 'content-type: application/json' -d '\"it'\\''s\"'
  # answers 200 text/plain

Ctrl-C stops it.
";
        assert_eq!(listing(&functions, false), want);
    }

    #[test]
    fn a_line_to_send_says_where_unless_it_is_the_usual_place() {
        let resource = |kind, name, filter| Description::new("f", Binding::Resource { kind, name, filter });
        let shop = Filter { source: "shop.*", ..Filter::default() };
        let gone = Filter { on: &[Action::Deleted], prefix: "in/", suffix: ".png", ..Filter::default() };
        for (description, want) in [
            (resource(Kind::Queue, "orders", Filter::default()), "queue 'orders' '{}'"),
            (resource(Kind::Schedule, "0 5 * * *", Filter::default()), "tick f"),
            (resource(Kind::Event, "paid", shop), "event 'paid' '{}' --source 'shop.x'"),
            (resource(Kind::Object, "uploads", gone), "object 'uploads' 'in/a.png' --action deleted"),
        ] {
            assert_eq!(line(&description, "127.0.0.1:9000", false), format!("cargo polyfn send {want}"));
            let there = line(&description, "127.0.0.1:9001", false);
            assert_eq!(there, format!("cargo polyfn send {want} --address 127.0.0.1:9001"));
        }
    }

    #[test]
    fn colours_are_for_terminals_only() {
        let functions = [function("any", Binding::Http { methods: &[], path: None }, "Doc.", Sample::default())];
        assert!(!listing(&functions, false).contains('\x1b'));
        assert!(listing(&functions, true).contains("\x1b[1many\x1b[0m  ANY every path"));
    }
}
