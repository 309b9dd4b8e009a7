//! A suggestion by similarity as `onefold suggest --similar` writes it.

use onefold::Confidence;
use onefold::similarity::{Explanation, SimilarityScore};

use crate::commands::similarity::bit_sum;
use crate::commands::suggest::groups::MemberId;
use crate::commands::suggest::suggestion_line::SuggestionLine;
use crate::output::{JsonText, OutputRecord, plain};

/// A suggestion by similarity to write.
pub struct SimilarLine<'a> {
    /// The id of the suggestion.
    pub id: String,
    /// The workspace of the members.
    pub workspace: Option<&'a str>,
    /// The ids of the members, in order.
    pub members: Vec<&'a str>,
    /// The names of the members.
    pub names: Vec<String>,
    /// The evidence of keys that members share. Positions of ids are those of the members.
    pub keys: Vec<SuggestionLine<'a, MemberId<'a>>>,
    /// The compared pairs that hold the suggestion together.
    pub links: Vec<ComparedPair>,
    /// The keys of members that contacts outside the suggestion hold.
    pub against: &'a [OutsideKey],
    /// The score of the suggestion.
    pub score: SimilarityScore,
    /// How certain the members are one person by keys alone.
    pub confidence: Confidence,
    /// True if there are more members than the rules allow.
    pub oversized: bool,
}

/// Two members, by their positions, and why they have their score.
pub struct ComparedPair {
    /// The position of the first.
    pub a: usize,
    /// The position of the second.
    pub b: usize,
    /// The sum of bits.
    pub explanation: Explanation,
}

/// A phone or an email that members share with contacts outside the suggestion: not all who share it are one person.
#[derive(Clone, Debug)]
pub struct OutsideKey {
    /// `phone` or `email`.
    pub kind: &'static str,
    /// The comparable form of the value.
    pub value: String,
    /// The most likely reason why several people have it.
    pub shared_by: &'static str,
    /// The ids of the members that hold it.
    pub members: Vec<String>,
    /// The ids of others that hold it, at most [`OutsideKey::SHOWN_OTHERS`] of them.
    pub others: Vec<String>,
}

impl OutsideKey {
    /// The greatest number of holders outside that are named.
    pub const SHOWN_OTHERS: usize = 20;

    fn write_json(&self, to: &mut Vec<u8>) {
        to.put("{\"kind\":\"");
        to.put(self.kind);
        to.put("\",\"value\":");
        to.put_text(&self.value);
        to.put(",\"shared_by\":\"");
        to.put(self.shared_by);
        to.put("\",\"members\":");
        to.put_list(&self.members, |id, to| to.put_text(id));
        to.put(",\"others\":");
        to.put_list(&self.others, |id, to| to.put_text(id));
        to.put("}");
    }

    fn text(&self) -> String {
        let mut others = self.others.iter().take(3).map(String::as_str).collect::<Vec<&str>>().join(", ");
        if self.others.len() > 3 {
            others.push_str(", ...");
        }
        let reason = if self.shared_by == "unknown" { String::new() } else { format!(" ({})", self.shared_by) };
        format!("{} {} is also that of {others}{reason}", self.kind, self.value)
    }
}

impl SimilarLine<'_> {
    fn write_link(&self, link: &ComparedPair, to: &mut Vec<u8>) {
        let id = |position: usize| self.members.get(position).copied().unwrap_or_default();
        to.put("{\"kind\":\"similar\",\"pair\":");
        to.put_list(&[id(link.a), id(link.b)], |id, to| to.put_text(id));
        bit_sum::put_score(link.explanation.score, to);
        bit_sum::put_sum(&link.explanation, to);
        to.put("}");
    }

    /// Returns the keys and the values of each member that others of the suggestion share, in the order of the members.
    fn shared(&self) -> Vec<SharedValues> {
        let mut shared = vec![SharedValues::default(); self.members.len()];
        for line in &self.keys {
            for (member, evidence) in line.suggestion.members.iter().zip(line.evidence_of_members()) {
                let Some(of_member) = shared.get_mut(member.position) else { continue };
                for (evidence, holder) in evidence {
                    of_member.keys.push(evidence.key.value().to_owned());
                    of_member.values.push(line.value(holder).to_owned());
                }
            }
        }
        shared
    }

    /// Returns the pairs in which a member is the second one, as texts.
    fn link_texts(&self, member: usize) -> Vec<String> {
        let text = |link: &ComparedPair| {
            let other = self.members.get(link.a).copied().unwrap_or_default();
            format!("like {other}: {}", bit_sum::short(&link.explanation))
        };
        self.links.iter().filter(|link| link.b == member).map(text).collect()
    }

    /// Returns the keys of a member that others outside hold, as texts.
    fn against_texts(&self, member: usize) -> Vec<String> {
        let Some(id) = self.members.get(member) else { return Vec::new() };
        let of_member = self.against.iter().filter(|key| key.members.iter().any(|holder| holder == id));
        of_member.map(OutsideKey::text).collect()
    }
}

