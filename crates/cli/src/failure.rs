//! The failures that end a run, and their exit statuses.

use std::error::Error;
use std::fmt;
use std::io;
use std::process::ExitCode;

/// The reason why a run ended early, as a sentence.
#[derive(Debug)]
pub enum Failure {
    /// The input could not be used: exit status 1.
    Input(String),
    /// The input could not be used because of an error of a library, which is the source: exit status 1.
    Caused {
        /// What failed.
        what: String,
        /// The error.
        cause: Box<dyn Error + Send + Sync>,
    },
    /// The command line is wrong: exit status 2.
    Usage(String),
    /// The reader of the output has closed it: no message, exit status 0.
    OutputClosed,
}

impl Failure {
    /// Returns a failure to do `what` because of an error.
    pub fn caused(what: String, cause: impl Error + Send + Sync + 'static) -> Self {
        Self::Caused { what, cause: Box::new(cause) }
    }

    /// Returns a failure to write to `name`.
    pub fn writing(name: &str, error: &io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::BrokenPipe => Self::OutputClosed,
            _ => Self::Input(format!("cannot write {name}: {error}")),
        }
    }

    /// Returns the exit status.
    pub fn exit_code(&self) -> ExitCode {
        match self {
            Self::Input(_) | Self::Caused { .. } => ExitCode::from(1),
            Self::Usage(_) => ExitCode::from(2),
            Self::OutputClosed => ExitCode::SUCCESS,
        }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Input(sentence) | Self::Usage(sentence) => f.write_str(sentence),
            Self::Caused { what, cause } => write!(f, "{what}: {cause}"),
            Self::OutputClosed => Ok(()),
        }
    }
}

impl Error for Failure {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::Caused { cause, .. } => Some(&**cause),
            Self::Input(_) | Self::Usage(_) | Self::OutputClosed => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cause_is_reported_and_is_the_source() {
        let failure = Failure::caused("cannot open a.db".to_owned(), onefold_sqlite::StoreError::Damaged);
        assert_eq!(failure.to_string(), "cannot open a.db: the database is damaged");
        let source = failure.source().expect("a source");
        assert!(source.is::<onefold_sqlite::StoreError>(), "{source:?}");
    }
}
