//! What the properties of a vCard mean.

use std::collections::HashMap;

use onefold::Field;

use crate::mapping::target::MappingTarget;
use crate::row_builder::RowBuilder;
use crate::values::split::international;
use crate::vcard::property::{Property, apple_label};

/// Returns what a property means.
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

/// Returns the labels that stand in properties of their own, by their groups.
pub(crate) fn labels(properties: &[Property], builder: &mut RowBuilder) -> HashMap<String, String> {
    let is_label = |property: &&Property| property.name == "x-ablabel" && !property.group.is_empty();
    let label = |property: &Property| {
        let label = property.text(builder);
        (property.group.clone(), apple_label(&label).to_owned())
    };
    properties.iter().filter(is_label).map(label).collect()
}

/// Returns what a property and the label of its group say of whose the value is.
fn label_of(property: &Property, label: Option<&String>) -> String {
    let is_said = |word: &&str| !matches!(*word, "voice" | "internet" | "pref" | "msg");
    let types = property.types.iter().map(String::as_str).filter(is_said);
    types.chain(property.label.as_deref()).chain(label.map(String::as_str)).collect::<Vec<_>>().join(" ")
}

/// Takes the text of a property that the options map, whatever it means otherwise; `label` is that of its group.
pub(crate) fn put_mapped(
    builder: &mut RowBuilder,
    property: &Property,
    target: &MappingTarget,
    label: Option<&String>,
) {
    let text = property.text(builder);
    match target {
        MappingTarget::Field(field @ (Field::Email | Field::Phone)) => {
            builder.put_labelled(field, &property.name, &label_of(property, label), &text);
        }
        target => builder.put(Some(target), &property.name, &text),
    }
}

/// Takes the value of a property; `label` is that of its group.
pub(crate) fn put(builder: &mut RowBuilder, property: &Property, target: &MappingTarget, label: Option<&String>) {
    let name = &property.name;
    match name.as_str() {
        "n" => {
            let parts = property.texts(';', builder);
            for (part, field) in parts.iter().zip([Field::LastName, Field::FirstName]) {
                builder.put(Some(&MappingTarget::Field(field)), name, part);
            }
            // The other components of the name have no fields.
            if parts.iter().skip(2).any(|part| !part.trim().is_empty()) {
                keep(builder, property);
            }
        }
        "categories" => {
            for tag in property.texts(',', builder).into_iter().filter(|tag| !tag.trim().is_empty()) {
                builder.push(Field::Tags, tag.into());
            }
        }
        "adr" => {
            if let Some(country) = property.texts(';', builder).get(6)
                && builder.contact.country().is_none()
            {
                builder.put(Some(target), name, country);
            }
            keep(builder, property);
        }
        "impp" => {
            let text = property.text(builder);
            let number = text.split_once(':').map_or(text.as_str(), |(_, number)| number);
            builder.put(Some(target), name, &international(number));
        }
        "x-whatsapp" => {
            let text = property.text(builder);
            builder.put(Some(target), name, &international(&text));
        }
        "tel" | "email" => {
            let field = if name == "tel" { Field::Phone } else { Field::Email };
            let text = property.text(builder);
            let label = label_of(property, label);
            match property.whatsapp_id.as_deref().map(international).filter(|id| id.starts_with('+')) {
                // The number of the account is written in full.
                Some(number) if is_end_of(&text, &number) => {
                    builder.put_labelled(&field, name, &label, &number);
                    builder.put(None, name, &text);
                }
                Some(number) => {
                    builder.put_labelled(&field, name, &label, &text);
                    builder.put_labelled(&field, name, &label, &number);
                }
                None => builder.put_labelled(&field, name, &label, &text),
            }
        }
        _ => {
            let text = property.text(builder);
            builder.put(Some(target), name, &text);
        }
    }
}

/// Returns true if the digits of a number, without the zeros in front, are the last ones of another.
fn is_end_of(text: &str, number: &str) -> bool {
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    let digits = digits.trim_start_matches('0');
    digits.len() >= 5 && number.ends_with(digits)
}

/// Adds a property without a field as a custom field of its name.
pub(crate) fn keep(builder: &mut RowBuilder, property: &Property) {
    let name = match property.name.as_str() {
        "version" | "prodid" | "agent" => return,
        name => name,
    };
    // Structured values keep their escapes, which separate their components.
    let text = match name {
        "n" | "adr" | "org" => property.escaped_text(builder),
        _ => property.text(builder),
    };
    let is_data = matches!(name, "photo" | "logo" | "sound" | "key") && text.trim_start().starts_with("data:");
    if !is_data {
        builder.put(None, name, &text);
    }
}
