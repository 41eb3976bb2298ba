use proc_macro2::TokenStream;
use syn::{LitStr, Path};

use crate::{
    argument::Argument,
    asks::Ask,
    cron,
    errors::Errors,
    route::Route,
    settings::Settings,
    trigger::{Trigger, elsewhere},
};

/// What the arguments of `#[function]` say; best effort where they are wrong.
pub(crate) struct Options {
    pub(crate) trigger: Trigger,
    pub(crate) binding: Binding,
    pub(crate) name: Option<LitStr>,
    pub(crate) public: bool,
    /// Where the facade is, if not at `::polyfn`.
    pub(crate) krate: Option<Path>,
    pub(crate) settings: Settings,
    /// What a provider may be unable to do.
    pub(crate) asks: Vec<Ask>,
}

/// The value of the trigger's key.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Binding {
    /// A route, or every request.
    Http(Option<Route>),
    Direct,
    /// A queue, a bucket, a cron expression ...
    Resource(String),
}

impl Options {
    pub(crate) fn read(args: TokenStream, errors: &mut Errors) -> Self {
        let arguments = Argument::list(args, errors);
        let declared = declared(&arguments, errors);
        let trigger = declared.map_or(Trigger::Direct, |(trigger, _)| trigger);
        let binding = declared.map_or(Binding::Direct, |(trigger, argument)| binding(trigger, argument, errors));
        let settings = Settings::default();
        let mut options = Self { trigger, binding, name: None, public: false, krate: None, settings, asks: Vec::new() };
        for argument in &arguments {
            let key = argument.key.to_string();
            if Ask::is_one(&key) {
                options.asks.push(Ask { key: key.clone(), at: argument.span() });
            }
            if Trigger::of(&key).is_some() {
                continue;
            }
            if trigger.takes(&key) {
                options.take(argument, &key, errors);
            } else {
                errors.at(&argument.key, unknown(&key, declared.map(|(trigger, _)| trigger)));
            }
        }
        options
    }

    fn take(&mut self, argument: &Argument, key: &str, errors: &mut Errors) {
        match key {
            "name" => self.name = name(argument, errors),
            "public" => self.public = argument.flag(errors),
            "crate" => self.krate = argument.path("my_polyfn", errors),
            _ => self.settings.take(argument, errors),
        }
    }
}

/// Whether every provider takes this as the name of a function.
pub(crate) fn is_name(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_alphabetic())
        && name.len() <= 63
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'))
}

/// What [`is_name`] asks for, in words.
pub(crate) const NAME: &str = "a name is a letter, then up to 62 letters, digits, `_` or `-`";

fn name(argument: &Argument, errors: &mut Errors) -> Option<LitStr> {
    let name = argument.string("orders", errors)?;
    if !is_name(&name.value()) {
        errors.at(&name, format!("`{}` does not work on every provider: {NAME}", name.value()));
        return None;
    }
    Some(name)
}

/// The one trigger; every further one is a mistake.
fn declared<'a>(arguments: &'a [Argument], errors: &mut Errors) -> Option<(Trigger, &'a Argument)> {
    let mut triggers = arguments.iter().filter_map(|argument| Some((Trigger::of(&argument.key.to_string())?, argument)));
    let first = triggers.next()?;
    for (_, argument) in triggers {
        errors.at(
            &argument.key,
            format!(
                "a function has one trigger, and `{}` is it; keep one, and write a second function for the other",
                first.0.key()
            ),
        );
    }
    Some(first)
}

fn binding(trigger: Trigger, argument: &Argument, errors: &mut Errors) -> Binding {
    match trigger {
        Trigger::Direct => {
            argument.flag(errors);
            Binding::Direct
        }
        Trigger::Http if !argument.has_value() => Binding::Http(None),
        _ => {
            let Some(text) = argument.string(trigger.example(), errors) else { return Binding::Resource(String::new()) };
            let value = text.value();
            let checked = match trigger {
                Trigger::Http => Route::parse(&value).map(|route| Binding::Http(Some(route))),
                Trigger::Schedule => cron::check(&value).map(|()| Binding::Resource(value)),
                _ if value.trim() != value || value.chars().any(char::is_control) => {
                    Err(format!("`{}` has a space at an end or a control character; remove it", trigger.key()))
                }
                _ => Ok(Binding::Resource(value)),
            };
            checked.unwrap_or_else(|message| {
                errors.at(&text, message);
                Binding::Resource(String::new())
            })
        }
    }
}

