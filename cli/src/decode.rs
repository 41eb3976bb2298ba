use std::{
    io::{Read, Write},
    path::{Path, PathBuf},
};

use bytes::Bytes;
use clap::{Args, ValueEnum};
use http::request::Parts;
use polyfn_shim::{Event, Trigger, aws, azure, container, event::Kind, function::Declared, gcp};

use crate::{request::Message, taken::Taken};

/// Print the common events of a native delivery, as JSON lines
///
/// An AWS delivery is the JSON event; the others are raw HTTP/1.1 request messages.
#[derive(Args)]
pub(crate) struct Decode {
    /// The provider that made the delivery
    #[arg(long, value_name = "PROVIDER")]
    from: From,
    /// The `bindings` array of the Azure function's function.json
    #[arg(long, value_name = "FILE")]
    binding: Option<PathBuf>,
    /// The form of an Azure HTTP request
    #[arg(long, value_name = "MODE", default_value = "json")]
    mode: Mode,
    /// What the function takes, where only that tells, such as `direct`, `queue=orders` or, of a webhook on Azure, `event`
    #[arg(long, value_name = "TRIGGER[=NAME]")]
    trigger: Option<Taken>,
    /// One indented JSON array instead of JSON lines
    #[arg(long)]
    pretty: bool,
    /// The delivery; `-` reads standard input
    file: PathBuf,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum From {
    Aws,
    Gcp,
    Azure,
    Container,
}

#[derive(Clone, Copy, ValueEnum)]
enum Mode {
    Json,
    Forward,
    Proxy,
}

impl Decode {
    pub(crate) fn run(&self) -> Result<(), String> {
        let delivery = Bytes::from(read(&self.file)?);
        let events = self.events(delivery)?;
        let printed = if self.pretty {
            serde_json::to_string_pretty(&events).map(|array| format!("{array}\n"))
        } else {
            events.iter().map(|event| serde_json::to_string(event).map(|line| format!("{line}\n"))).collect()
        };
        let printed = printed.map_err(|error| error.to_string())?;
        // A reader that has seen enough, such as `head`, is no error.
        let _ = std::io::stdout().write_all(printed.as_bytes());
        Ok(())
    }

    fn events(&self, delivery: Bytes) -> Result<Vec<Event>, String> {
        if self.binding.is_some() && self.from != From::Azure {
            return Err("`--binding` goes with `--from azure`".into());
        }
        if self.trigger.is_some() && self.from == From::Aws {
            return Err("`--trigger` goes with requests, and an AWS delivery tells by itself what it is".into());
        }
        if self.from == From::Aws {
            return aws::decode(&delivery, &aws::Frame::default())
                .map(aws::Decoded::into_events)
                .map_err(|error| error.to_string());
        }
        let Message { parts, headers, body } = Message::read(&delivery)?;
        let functions: Vec<_> = self.trigger.iter().map(Taken::function).collect();
        let (mut events, own) = match self.from {
            From::Azure => (self.azure(&parts, &body)?, !matches!(self.mode, Mode::Json)),
            From::Gcp => (gcp::decode_for(&parts, &body, Declared::of(&functions)).map_err(|error| error.to_string())?, true),
            From::Aws | From::Container => (container::decode(&parts, &body).map_err(|error| error.to_string())?, true),
        };
        // The decoder saw the headers in a map, which groups the values of a name; the file has them in order.
        for event in &mut events {
            if let (true, Trigger::Http(http)) = (own, event.trigger_mut()) {
                http.headers = headers.clone();
            }
        }
        if self.trigger.as_ref().is_some_and(|taken| taken.kind() == Kind::Direct) {
            let call = |event: Event| if event.http().is_some() { event.into_call() } else { event };
            events = events.into_iter().map(call).collect();
        }
        Ok(events)
    }

    fn azure(&self, parts: &Parts, body: &Bytes) -> Result<Vec<Event>, String> {
        let file =
            self.binding.as_deref().ok_or("`--from azure` needs `--binding FILE`, the `bindings` array of the function.json")?;
        let bindings = azure::Bindings::read(&read(file)?).map_err(|error| format!("{}: {error}", file.display()))?;
        let mode = match self.mode {
            Mode::Json => azure::Mode::Json,
            Mode::Forward => azure::Mode::Forward,
            Mode::Proxy => azure::Mode::Proxy,
        };
        // In JSON mode the path is the function's name; in the others it is the route, under the prefix.
        let name = parts.uri.path().rsplit('/').next().unwrap_or_default();
        let function = azure::Declaration::new(name, self.trigger.as_ref().map_or(Kind::Http, Taken::kind), bindings);
        azure::decode(parts, body, &function, mode, "api").map_err(|error| error.to_string())
    }
}

/// The whole file; `-` is standard input.
pub(crate) fn read(file: &Path) -> Result<Vec<u8>, String> {
    let mut bytes = Vec::new();
    let done = if file == Path::new("-") {
        std::io::stdin().read_to_end(&mut bytes).map(drop)
    } else {
        std::fs::read(file).map(|content| bytes = content)
    };
    done.map(|()| bytes).map_err(|error| format!("{}: {error}", file.display()))
}
