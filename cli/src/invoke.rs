use std::{
    io::{IsTerminal, Write},
    process::ExitCode,
};

use clap::Args;
use polyfn_shim::{Event, Provider, Trigger};

use crate::{
    data::{Data, json_type},
    failure::Failure,
    report::Detail,
    send::How,
    terminal::{Paint, print, visible},
};

/// Call a function directly, and print what it returns
///
/// Standard output gets the returned JSON and nothing else; how it went and the function's log go to standard error.
#[derive(Args, Debug)]
#[command(after_help = "Example:
  cargo polyfn invoke add '[1, 2]'")]
pub(crate) struct Invoke {
    /// The function's name
    function: String,
    #[command(flatten)]
    data: Data,
    #[command(flatten)]
    how: How,
}

impl Invoke {
    pub(crate) async fn run(&self) -> Result<ExitCode, Failure> {
        let data = self.data.read()?;
        let Some(json) = json_type(&data) else {
            return Err(Failure::usage("a function that is called directly takes JSON; put quotes around a text: '\"text\"'"));
        };
        let event = Event::new(Provider::Local, Trigger::Direct).with_data(data, Some(json));
        let (client, answer) = self.how.send(&event, Some(&self.function)).await?;
        let detail: Detail = client.read(&answer)?;
        if self.how.is_json() {
            print(answer.line());
        } else {
            let _ = write!(std::io::stderr(), "{}", detail.text(Paint::stderr()));
            if let Some(response) = &detail.response {
                returned(&response.reply().body);
            }
        }
        Ok(if detail.is_done() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
    }
}

/// What was returned, as it is; a terminal gets nothing that it would obey.
fn returned(body: &[u8]) {
    let mut out = std::io::stdout().lock();
    let written =
        if out.is_terminal() { out.write_all(visible(&String::from_utf8_lossy(body)).as_bytes()) } else { out.write_all(body) };
    // A reader that has seen enough is no error.
    let _ = written.and_then(|()| if body.is_empty() || body.ends_with(b"\n") { Ok(()) } else { out.write_all(b"\n") });
    let _ = out.flush();
}
