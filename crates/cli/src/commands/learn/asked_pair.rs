//! A pair whose decision would teach much, as `onefold learn --ask` prints it.

use onefold::similarity::Explanation;

use crate::commands::similarity::bit_sum;
use crate::output::{JsonText, OutputRecord, plain};

/// A pair to decide. Its form is that of a file of decisions, with the decision left empty.
pub struct AskedPair<'a> {
    /// The workspace of both.
    pub workspace: Option<&'a str>,
    /// The ids.
    pub ids: [&'a str; 2],
    /// The names.
    pub names: [String; 2],
    /// Why they have their score.
    pub explanation: Explanation,
}

impl OutputRecord for AskedPair<'_> {
    const CSV_HEADER: &'static [&'static str] =
        &["workspace", "a", "b", "decision", "score", "band", "name_a", "name_b", "similar"];
    const TABLE_HEADER: &'static [&'static str] = &["a", "name", "b", "name", "score", "similar"];

    fn write_json(&self, to: &mut Vec<u8>) {
        to.put("{");
        if let Some(workspace) = self.workspace {
            to.put("\"workspace\":");
            to.put_text(workspace);
            to.put(",");
        }
        let [a, b] = self.ids;
        to.put("\"a\":");
        to.put_text(a);
        to.put(",\"b\":");
        to.put_text(b);
        to.put(",\"decision\":null");
        bit_sum::put_score(self.explanation.score, to);
        bit_sum::put_sum(&self.explanation, to);
        to.put("}");
    }

    fn csv_rows(&self) -> Vec<Vec<String>> {
        let ([a, b], [name_a, name_b]) = (self.ids, &self.names);
        let score = self.explanation.score;
        let cells = [
            self.workspace.unwrap_or_default(),
            a,
            b,
            "",
            &bit_sum::score_text(score),
            score.band().name(),
            name_a,
            name_b,
            &bit_sum::short(&self.explanation),
        ];
        vec![cells.map(str::to_owned).to_vec()]
    }

    fn table_rows(&self) -> Vec<Vec<String>> {
        let ([a, b], [name_a, name_b]) = (self.ids, &self.names);
        let score = bit_sum::score_text(self.explanation.score);
        vec![[a, name_a, b, name_b, &score, &bit_sum::short(&self.explanation)].map(plain).to_vec()]
    }
}
