//! A suggestion as `onefold suggest` writes it.

use std::ops::Deref;

use onefold::{ContactId, Evidence, Field, Holder, Place, Suggestion};
use serde::ser::SerializeStruct;
use serde::{Serialize, Serializer};

use crate::output::{Record, plain};

/// A suggestion as it is written, with what its host knows of the members.
pub struct SuggestionLine<'a, Id> {
    pub workspace: Option<&'a str>,
    pub suggestion: &'a Suggestion<Id>,
    /// The value of a member as written.
    pub value: &'a dyn Fn(&Id, &Place) -> &'a str,
    /// The name of a member.
    pub name: &'a dyn Fn(&Id) -> String,
}

#[derive(Serialize)]
struct EvidenceLine<'a, H> {
    kind: &'static str,
    value: &'a str,
    strength: &'static str,
    holders: H,
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

/// A piece of evidence, and how a member holds it.
type Held<'a, Id> = (&'a Evidence<Id>, &'a Holder<Id>);

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

/// A list that is made as it is written.
struct List<F>(F);

impl<I: IntoIterator<Item: Serialize>, F: Fn() -> I> Serialize for List<F> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.0())
    }
}

impl<Id: ContactId + Deref<Target = str>> Serialize for SuggestionLine<'_, Id> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Suggestion { members, evidence, apart, bridges, .. } = self.suggestion;
        let mut line = serializer.serialize_struct("Suggestion", 8)?;
        line.serialize_field("id", &self.suggestion.id)?;
        match self.workspace {
            Some(workspace) => line.serialize_field("workspace", workspace)?,
            None => line.skip_field("workspace")?,
        }
        line.serialize_field("members", &List(|| members.iter().map(|member| &**member)))?;
        line.serialize_field("evidence", &List(|| evidence.iter().map(|evidence| self.evidence_line(evidence))))?;
        line.serialize_field("apart", &List(|| apart.iter().map(texts)))?;
        line.serialize_field("bridges", &List(|| bridges.iter().map(texts)))?;
        line.serialize_field("oversized", &self.suggestion.oversized)?;
        line.serialize_field("confidence", self.suggestion.confidence.name())?;
        line.end()
    }
}

fn texts<Id: Deref<Target = str>>((a, b): &(Id, Id)) -> (&str, &str) {
    (a, b)
}

impl<Id: ContactId + Deref<Target = str>> SuggestionLine<'_, Id> {
    fn evidence_line<'b>(&'b self, evidence: &'b Evidence<Id>) -> impl Serialize + 'b {
        EvidenceLine {
            kind: evidence.key.kind().name(),
            value: evidence.key.value(),
            strength: evidence.strength.name(),
            holders: List(|| evidence.holders.iter().map(|holder| self.holder_line(holder))),
        }
    }

    fn holder_line<'b>(&'b self, holder: &'b Holder<Id>) -> HolderLine<'b> {
        HolderLine {
            contact: &holder.contact,
            field: FieldName(&holder.place.field),
            value: self.value(holder),
            derivation: holder.derivation.name(),
            verified: holder.verified,
        }
    }

    /// For each member the evidence it holds.
    fn evidence_of_members(&self) -> Vec<Vec<Held<'_, Id>>> {
        let Suggestion { members, evidence, .. } = self.suggestion;
        let mut of_members = vec![Vec::new(); members.len()];
        for evidence in evidence {
            for holder in &evidence.holders {
                if let Ok(member) = members.binary_search(&holder.contact) {
                    of_members[member].push((evidence, holder));
                }
            }
        }
        of_members
    }

    fn value(&self, holder: &Holder<Id>) -> &str {
        (self.value)(&holder.contact, &holder.place)
    }
}

impl<Id: ContactId + Deref<Target = str>> Record for SuggestionLine<'_, Id> {
    const CSV_HEADER: &'static [&'static str] =
        &["suggestion", "contact", "workspace", "confidence", "contested", "oversized", "keys", "values"];
    const TABLE_HEADER: &'static [&'static str] = &["suggestion", "contact", "name", "shared value", "strength"];

    fn csv_rows(&self) -> Vec<Vec<String>> {
        let suggestion = self.suggestion;
        let (id, contested) = (suggestion.id.to_string(), suggestion.is_contested().to_string());
        let (workspace, oversized) = (self.workspace.unwrap_or_default(), suggestion.oversized.to_string());
        let of_members = self.evidence_of_members();
        let row = |(member, evidence): (&Id, &Vec<Held<'_, Id>>)| {
            let keys: Vec<&str> = evidence.iter().map(|(evidence, _)| evidence.key.value()).collect();
            let values: Vec<&str> = evidence.iter().map(|(_, holder)| self.value(holder)).collect();
            let cells = [
                id.as_str(),
                member,
                workspace,
                suggestion.confidence.name(),
                &contested,
                &oversized,
                &keys.join("; "),
                &values.join("; "),
            ];
            cells.map(str::to_owned).to_vec()
        };
        suggestion.members.iter().zip(&of_members).map(row).collect()
    }

    fn table_rows(&self) -> Vec<Vec<String>> {
        let suggestion = self.suggestion;
        let mut heading = format!("{} {}", &suggestion.id.to_string()[..8], suggestion.confidence.name());
        if suggestion.oversized {
            heading.push_str(", oversized");
        }
        let row = |(member, evidence): (&Id, Vec<Held<'_, Id>>)| {
            let values: Vec<String> = evidence.iter().map(|(_, holder)| plain(self.value(holder))).collect();
            let strengths: Vec<&str> = evidence.iter().map(|(evidence, _)| evidence.strength.name()).collect();
            let (heading, name) = (std::mem::take(&mut heading), plain(&(self.name)(member)));
            vec![heading, plain(member), name, values.join("\n"), strengths.join("\n")]
        };
        suggestion.members.iter().zip(self.evidence_of_members()).map(row).collect()
    }
}
