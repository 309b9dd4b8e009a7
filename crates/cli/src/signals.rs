//! Handles interruptions: removes temporary files and exits with the status of the signal.

#[cfg(unix)]
pub use of_unix::watch;

#[cfg(unix)]
mod of_unix {
    use std::{fs, io, process, thread};

    use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
    use signal_hook::iterator::Signals;

    use crate::output::remove_temporary_files;

    /// Ends the program with status 130, 143 or 129 on SIGINT, SIGTERM or SIGHUP. A signal that is ignored at the start, as by
    /// `nohup`, stays ignored.
    ///
    /// # Errors
    /// The system refuses a handler or a thread.
    pub fn watch() -> io::Result<()> {
        let ignored = ignored();
        let wanted = [SIGINT, SIGTERM, SIGHUP].into_iter().filter(|signal| ignored >> (signal - 1) & 1 == 0);
        let mut signals = Signals::new(wanted)?;
        let end = move || {
            if let Some(signal) = signals.forever().next() {
                let _no_more = remove_temporary_files();
                process::exit(128 + signal);
            }
        };
        thread::Builder::new().name("signals".to_owned()).spawn(end).map(drop)
    }

    /// Returns the signals that are ignored, as bits from the first one on, where the system says so in a file.
    fn ignored() -> u64 {
        let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
        let bits = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
        bits.and_then(|bits| u64::from_str_radix(bits.trim(), 16).ok()).unwrap_or_default()
    }
}

/// Other systems end the program by themselves.
#[cfg(not(unix))]
pub fn watch() -> std::io::Result<()> {
    Ok(())
}
