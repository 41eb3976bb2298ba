use std::{
    io::{Read, stdin},
    process::exit,
    thread,
};

use crate::host::Env;

/// The variable that tells a program to end with whoever started it: that process's number. It holds the other end of the
/// program's standard input, and writes nothing.
pub const PARENT: &str = "POLYFN_PARENT";

/// Ends this process when the one that started it is gone, if that has asked for it by [`PARENT`].
///
/// Who is stopped ends what it has started; who is killed cannot, and then the end of its pipe is all that is seen of it. What
/// this process has begun is cut off, as in a crash.
pub fn end_with_parent(env: Env<'_>) {
    let asked = env(PARENT).and_then(|number| number.parse().ok());
    // A process that a function of ours has started is not meant, though it has the same environment.
    if asked.is_none_or(|parent| !is_parent(parent)) {
        return;
    }
    // Without a thread to wait in, all is as it would be without being asked.
    let _ = thread::Builder::new().name("parent".to_owned()).spawn(|| {
        let (mut input, mut bytes) = (stdin(), [0; 64]);
        while input.read(&mut bytes).is_ok_and(|read| read > 0) {}
        exit(1)
    });
}

#[cfg(unix)]
fn is_parent(number: u32) -> bool {
    std::os::unix::process::parent_id() == number
}

/// There is no way to ask; whoever has the variable has the input as well, in all likelihood.
#[cfg(not(unix))]
fn is_parent(_: u32) -> bool {
    true
}
