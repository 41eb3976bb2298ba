use std::{borrow::Cow, time::Duration};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::terminal::Paint;

/// A bar on the terminal of a person; nothing elsewhere.
pub(super) struct Progress(ProgressBar);

impl Progress {
    /// Of so many packages.
    pub(super) fn of(packages: usize) -> Self {
        let bar = ProgressBar::with_draw_target(u64::try_from(packages).ok(), ProgressDrawTarget::stderr());
        let Paint { green, plain, .. } = Paint::stderr();
        let template = format!("{{spinner}} {green}{{bar:32}}{plain} {{pos}}/{{len}} {{wide_msg}}");
        if let Ok(style) = ProgressStyle::with_template(&template) {
            bar.set_style(style.progress_chars("=> "));
        }
        if !bar.is_hidden() {
            bar.enable_steady_tick(Duration::from_millis(120));
        }
        Self(bar)
    }

    /// Whether somebody sees it.
    pub(super) fn is_shown(&self) -> bool {
        !self.0.is_hidden()
    }

    /// So many are done.
    pub(super) fn at(&self, packages: usize) {
        self.0.set_position(u64::try_from(packages).unwrap_or(u64::MAX));
    }

    /// What is being done now.
    pub(super) fn doing(&self, what: impl Into<Cow<'static, str>>) {
        self.0.set_message(what);
    }

    /// Prints a text above the bar.
    pub(super) fn print(&self, text: &str) {
        self.0.suspend(|| eprint!("{text}"));
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.0.finish_and_clear();
    }
}
