//! A suggestion as `onefold suggest` writes it.

use std::collections::HashMap;
use std::ops::Deref;

use onefold::{ContactId, Field, Place, Suggestion};
use serde::{Serialize, Serializer};

use crate::output::{Record, plain};

/// A suggestion as it is written.
#[derive(Serialize)]
pub struct SuggestionLine<'a> {
    id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    workspace: Option<&'a str>,
    members: Vec<&'a str>,
    evidence: Vec<EvidenceLine<'a>>,
    apart: Vec<(&'a str, &'a str)>,
    bridges: Vec<(&'a str, &'a str)>,
    oversized: bool,
    confidence: &'static str,
    /// In the order of the members.
    #[serde(skip)]
    names: Vec<String>,
}

#[derive(Serialize)]
struct EvidenceLine<'a> {
    kind: &'static str,
    value: &'a str,
    strength: &'static str,
    holders: Vec<HolderLine<'a>>,
}

#[derive(Serialize)]
struct HolderLine<'a> {
    contact: &'a str,
    field: FieldName<'a>,
    value: &'a str,
    derivation: &'static str,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    verified: bool,
}

/// A field by its name.
struct FieldName<'a>(&'a Field);

impl Serialize for FieldName<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            Field::Phone => serializer.serialize_str("phones"),
            Field::Email => serializer.serialize_str("emails"),
            field => serializer.collect_str(field),
        }
    }
}

impl<'a> SuggestionLine<'a> {
    /// The line of a suggestion; `value` gives the values of its members as written, and `name` their names.
    pub fn new<Id: ContactId + Deref<Target = str>>(
        workspace: Option<&'a str>,
        suggestion: &'a Suggestion<Id>,
        value: impl Fn(&Id, &Place) -> &'a str,
        name: impl Fn(&Id) -> String,
    ) -> Self {
        let evidence = suggestion.evidence.iter().map(|evidence| EvidenceLine {
            kind: evidence.key.kind().name(),
            value: evidence.key.value(),
            strength: evidence.strength.name(),
            holders: evidence
                .holders
                .iter()
                .map(|holder| HolderLine {
                    contact: &holder.contact,
                    field: FieldName(&holder.place.field),
                    value: value(&holder.contact, &holder.place),
                    derivation: holder.derivation.name(),
                    verified: holder.verified,
                })
                .collect(),
        });
        let pairs = |pairs: &'a [(Id, Id)]| pairs.iter().map(|(a, b)| (&**a, &**b)).collect();
        Self {
            id: suggestion.id.to_string(),
            workspace,
            evidence: evidence.collect(),
            apart: pairs(&suggestion.apart),
            bridges: pairs(&suggestion.bridges),
            oversized: suggestion.oversized,
            confidence: suggestion.confidence.name(),
            names: suggestion.members.iter().map(name).collect(),
            members: suggestion.members.iter().map(|id| &**id).collect(),
        }
    }

    /// For each member the evidence it holds, with the value as written there.
    fn evidence_of_members(&self) -> Vec<Vec<(&EvidenceLine<'a>, &HolderLine<'a>)>> {
        let places: HashMap<&str, usize> = self.members.iter().copied().zip(0..).collect();
        let mut of_members = vec![Vec::new(); self.members.len()];
        for evidence in &self.evidence {
            for holder in &evidence.holders {
                of_members[places[holder.contact]].push((evidence, holder));
            }
        }
        of_members
    }
}

impl Record for SuggestionLine<'_> {
    const CSV_HEADER: &'static [&'static str] =
        &["suggestion", "contact", "workspace", "confidence", "contested", "oversized", "keys", "values"];
    const TABLE_HEADER: &'static [&'static str] = &["suggestion", "contact", "name", "shared value", "strength"];

    fn csv_rows(&self) -> Vec<Vec<String>> {
        let of_members = self.evidence_of_members();
        let row = |(member, evidence): (&&str, &Vec<(&EvidenceLine<'_>, &HolderLine<'_>)>)| {
            let keys: Vec<&str> = evidence.iter().map(|(evidence, _)| evidence.value).collect();
            let values: Vec<&str> = evidence.iter().map(|(_, holder)| holder.value).collect();
            let contested = (!self.apart.is_empty()).to_string();
            let (workspace, oversized) = (self.workspace.unwrap_or_default(), self.oversized.to_string());
            let cells = [
                self.id.as_str(),
                member,
                workspace,
                self.confidence,
                &contested,
                &oversized,
                &keys.join("; "),
                &values.join("; "),
            ];
            cells.map(str::to_owned).to_vec()
        };
        self.members.iter().zip(&of_members).map(row).collect()
    }

    fn table_rows(&self) -> Vec<Vec<String>> {
        let mut heading = format!("{} {}", &self.id[..8], self.confidence);
        if self.oversized {
            heading.push_str(", oversized");
        }
        let mut rows = Vec::with_capacity(self.members.len());
        for ((member, name), evidence) in self.members.iter().zip(&self.names).zip(self.evidence_of_members()) {
            let values: Vec<String> = evidence.iter().map(|(_, holder)| plain(holder.value)).collect();
            let strengths: Vec<&str> = evidence.iter().map(|(evidence, _)| evidence.strength).collect();
            let heading = std::mem::take(&mut heading);
            rows.push(vec![heading, plain(member), plain(name), values.join("\n"), strengths.join("\n")]);
        }
        rows
    }
}
