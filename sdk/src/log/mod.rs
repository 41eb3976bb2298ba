//! The default log lines, for a program that installs no subscriber of its own.

mod json;
mod plain;

use polyfn_shim::{Provider, host::Env};
use tracing_subscriber::{
    filter::LevelFilter,
    fmt::{FmtContext, FormatEvent, FormatFields, format::Writer},
    registry::LookupSpan,
};

/// How lines look and which are told, as the host's environment asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Log {
    style: Style,
    level: LevelFilter,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Style {
    /// Text; `time` is off where the host writes the time itself.
    Plain { time: bool },
    /// A JSON object a line, with the member names of Cloud Logging.
    /// Source: <https://cloud.google.com/logging/docs/structured-logging>.
    CloudLogging,
    /// A JSON object a line, with the member names of Lambda's own.
    /// Source: <https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs-logformat.html>.
    Lambda,
}

impl Log {
    /// `POLYFN_LOG` or Lambda's `AWS_LAMBDA_LOG_LEVEL` is `trace`, `debug`, `info`, `warn`, `error` or `off`.
    pub(crate) fn new(provider: Provider, env: Env<'_>) -> Self {
        let style = match provider {
            Provider::Gcp => Style::CloudLogging,
            Provider::Aws if env("AWS_LAMBDA_LOG_FORMAT").is_some_and(|format| format.eq_ignore_ascii_case("json")) => {
                Style::Lambda
            }
            Provider::Aws => Style::Plain { time: false },
            _ => Style::Plain { time: true },
        };
        let level = env("POLYFN_LOG").or_else(|| env("AWS_LAMBDA_LOG_LEVEL")).and_then(|level| level.to_lowercase().parse().ok());
        Self { style, level: level.unwrap_or(LevelFilter::INFO) }
    }

    /// Writes lines to standard output from now on, unless the program has a subscriber of its own.
    pub(crate) fn install(self) {
        // Azure calls everything on standard error an error, so all lines go to standard output.
        let subscriber = tracing_subscriber::fmt().with_max_level(self.level).event_format(self.style).finish();
        let _ = tracing::subscriber::set_global_default(subscriber);
    }
}

impl<S, N> FormatEvent<S, N> for Style
where
    S: tracing::Subscriber + for<'a> LookupSpan<'a>,
    N: for<'w> FormatFields<'w> + 'static,
{
    #[cfg(not(feature = "local"))]
    fn format_event(&self, _: &FmtContext<'_, S, N>, writer: Writer<'_>, event: &tracing::Event<'_>) -> std::fmt::Result {
        self.write(writer, event)
    }

    #[cfg(feature = "local")]
    fn format_event(&self, _: &FmtContext<'_, S, N>, mut writer: Writer<'_>, event: &tracing::Event<'_>) -> std::fmt::Result {
        let mut line = String::new();
        self.write(Writer::new(&mut line), event)?;
        // Whoever watches an invocation sees its lines.
        polyfn_shim::function::logged(line.trim_end());
        writer.write_str(&line)
    }
}

impl Style {
    fn write(self, writer: Writer<'_>, event: &tracing::Event<'_>) -> std::fmt::Result {
        match self {
            Self::Plain { time } => plain::write(writer, event, time),
            Self::CloudLogging => json::write(writer, event, json::CLOUD_LOGGING),
            Self::Lambda => json::write(writer, event, json::LAMBDA),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};

    use super::*;

    #[derive(Clone, Default)]
    struct Lines(Arc<Mutex<Vec<u8>>>);

    impl std::io::Write for Lines {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            self.0.lock().unwrap().extend_from_slice(bytes);
            Ok(bytes.len())
        }

        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }

    fn line(style: Style) -> String {
        let lines = Lines::default();
        let writer = lines.clone();
        let subscriber = tracing_subscriber::fmt().event_format(style).with_writer(move || writer.clone()).finish();
        tracing::subscriber::with_default(subscriber, || {
            tracing::error!(function = "hello", attempt = 2_u64, ok = false, "a \"quoted\"\nline");
        });
        let bytes = lines.0.lock().unwrap().clone();
        String::from_utf8(bytes).unwrap()
    }

    #[test]
    fn a_plain_line_is_one_line() {
        let line = line(Style::Plain { time: false });
        assert_eq!(line, "ERROR a \"quoted\"\\nline function=hello attempt=2 ok=false\n");
    }

    #[test]
    fn cloud_logging_finds_its_members() {
        let line = line(Style::CloudLogging);
        let json: serde_json::Value = serde_json::from_str(&line).unwrap();
        assert_eq!(
            (&json["severity"], &json["message"], &json["function"], &json["attempt"], &json["ok"]),
            (&"ERROR".into(), &"a \"quoted\"\nline".into(), &"hello".into(), &2.into(), &false.into())
        );
        assert!(json["time"].as_str().is_some_and(|time| time.ends_with('Z')));
        assert_eq!(line.matches('\n').count(), 1);
    }

    #[test]
    fn the_environment_decides() {
        let log = |provider, env: &[(&str, &str)]| {
            let env = |name: &str| env.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned());
            Log::new(provider, &env)
        };
        let info = LevelFilter::INFO;
        assert_eq!(log(Provider::Gcp, &[]), Log { style: Style::CloudLogging, level: info });
        assert_eq!(
            log(Provider::Aws, &[("AWS_LAMBDA_LOG_FORMAT", "Text")]),
            Log { style: Style::Plain { time: false }, level: info }
        );
        let json = log(Provider::Aws, &[("AWS_LAMBDA_LOG_FORMAT", "JSON"), ("AWS_LAMBDA_LOG_LEVEL", "WARN")]);
        assert_eq!(json, Log { style: Style::Lambda, level: LevelFilter::WARN });
        let azure = log(Provider::Azure, &[("POLYFN_LOG", "off"), ("AWS_LAMBDA_LOG_LEVEL", "WARN")]);
        assert_eq!(azure, Log { style: Style::Plain { time: true }, level: LevelFilter::OFF });
        assert_eq!(log(Provider::Local, &[("POLYFN_LOG", "loud")]).level, info);
    }
}
