//! Writes down which numbers it has handled, a byte for each in the file that `COUNTER` names; what the load test runs.
//!
//! Every twentieth number fails the first time, and one in the middle takes the whole process with it.

use std::{
    env,
    fs::{File, OpenOptions},
    os::unix::fs::FileExt,
};

use polyfn::{Error, Message, State, function};

struct Counted {
    file: File,
    abort_at: u64,
}

/// Counts the number in a message.
#[function(queue = "numbers")]
async fn count(number: Message<String>, State(counted): State<Counted>) -> Result<(), Error> {
    let at: u64 = number.body.parse()?;
    let mut mark = [0];
    // Behind the end of the file there is nothing yet. Not every source tells which attempt it is.
    counted.file.read_at(&mut mark, at)?;
    let is_first = mark == [0];
    if is_first && at == counted.abort_at {
        counted.file.write_all_at(b"a", at)?;
        std::process::abort();
    }
    if is_first && at % 20 == 7 {
        counted.file.write_all_at(b"f", at)?;
        return Err(Error::msg("the first time it fails"));
    }
    counted.file.write_all_at(b"x", at)?;
    Ok(())
}

fn open() -> Result<Counted, Error> {
    let name = env::var("COUNTER")?;
    let abort_at = env::var("COUNTER_ABORT")?.parse()?;
    Ok(Counted { file: OpenOptions::new().read(true).write(true).create(true).truncate(false).open(name)?, abort_at })
}

polyfn::main!(count; init = open);
