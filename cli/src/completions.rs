//! `cargo polyfn completions`: what a shell completes.

use clap::{Args, Command};
use clap_complete::Shell;

use crate::terminal::print;

/// Print what a shell needs to complete these commands
#[derive(Args, Debug)]
#[command(after_help = "Examples:
  cargo polyfn completions bash >> ~/.local/share/bash-completion/completions/cargo-polyfn
  cargo polyfn completions fish > ~/.config/fish/completions/cargo-polyfn.fish
  cargo polyfn completions zsh > \"${fpath[1]}/_cargo-polyfn\"

They complete `cargo-polyfn`, which is the same as `cargo polyfn`.")]
pub(crate) struct Completions {
    shell: Shell,
}

impl Completions {
    pub(crate) fn run(&self, mut command: Command) {
        let mut script = Vec::new();
        // `cargo polyfn` is two words, and a shell completes by the first.
        command = command.name("cargo-polyfn").bin_name("cargo-polyfn");
        clap_complete::generate(self.shell, &mut command, "cargo-polyfn", &mut script);
        print(String::from_utf8_lossy(&script));
    }
}