/// The keys and values of a member that others share.
#[derive(Clone, Default)]
struct SharedValues {
    keys: Vec<String>,
    values: Vec<String>,
}

impl OutputRecord for SimilarLine<'_> {
    const CSV_HEADER: &'static [&'static str] = &[
        "suggestion",
        "contact",
        "workspace",
        "confidence",
        "band",
        "score",
        "oversized",
        "keys",
        "values",
        "similar",
        "against",
    ];
    const TABLE_HEADER: &'static [&'static str] =
        &["suggestion", "contact", "name", "shared value", "similar", "against"];

    fn write_json(&self, to: &mut Vec<u8>) {
        to.put("{\"id\":\"");
        to.put(&self.id);
        to.put("\"");
        if let Some(workspace) = self.workspace {
            to.put(",\"workspace\":");
            to.put_text(workspace);
        }
        to.put(",\"members\":");
        to.put_list(&self.members, |id, to| to.put_text(id));
        to.put(",\"evidence\":[");
        let mut before = "";
        for line in &self.keys {
            for evidence in &line.suggestion.evidence {
                to.put(before);
                line.write_evidence(evidence, to);
                before = ",";
            }
        }
        for link in &self.links {
            to.put(before);
            self.write_link(link, to);
            before = ",";
        }
        to.put("],\"against\":");
        to.put_list(self.against, |key, to| key.write_json(to));
        // Members are no distinct pair, and as all pairs of them are compared, none is a bridge.
        to.put(",\"distinct\":[],\"bridges\":[]");
        to.put(if self.oversized { ",\"oversized\":true" } else { ",\"oversized\":false" });
        to.put(",\"confidence\":\"");
        to.put(self.confidence.name());
        to.put("\"");
        bit_sum::put_score(self.score, to);
        to.put("}");
    }

    fn csv_rows(&self) -> Vec<Vec<String>> {
        let (workspace, oversized) = (self.workspace.unwrap_or_default(), self.oversized.to_string());
        let score = bit_sum::score_text(self.score);
        let row = |(member, shared): (usize, SharedValues)| {
            let cells = [
                self.id.as_str(),
                self.members.get(member).copied().unwrap_or_default(),
                workspace,
                self.confidence.name(),
                self.score.band().name(),
                &score,
                &oversized,
                &shared.keys.join("; "),
                &shared.values.join("; "),
                &self.link_texts(member).join("; "),
                &self.against_texts(member).join("; "),
            ];
            cells.map(str::to_owned).to_vec()
        };
        self.shared().into_iter().enumerate().map(row).collect()
    }

    fn table_rows(&self) -> Vec<Vec<String>> {
        let mut heading = format!(
            "{} {} {}",
            self.id.get(..8).unwrap_or(&self.id),
            self.score.band().name(),
            bit_sum::score_text(self.score)
        );
        if self.oversized {
            heading.push_str(", oversized");
        }
        let row = |(member, shared): (usize, SharedValues)| {
            let id = self.members.get(member).copied().unwrap_or_default();
            let name = self.names.get(member).map_or_else(String::new, |name| plain(name));
            let lines = |texts: Vec<String>| texts.iter().map(|text| plain(text)).collect::<Vec<String>>().join("\n");
            let (links, against) = (lines(self.link_texts(member)), lines(self.against_texts(member)));
            vec![std::mem::take(&mut heading), plain(id), name, lines(shared.values), links, against]
        };
        self.shared().into_iter().enumerate().map(row).collect()
    }
}
