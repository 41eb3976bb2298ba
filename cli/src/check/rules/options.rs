use polyfn_shim::manifest::Entry;

use crate::{
    check::lint::{Lint, OPTION, ORDER, SCHEDULE},
    target::Target,
};

/// What the provider cannot do of what the attribute asks: the rules that a build for one provider refuses at compile time.
pub(super) fn check(function: &Entry, target: Target, found: &mut impl FnMut(Lint, String)) {
    use polyfn_shim::function::Ask;

    let description = function.description();
    for (ask, why) in description.refused(target.provider()) {
        let lint = match ask {
            Ask::Ordered => ORDER,
            Ask::Schedule => SCHEDULE,
            Ask::Batch(_) | Ask::Retries(_) | Ask::Timeout(_) | Ask::On(_) => OPTION,
        };
        found(lint, why.to_owned());
    }
}
