//! A suggestion as `onefold suggest` writes it.

use std::collections::HashMap;

use onefold::Suggestion;
use serde::Serialize;

use crate::output::{Record, plain};
use crate::suggest::Id;
use crate::values::Kept;

/// A suggestion as it is written.
#[derive(Serialize)]
pub struct SuggestionLine {
    id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    workspace: Option<String>,
    members: Vec<Id>,
    evidence: Vec<EvidenceLine>,
    apart: Vec<(Id, Id)>,
    bridges: Vec<(Id, Id)>,
    oversized: bool,
    confidence: &'static str,
    /// In the order of the members.
    #[serde(skip)]
    names: Vec<String>,
}

#[derive(Serialize)]
struct EvidenceLine {
    kind: &'static str,
    value: String,
    strength: &'static str,
    holders: Vec<HolderLine>,
}

#[derive(Serialize)]
struct HolderLine {
    contact: Id,
    field: String,
    value: String,
    derivation: &'static str,
}

impl SuggestionLine {
    /// The line of a suggestion; `kept` are the values of its members.
    pub fn new(workspace: Option<&str>, suggestion: &Suggestion<Id>, kept: &HashMap<Id, Kept>) -> Self {
        let evidence = suggestion.evidence.iter().map(|evidence| EvidenceLine {
            kind: evidence.key.kind().name(),
            value: evidence.key.value().to_owned(),
            strength: evidence.strength.name(),
            holders: evidence
                .holders
                .iter()
                .map(|holder| HolderLine {
                    contact: holder.contact.clone(),
                    field: holder.place.field.to_string(),
                    value: kept.get(&holder.contact).map_or("", |kept| kept.value(&holder.place)).to_owned(),
                    derivation: holder.derivation.name(),
                })
                .collect(),
        });
        let name = |member: &Id| kept.get(member).map_or("", Kept::name).to_owned();
        Self {
            id: suggestion.id.to_string(),
            workspace: workspace.map(str::to_owned),
            evidence: evidence.collect(),
            apart: suggestion.apart.clone(),
            bridges: suggestion.bridges.clone(),
            oversized: suggestion.oversized,
            confidence: suggestion.confidence.name(),
            names: suggestion.members.iter().map(name).collect(),
            members: suggestion.members.clone(),
        }
    }

    /// How many members there are.
    pub fn members(&self) -> usize {
        self.members.len()
    }

    /// For each member the evidence it holds, with the value as written there.
    fn evidence_of_members(&self) -> Vec<Vec<(&EvidenceLine, &HolderLine)>> {
        let places: HashMap<&Id, usize> = self.members.iter().zip(0..).collect();
        let mut of_members = vec![Vec::new(); self.members.len()];
        for evidence in &self.evidence {
            for holder in &evidence.holders {
                of_members[places[&holder.contact]].push((evidence, holder));
            }
        }
        of_members
    }
}

impl Record for SuggestionLine {
    const CSV_HEADER: &'static [&'static str] =
        &["suggestion", "contact", "workspace", "confidence", "contested", "oversized", "keys", "values"];
    const TABLE_HEADER: &'static [&'static str] = &["suggestion", "contact", "name", "shared value", "strength"];

    fn csv_rows(&self) -> Vec<Vec<String>> {
        let of_members = self.evidence_of_members();
        let row = |(member, evidence): (&Id, &Vec<(&EvidenceLine, &HolderLine)>)| {
            let keys: Vec<&str> = evidence.iter().map(|(evidence, _)| evidence.value.as_str()).collect();
            let values: Vec<&str> = evidence.iter().map(|(_, holder)| holder.value.as_str()).collect();
            let contested = (!self.apart.is_empty()).to_string();
            let (workspace, oversized) = (self.workspace.as_deref().unwrap_or_default(), self.oversized.to_string());
            let cells = [
                &self.id,
                &**member,
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
            let values: Vec<String> = evidence.iter().map(|(_, holder)| plain(&holder.value)).collect();
            let strengths: Vec<&str> = evidence.iter().map(|(evidence, _)| evidence.strength).collect();
            let heading = std::mem::take(&mut heading);
            rows.push(vec![heading, plain(member), plain(name), values.join("\n"), strengths.join("\n")]);
        }
        rows
    }
}
