use std::fmt::{self, Write as _};

use polyfn_shim::event::Time;
use tracing::field::{Field, Visit};
use tracing_subscriber::fmt::format::Writer;

/// Writes `TIME LEVEL message name=value ..` on one line.
pub(super) fn write(mut writer: Writer<'_>, event: &tracing::Event<'_>, time: bool) -> fmt::Result {
    if time {
        write!(writer, "{} ", Time::now())?;
    }
    write!(writer, "{}", event.metadata().level())?;
    let mut fields = Fields { message: String::new(), rest: String::new() };
    event.record(&mut fields);
    // A line break in a message would look like a line of its own.
    let line = format!("{}{}", fields.message, fields.rest).replace('\r', "\\r").replace('\n', "\\n");
    writeln!(writer, " {line}")
}

struct Fields {
    message: String,
    rest: String,
}

impl Fields {
    fn add(&mut self, field: &Field, value: fmt::Arguments<'_>) {
        let _ = match field.name() {
            "message" => self.message.write_fmt(value),
            name => self.rest.write_fmt(format_args!(" {name}={value}")),
        };
    }
}

impl Visit for Fields {
    fn record_str(&mut self, field: &Field, value: &str) {
        self.add(field, format_args!("{value}"));
    }

    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        self.add(field, format_args!("{value:?}"));
    }
}
