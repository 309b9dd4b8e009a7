//! A suggestion as `onefold suggest` writes it.

use std::io::Write;
use std::ops::Deref;

use onefold::contact::ContactPair;
use onefold::normalize::Place;
use onefold::suggestion::Holder;
use onefold::{ContactId, Evidence, Field, Suggestion};

use crate::output::{JsonText, OutputRecord, plain};

/// A suggestion to write, with look-ups of its members' values and names.
pub struct SuggestionLine<'a, Id> {
    pub workspace: Option<&'a str>,
    pub suggestion: &'a Suggestion<Id>,
    /// The value of a member as written.
    pub value: &'a dyn Fn(&Id, &Place) -> &'a str,
    /// The name of a member.
    pub name: &'a dyn Fn(&Id) -> String,
}

/// Evidence and how a member holds it.
pub type HolderLine<'a, Id> = (&'a Evidence<Id>, &'a Holder<Id>);

impl<Id: ContactId + Deref<Target = str>> SuggestionLine<'_, Id> {
    /// Writes evidence as one JSON object.
    pub fn write_evidence(&self, evidence: &Evidence<Id>, to: &mut Vec<u8>) {
        to.put("{\"kind\":\"");
        to.put(evidence.key.kind().name());
        to.put("\",\"value\":");
        to.put_text(evidence.key.value());
        to.put(",\"strength\":\"");
        to.put(evidence.strength.name());
        to.put("\",\"holders\":");
        to.put_list(&evidence.holders, |holder, to| self.write_holder(holder, to));
        to.put("}");
    }

    fn write_holder(&self, holder: &Holder<Id>, to: &mut Vec<u8>) {
        to.put("{\"contact\":");
        to.put_text(&holder.contact);
        to.put(",\"field\":");
        match &holder.place.field {
            Field::Phone => to.put("\"phones\""),
            Field::Email => to.put("\"emails\""),
            field => to.put_text(&field.to_string()),
        }
        to.put(",\"value\":");
        to.put_text(self.value(holder));
        to.put(",\"derivation\":\"");
        to.put(holder.derivation.name());
        to.put(if holder.verified { "\",\"verified\":true}" } else { "\"}" });
    }

    /// Returns the evidence of each member, in the order of the members.
    pub fn evidence_of_members(&self) -> Vec<Vec<HolderLine<'_, Id>>> {
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

    /// Returns the value of a holder as written.
    pub fn value(&self, holder: &Holder<Id>) -> &str {
        (self.value)(&holder.contact, &holder.place)
    }
}

impl<Id: ContactId + Deref<Target = str>> OutputRecord for SuggestionLine<'_, Id> {
    const CSV_HEADER: &'static [&'static str] =
        &["suggestion", "contact", "workspace", "confidence", "contested", "oversized", "keys", "values"];
    const TABLE_HEADER: &'static [&'static str] = &["suggestion", "contact", "name", "shared value", "strength"];

    fn write_json(&self, to: &mut Vec<u8>) {
        let Suggestion { id, members, evidence, distinct, bridges, oversized, confidence, .. } = self.suggestion;
        let write_pair = |pair: &ContactPair<Id>, to: &mut Vec<u8>| to.put_list(&pair.ids(), |id, to| to.put_text(id));
        to.put("{\"id\":\"");
        let _ = write!(to, "{id}");
        to.put("\"");
        if let Some(workspace) = self.workspace {
            to.put(",\"workspace\":");
            to.put_text(workspace);
        }
        to.put(",\"members\":");
        to.put_list(members, |member, to| to.put_text(member));
        to.put(",\"evidence\":");
        to.put_list(evidence, |evidence, to| self.write_evidence(evidence, to));
        to.put(",\"distinct\":");
        to.put_list(distinct, write_pair);
        to.put(",\"bridges\":");
        to.put_list(bridges, write_pair);
        to.put(if *oversized { ",\"oversized\":true" } else { ",\"oversized\":false" });
        to.put(",\"confidence\":\"");
        to.put(confidence.name());
        to.put("\"}");
    }

    fn csv_rows(&self) -> Vec<Vec<String>> {
        let suggestion = self.suggestion;
        let (id, contested) = (suggestion.id.to_string(), suggestion.is_contested().to_string());
        let (workspace, oversized) = (self.workspace.unwrap_or_default(), suggestion.oversized.to_string());
        let of_members = self.evidence_of_members();
        let row = |(member, evidence): (&Id, &Vec<HolderLine<'_, Id>>)| {
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
        let row = |(member, evidence): (&Id, Vec<HolderLine<'_, Id>>)| {
            let values: Vec<String> = evidence.iter().map(|(_, holder)| plain(self.value(holder))).collect();
            let strengths: Vec<&str> = evidence.iter().map(|(evidence, _)| evidence.strength.name()).collect();
            let (heading, name) = (std::mem::take(&mut heading), plain(&(self.name)(member)));
            vec![heading, plain(member), name, values.join("\n"), strengths.join("\n")]
        };
        suggestion.members.iter().zip(self.evidence_of_members()).map(row).collect()
    }
}

