use std::{fmt, net::SocketAddr};

use crate::function::{Binding, Description, Function};

/// What the local shim prints at its start: every function, a line to paste for each, and the reply to expect.
pub(super) struct Listing<'a> {
    pub(super) functions: &'a [Function],
    pub(super) address: SocketAddr,
    pub(super) colours: bool,
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
        writeln!(f, "\nCtrl-C stops it.")
    }
}

impl Listing<'_> {
    fn entry(&self, f: &mut fmt::Formatter<'_>, description: &Description, paint: &Paint) -> fmt::Result {
        let Paint { bold, dim, plain } = paint;
        let name = description.name;
        write!(f, "\n{bold}{name}{plain}  ")?;
        let method = match &description.binding {
            Binding::Http { methods, path } => {
                let listed = if methods.is_empty() { "ANY".to_owned() } else { methods.join("|") };
                write!(f, "{listed} {}", path.unwrap_or("every path"))?;
                methods.first().copied().unwrap_or("GET")
            }
            Binding::Direct => {
                f.write_str("direct call")?;
                "POST"
            }
            Binding::Resource { kind, name, .. } => return writeln!(f, "{kind} `{name}`"),
        };
        if let Some(doc) = description.doc.lines().next().filter(|doc| !doc.is_empty()) {
            write!(f, "  {dim}{doc}{plain}")?;
        }
        writeln!(f, "\n  {}", self.curl(description, method))?;
        if !description.replies.is_empty() {
            writeln!(f, "  {dim}# answers {}{plain}", description.replies)?;
        }
        Ok(())
    }

    /// A line to paste into a shell.
    fn curl(&self, description: &Description, method: &str) -> String {
        let sample = &description.sample;
        let alone = self.functions.len() == 1;
        let path = match &description.binding {
            Binding::Direct if alone => "/".to_owned(),
            Binding::Direct => format!("/{}", description.name),
            _ if sample.path.is_empty() => "/".to_owned(),
            _ => sample.path.clone(),
        };
        let query = if sample.query.is_empty() { String::new() } else { format!("?{}", sample.query) };
        let direct = description.binding == Binding::Direct;
        let body = sample.body.as_deref().or(direct.then_some("{}")).map(|body| {
            let body = body.replace('\'', r"'\''");
            // A form is what curl takes a body for.
            let json = if sample.form { "" } else { " -H 'content-type: application/json'" };
            format!("{json} -d '{body}'")
        });
        let implied = if body.is_some() { "POST" } else { "GET" };
        let method = match method {
            "HEAD" => " -I".to_owned(),
            method if method == implied => String::new(),
            method => format!(" -X {method}"),
        };
        format!("curl{method} 'http://{}{path}{query}'{}", self.address, body.unwrap_or_default())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        Outcome, Reply,
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
        Listing { functions, address: ([127, 0, 0, 1], 9000).into(), colours }.to_string()
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
    fn colours_are_for_terminals_only() {
        let functions = [function("any", Binding::Http { methods: &[], path: None }, "Doc.", Sample::default())];
        assert!(!listing(&functions, false).contains('\x1b'));
        assert!(listing(&functions, true).contains("\x1b[1many\x1b[0m  ANY every path"));
    }
}
