//! The console page of a real program in a real browser.
//!
//! Chromium without a window, driven over WebDriver: what a developer does by mouse and keyboard, and what a message must not do.

#![expect(clippy::expect_used, clippy::panic, reason = "what a test needs and does not find fails the test")]

mod browser;
mod client;
mod hostile;
mod keyboard;
mod looks;
mod many;
mod messages;
mod requests;
mod shop;
