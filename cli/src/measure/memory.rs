use std::{fs, path::Path};

/// The most memory that any process of this program has had so far, of those that this process has started; `None` where the system
/// does not tell.
#[cfg(target_os = "linux")]
pub(super) fn peak(program: &Path) -> Option<u64> {
    let (program, parent) = (fs::canonicalize(program).ok()?, std::process::id());
    let processes = fs::read_dir("/proc").ok()?.filter_map(Result::ok).map(|entry| entry.path());
    let ours = processes.filter(|process| fs::read_link(process.join("exe")).is_ok_and(|file| file == program));
    let statuses = ours.filter_map(|process| fs::read_to_string(process.join("status")).ok());
    statuses.filter(|status| number(status, "PPid:") == Some(parent.into())).filter_map(|status| peak_of(&status)).max()
}

#[cfg(not(target_os = "linux"))]
pub(super) fn peak(_: &Path) -> Option<u64> {
    None
}

/// What Linux says of a process's resident memory at its highest, in bytes; it counts in units of 1024.
fn peak_of(status: &str) -> Option<u64> {
    number(status, "VmHWM:")?.checked_mul(1_024)
}

fn number(status: &str, name: &str) -> Option<u64> {
    let line = status.lines().find_map(|line| line.strip_prefix(name))?;
    line.split_whitespace().next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_highest_is_read_from_what_linux_says() {
        let status = "Name:\thello\nPPid:\t12\nVmPeak:\t  900 kB\nVmHWM:\t    2048 kB\nVmRSS:\t 1000 kB\n";
        assert_eq!((peak_of(status), number(status, "PPid:")), (Some(2_097_152), Some(12)));
        // As of a process that has ended, and waits for somebody to look.
        assert_eq!(peak_of("Name:\thello\nPPid:\t12\n"), None);
    }
}
