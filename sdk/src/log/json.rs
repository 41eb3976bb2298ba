use std::fmt;

use polyfn_shim::event::Time;
use serde_json::{Map, Value};
use tracing::{
    Level,
    field::{Field, Visit},
};
use tracing_subscriber::fmt::format::Writer;

/// What the members of a line are called.
#[derive(Clone, Copy)]
pub(super) struct Names {
    level: &'static str,
    time: &'static str,
    warning: &'static str,
}

pub(super) const CLOUD_LOGGING: Names = Names { level: "severity", time: "time", warning: "WARNING" };
pub(super) const LAMBDA: Names = Names { level: "level", time: "timestamp", warning: "WARN" };

/// Writes one JSON object on one line.
pub(super) fn write(mut writer: Writer<'_>, event: &tracing::Event<'_>, names: Names) -> fmt::Result {
    let level = match *event.metadata().level() {
        Level::ERROR => "ERROR",
        Level::WARN => names.warning,
        Level::INFO => "INFO",
        Level::DEBUG | Level::TRACE => "DEBUG",
    };
    let mut members = Members(Map::new());
    event.record(&mut members);
    members.0.insert(names.level.into(), level.into());
    members.0.insert(names.time.into(), Time::now().to_string().into());
    writeln!(writer, "{}", Value::Object(members.0))
}

struct Members(Map<String, Value>);

impl Visit for Members {
    fn record_str(&mut self, field: &Field, value: &str) {
        self.0.insert(field.name().into(), value.into());
    }

    fn record_bool(&mut self, field: &Field, value: bool) {
        self.0.insert(field.name().into(), value.into());
    }

    fn record_i64(&mut self, field: &Field, value: i64) {
        self.0.insert(field.name().into(), value.into());
    }

    fn record_u64(&mut self, field: &Field, value: u64) {
        self.0.insert(field.name().into(), value.into());
    }

    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        self.0.insert(field.name().into(), format!("{value:?}").into());
    }
}
