//! What ends a run early, and with which exit status.

use std::fmt;
use std::io;
use std::process::ExitCode;

/// Why a run ended early, in one sentence.
#[derive(Debug)]
pub enum Failure {
    /// The input could not be used: exit status 1.
    Input(String),
    /// The command line is wrong: exit status 2.
    Usage(String),
    /// Who was to read the output has gone: nothing to say, exit status 0.
    OutputClosed,
}

impl Failure {
    /// A failure to write to `name`.
    pub fn writing(name: &str, error: &io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::BrokenPipe => Self::OutputClosed,
            _ => Self::Input(format!("cannot write {name}: {error}")),
        }
    }

    /// The exit status that says so.
    pub fn exit_code(&self) -> ExitCode {
        match self {
            Self::Input(_) => ExitCode::from(1),
            Self::Usage(_) => ExitCode::from(2),
            Self::OutputClosed => ExitCode::SUCCESS,
        }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Input(sentence) | Self::Usage(sentence) => f.write_str(sentence),
            Self::OutputClosed => Ok(()),
        }
    }
}
