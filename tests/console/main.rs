//! The console page of a real program in a real browser.
//!
//! Chromium without a window, driven over WebDriver: what a developer does by mouse and keyboard, and what a message must not do.
//! It needs `chromium` and `chromedriver`, as Debian has them; `bash .ci/run console` gets them and runs this.

mod browser;
mod client;
mod hostile;
mod keyboard;
mod looks;
mod many;
mod messages;
mod requests;
mod shop;