#[cfg(test)]
mod tests {
    use onefold::contact::{Provenance, Source};
    use onefold::{Contact, Index, Normalizer, Rules};
    use serde_json::{Value, json};

    use super::*;

    /// Returns the same line by the names of its parts.
    fn as_value(line: &SuggestionLine<'_, Id>) -> Value {
        let Suggestion { id, members, evidence, distinct, bridges, oversized, confidence, .. } = line.suggestion;
        let of_holder = |holder: &Holder<Id>| {
            let mut value = json!({
                "contact": &*holder.contact,
                "field": holder.place.field.to_string(),
                "value": line.value(holder),
                "derivation": holder.derivation.name(),
            });
            if holder.verified {
                value["verified"] = true.into();
            }
            value
        };
        let of_evidence = |evidence: &Evidence<Id>| {
            json!({
                "kind": evidence.key.kind().name(),
                "value": evidence.key.value(),
                "strength": evidence.strength.name(),
                "holders": evidence.holders.iter().map(of_holder).collect::<Vec<Value>>(),
            })
        };
        let pairs = |pairs: &[ContactPair<Id>]| {
            pairs.iter().map(|pair| json!([&**pair.first(), &**pair.second()])).collect::<Vec<Value>>()
        };
        let mut value = json!({
            "id": id.to_string(),
            "members": members.iter().map(|id| &**id).collect::<Vec<&str>>(),
            "evidence": evidence.iter().map(of_evidence).collect::<Vec<Value>>(),
            "distinct": pairs(distinct),
            "bridges": pairs(bridges),
            "oversized": oversized,
            "confidence": confidence.name(),
        });
        if let Some(workspace) = line.workspace {
            value["workspace"] = workspace.into();
        }
        value
    }

    type Id = Box<str>;

    #[test]
    fn a_line_is_the_json_of_all_its_parts() -> serde_json::Result<()> {
        let verified = Provenance { source: Source::Manual, changed_at: None, verified: true };
        let awkward = "c\"\\\n\u{1}\u{7f}\u{2028}\u{e9} \u{1f600}";
        let mut contacts: Vec<Contact<Id>> = [awkward, "b", "a", "d\t"]
            .map(|id| Contact::new(id.into()).with_email("Ada@Example.com"))
            .into_iter()
            .chain(["e", "f"].map(|id| Contact::new(id.into()).with(Field::Custom("no \"1\"".into()), "x\\y")))
            .collect();
        contacts[0] = contacts[0].clone().with_phone("+44 20 7946 0958");
        contacts[1] = contacts[1].clone().with_phone("+442079460958");
        contacts[1].provenance.insert(Field::Email, verified);
        let normalizer = Normalizer::builder().identifier("no \"1\"").build();
        let mut index = Index::new(normalizer).with_rules(Rules::new().with_max_members(2));
        index.extend(&contacts);
        index.mark_distinct(&"a".into(), &"b".into()).expect("two contacts of the index");
        let suggestions = index.suggestions();
        assert_eq!(suggestions.len(), 2);
        let value = |id: &Id, place: &Place| {
            contacts.iter().find(|contact| contact.id == *id).and_then(|contact| place.value_in(contact)).unwrap_or("")
        };
        for (suggestion, workspace) in suggestions.iter().zip([None, Some("W \"1\"\r")]) {
            let line = SuggestionLine { workspace, suggestion, value: &value, name: &|_| String::new() };
            let mut written = Vec::new();
            line.write_json(&mut written);
            assert_eq!(serde_json::from_slice::<Value>(&written)?, as_value(&line));
        }
        Ok(())
    }
}
