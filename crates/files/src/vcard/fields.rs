//! What the properties of a vCard mean.

use std::collections::HashMap;

use onefold::Field;

use crate::draft::Draft;
use crate::mapping::target::MappingTarget;
use crate::values::split::international;
use crate::vcard::property::{Property, apple_label};

/// What a property means.
pub(crate) fn target(property: &Property) -> Option<MappingTarget> {
    let is = |name: &str| property.types.iter().any(|word| word == name);
    let field = match property.name.as_str() {
        "uid" => return Some(MappingTarget::Id),
        "fn" => Field::DisplayName,
        "n" => Field::LastName,
        "email" => Field::Email,
        "tel" | "x-whatsapp" => Field::Phone,
        "impp" if is("whatsapp") => Field::Phone,
        "categories" => Field::Tags,
        "adr" => Field::Country,
        "lang" => Field::Language,
        "rev" => Field::UpdatedAt,
        _ => return None,
    };
    Some(MappingTarget::Field(field))
}

/// The labels that stand in properties of their own, by their groups.
pub(crate) fn labels(properties: &[Property], draft: &mut Draft) -> HashMap<String, String> {
    let is_label = |property: &&Property| property.name == "x-ablabel" && !property.group.is_empty();
    let label = |property: &Property| {
        let label = property.text(draft);
        (property.group.clone(), apple_label(&label).to_owned())
    };
    properties.iter().filter(is_label).map(label).collect()
}

/// What a property and the label of its group say of whose the value is.
fn label_of(property: &Property, label: Option<&String>) -> String {
    let is_said = |word: &&str| !matches!(*word, "voice" | "internet" | "pref" | "msg");
    let types = property.types.iter().map(String::as_str).filter(is_said);
    types.chain(property.label.as_deref()).chain(label.map(String::as_str)).collect::<Vec<_>>().join(" ")
}

/// Takes the text of a property that the options map, whatever it means otherwise; `label` is that of its group.
pub(crate) fn put_mapped(draft: &mut Draft, property: &Property, target: &MappingTarget, label: Option<&String>) {
    let text = property.text(draft);
    match target {
        MappingTarget::Field(field @ (Field::Email | Field::Phone)) => {
            draft.put_labelled(field, &property.name, &label_of(property, label), &text);
        }
        target => draft.put(Some(target), &property.name, &text),
    }
}

/// Takes the value of a property; `label` is that of its group.
pub(crate) fn put(draft: &mut Draft, property: &Property, target: &MappingTarget, label: Option<&String>) {
    let name = &property.name;
    match name.as_str() {
        "n" => {
            let parts = property.texts(';', draft);
            for (part, field) in parts.iter().zip([Field::LastName, Field::FirstName]) {
                draft.put(Some(&MappingTarget::Field(field)), name, part);
            }
            // Other parts of the name have no fields.
            if parts.iter().skip(2).any(|part| !part.trim().is_empty()) {
                keep(draft, property);
            }
        }
        "categories" => {
            for tag in property.texts(',', draft).into_iter().filter(|tag| !tag.trim().is_empty()) {
                draft.push(Field::Tags, tag.into());
            }
        }
        "adr" => {
            if let Some(country) = property.texts(';', draft).get(6)
                && draft.contact.country().is_none()
            {
                draft.put(Some(target), name, country);
            }
            keep(draft, property);
        }
        "impp" => {
            let text = property.text(draft);
            let number = text.split_once(':').map_or(text.as_str(), |(_, number)| number);
            draft.put(Some(target), name, &international(number));
        }
        "x-whatsapp" => {
            let text = property.text(draft);
            draft.put(Some(target), name, &international(&text));
        }
        "tel" | "email" => {
            let field = if name == "tel" { Field::Phone } else { Field::Email };
            let text = property.text(draft);
            let label = label_of(property, label);
            match property.whatsapp_id.as_deref().map(international).filter(|id| id.starts_with('+')) {
                // The number of the account is written in full.
                Some(number) if is_end_of(&text, &number) => {
                    draft.put_labelled(&field, name, &label, &number);
                    draft.put(None, name, &text);
                }
                Some(number) => {
                    draft.put_labelled(&field, name, &label, &text);
                    draft.put_labelled(&field, name, &label, &number);
                }
                None => draft.put_labelled(&field, name, &label, &text),
            }
        }
        _ => {
            let text = property.text(draft);
            draft.put(Some(target), name, &text);
        }
    }
}

/// Whether the digits of a number, without the zeros in front, are the last ones of another.
fn is_end_of(text: &str, number: &str) -> bool {
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    let digits = digits.trim_start_matches('0');
    digits.len() >= 5 && number.ends_with(digits)
}

/// Keeps a property that has no field, under its name.
pub(crate) fn keep(draft: &mut Draft, property: &Property) {
    let name = match property.name.as_str() {
        "version" | "prodid" | "agent" => return,
        name => name,
    };
    // Values with parts keep their escapes, as the parts could not be marked distinct without.
    let text = match name {
        "n" | "adr" | "org" => property.escaped_text(draft),
        _ => property.text(draft),
    };
    let is_data = matches!(name, "photo" | "logo" | "sound" | "key") && text.trim_start().starts_with("data:");
    if !is_data {
        draft.put(None, name, &text);
    }
}
