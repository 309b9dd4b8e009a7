//! `onefold suggest --similar`, `onefold keys --similar` and `onefold learn`: contacts that are compared by all their values.

use std::path::PathBuf;

use clap::Args;

use crate::arguments::input::InputArguments;
use crate::arguments::output::OutputFormat;

/// How contacts are compared that share no key.
#[derive(Debug, Args)]
pub struct SimilarArguments {
    /// Compare names, birth dates, addresses and all other values too: find the same person without a shared key, and score every
    /// suggestion
    #[arg(long)]
    pub similar: bool,
    /// Suggest contacts whose score is at least SCORE, from 0 to 1 [default: that of the model, which is 0.8 unless learnt]
    #[arg(long, value_name = "SCORE", requires = "similar", value_parser = score)]
    pub at_least: Option<f64>,
    /// Weigh the values as in MODEL, which `onefold learn` wrote
    #[arg(long, value_name = "MODEL", requires = "similar")]
    pub model: Option<PathBuf>,
    /// Never suggest two contacts together that the file PAIRS calls distinct: CSV or JSON Lines with a, b and decision
    #[arg(long, value_name = "PAIRS", requires = "similar")]
    pub distinct: Option<PathBuf>,
}

/// `onefold learn`.
#[derive(Debug, Args)]
pub struct LearnArguments {
    /// The files to read: CSV, JSON Lines or vCard, plain, gzip or zstd; - is standard input
    #[arg(required = true, value_name = "FILE")]
    pub files: Vec<PathBuf>,
    /// Learn from the decisions in PAIRS: CSV or JSON Lines with a, b and decision, which is same or distinct, and workspace if
    /// contacts have one
    #[arg(long, value_name = "PAIRS")]
    pub decisions: Option<PathBuf>,
    /// Write the model to MODEL, completely or not at all; it has no value of a contact
    #[arg(short, long, value_name = "MODEL", requires = "decisions", required_unless_present = "ask")]
    pub output: Option<PathBuf>,
    /// Replace the model file if it exists
    #[arg(long)]
    pub force: bool,
    /// Print the N pairs whose decision would teach most
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    pub ask: Option<u32>,
    /// The format of the printed pairs [default: a table on a terminal, else jsonl]
    #[arg(long, value_enum, value_name = "FORMAT", requires = "ask")]
    pub format: Option<OutputFormat>,
    /// Write CSV cells unchanged, even if a spreadsheet would run them as formulas
    #[arg(long, requires = "ask")]
    pub no_guard: bool,
    /// Begin with MODEL, which an earlier run wrote [default: the model that comes with onefold]
    #[arg(long, value_name = "MODEL")]
    pub model: Option<PathBuf>,
    /// How the files are read
    #[command(flatten)]
    pub input: InputArguments,
}

/// Returns the score that a text gives.
///
/// # Errors
/// The text is no number from 0 to 1.
fn score(text: &str) -> Result<f64, String> {
    match text.trim().parse::<f64>() {
        Ok(score) if (0.0..=1.0).contains(&score) => Ok(score),
        _ => Err("it is no score from 0 to 1".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scores_are_from_0_to_1() {
        assert_eq!(["0", "0.5", " 1 ", "1e-1"].map(score), [Ok(0.0), Ok(0.5), Ok(1.0), Ok(0.1)]);
        for text in ["", "-0.1", "1.01", "NaN", "inf", "80%", "0,5"] {
            assert!(score(text).is_err(), "{text}");
        }
    }
}