fn unknown(key: &str, declared: Option<Trigger>) -> String {
    if let Some(write) = elsewhere(key) {
        return format!("unknown key `{key}`; write `{write}`");
    }
    match (Trigger::with(key), declared) {
        (Some(_), Some(trigger)) => format!("{} has no `{key}`; {}", trigger.function(), trigger.options()),
        (Some(other), None) => {
            format!("`{key}` needs a trigger that has it; write for instance `{} = {:?}` beside it", other.key(), other.example())
        }
        (None, Some(trigger)) => format!("unknown key `{key}`; {}", trigger.options()),
        (None, None) => format!(
            "unknown key `{key}`; a function takes one trigger, {}, and its options such as `name` and `crate`",
            Trigger::keys()
        ),
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use quote::quote;

    use super::*;

    fn read(args: TokenStream) -> (Options, Vec<String>) {
        let mut errors = Errors::default();
        let options = Options::read(args, &mut errors);
        (options, errors.messages().into_iter().map(str::to_owned).collect())
    }

    #[test]
    fn no_arguments_are_a_direct_function() {
        let (options, errors) = read(quote!());
        assert!(errors.is_empty());
        assert_eq!((options.trigger, options.binding, options.public), (Trigger::Direct, Binding::Direct, false));
    }

    #[test]
    fn the_options_of_a_queue() {
        let args = quote!(
            queue = "orders",
            batch = 10,
            concurrency = 2,
            retries = 0,
            timeout = "30s",
            ordered,
            on_malformed = "drop",
            name = "o-1"
        );
        let (options, errors) = read(args);
        assert_eq!(errors, [""; 0]);
        assert_eq!((options.trigger, options.binding), (Trigger::Queue, Binding::Resource("orders".to_owned())));
        assert_eq!(options.name.unwrap().value(), "o-1");
        let timeout = Some(Duration::from_secs(30));
        assert_eq!(
            options.settings,
            Settings {
                batch: Some(10),
                concurrency: Some(2),
                retries: Some(0),
                timeout,
                ordered: true,
                drops_malformed: true,
                ..Settings::default()
            }
        );
    }

    #[test]
    fn the_options_of_an_object_and_an_event() {
        let (options, errors) = read(quote!(object = "uploads", on = ["created", "deleted"], prefix = "a/", suffix = ".png",));
        assert_eq!(errors, [""; 0]);
        let text = |text: &str| Some(text.to_owned());
        assert_eq!(options.settings.on, ["created", "deleted"]);
        assert_eq!((options.settings.prefix, options.settings.suffix), (text("a/"), text(".png")));
        let (options, errors) = read(quote!(event = "order.*", source = "shop"));
        assert_eq!(errors, [""; 0]);
        assert_eq!((options.binding, options.settings.source), (Binding::Resource("order.*".to_owned()), text("shop")));
    }

    #[test]
    fn what_is_malformed_comes_again_unless_the_function_says() {
        for (args, drops, mistakes) in [
            (quote!(queue = "a"), false, 0),
            (quote!(topic = "a", on_malformed = "retry"), false, 0),
            (quote!(object = "a", on_malformed = "drop"), true, 0),
            (quote!(schedule = "* * * * *", on_malformed = "drop"), true, 0),
            (quote!(event = "a", on_malformed = "drop"), true, 0),
            (quote!(event = "a", on_malformed = "Drop"), false, 1),
            (quote!(event = "a", on_malformed), false, 1),
            (quote!(event = "a", on_malformed = true), false, 1),
            (quote!(http = "GET /", on_malformed = "drop"), false, 1),
            (quote!(on_malformed = "drop"), false, 1),
        ] {
            let (options, errors) = read(args.clone());
            assert_eq!((options.settings.drops_malformed, errors.len()), (drops, mistakes), "{args}: {errors:?}");
        }
    }

    #[test]
    fn what_a_function_wants_of_its_deployment() {
        let (options, errors) = read(quote!(http, timeout = "3s", memory = "2GB", env = "TABLE", secrets = ["API_KEY", "b_2"]));
        assert_eq!(errors, [""; 0]);
        assert_eq!(options.settings.memory, Some(2048));
        assert_eq!(options.settings.env, ["TABLE"]);
        assert_eq!(options.settings.secrets, ["API_KEY", "b_2"]);
        assert_eq!(read(quote!(memory = "512MB")).0.settings.memory, Some(512));
        for wrong in ["512", "512 MB", "0MB", "+5MB", "0.5GB", "5mb", "4194304GB", "MB"] {
            let (options, errors) = read(quote!(memory = #wrong));
            assert_eq!((options.settings.memory, errors.len()), (None, 1), "{wrong}: {errors:?}");
        }
        for wrong in ["", "A-B", "_A", "1A", "Ä", "A B"] {
            assert_eq!(read(quote!(env = ["OK", #wrong])).1.len(), 1, "{wrong}");
        }
        assert_eq!(read(quote!(secrets = ["A", "A"])).1.len(), 1);
        assert_eq!(read(quote!(env = [])).1.len(), 1);
    }

    #[test]
    fn every_mistake_is_reported_at_once() {
        let (_, errors) =
            read(quote!(queue = 3, topic = "b", colour = "red", batch = 0, timeout = "soon", public, name = "9", name = "b",,));
        assert_eq!(errors.len(), 9, "{errors:#?}");
    }
}
