//! What a process holds, as the system counts it.

/// Memory and handles of this process.
#[derive(Clone, Copy, Debug)]
pub(super) struct Held {
    /// Resident memory, in KiB.
    pub(super) memory: usize,
    /// Open files.
    pub(super) files: usize,
    /// Threads.
    pub(super) threads: usize,
}

/// What this process holds now; `None` on a system that does not say so in `/proc`.
pub(super) fn held() -> Option<Held> {
    let entries = |folder: &str| std::fs::read_dir(folder).ok().map(Iterator::count);
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let memory = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    Some(Held {
        memory: memory.split_whitespace().next()?.parse().ok()?,
        files: entries("/proc/self/fd")?,
        threads: entries("/proc/self/task")?,
    })
}
