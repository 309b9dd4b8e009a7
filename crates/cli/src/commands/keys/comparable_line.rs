//! The comparable form of a contact as `onefold keys --similar` writes it.

use onefold::similarity::{ComparableForm, ComparedField};

use crate::output::{JsonText, OutputRecord, plain};

/// The comparable form of a contact to write.
pub struct ComparableLine<'a> {
    /// The workspace that the row names.
    pub workspace: Option<&'a str>,
    /// The id.
    pub contact: &'a str,
    /// The form.
    pub form: &'a ComparableForm,
}

/// A part of the form, by its name in JSON and CSV.
enum FormPart<'a> {
    Text(&'static str, &'a str),
    List(&'static str, &'a [String]),
    /// Values with the name of their field or their account before a tab.
    Named(&'static str, &'a [String]),
}

impl ComparableLine<'_> {
    /// Returns the parts in the order of the columns.
    fn parts(&self) -> [FormPart<'_>; 16] {
        use FormPart::{List, Named, Text};
        let form = self.form;
        [
            List("given", &form.given),
            List("family", &form.family),
            Text("suffix", &form.suffix),
            List("birth_dates", &form.birth_dates),
            List("emails", &form.emails),
            List("phones", &form.phones),
            Text("company", &form.company),
            Text("street", &form.street),
            Text("house_number", &form.house_number),
            Text("city", &form.city),
            Text("postcode", &form.postcode),
            Text("state", &form.state),
            Text("country", &form.country),
            Text("gender", &form.gender),
            Named("identifiers", &form.identifiers),
            Named("channels", &form.channels),
        ]
    }

    /// Returns what is unusual about the name: it stands in one field, so that the border between given and family names is not
    /// known, or it is that of several people.
    fn name_notes(&self) -> impl Iterator<Item = &'static str> {
        let notes = [(self.form.is_one_field, "one_field"), (self.form.is_several, "several_people")];
        notes.into_iter().filter(|(is_so, _)| *is_so).map(|(_, note)| note)
    }
}

impl OutputRecord for ComparableLine<'_> {
    const CSV_HEADER: &'static [&'static str] = &[
        "workspace",
        "contact",
        "given",
        "family",
        "suffix",
        "birth_dates",
        "emails",
        "phones",
        "company",
        "street",
        "house_number",
        "city",
        "postcode",
        "state",
        "country",
        "gender",
        "identifiers",
        "channels",
        "name_notes",
    ];
    const TABLE_HEADER: &'static [&'static str] =
        &["contact", "given", "family", "birth date", "email, phone", "address", "other"];

    /// Writes the parts that are there.
    fn write_json(&self, to: &mut Vec<u8>) {
        to.put("{");
        if let Some(workspace) = self.workspace {
            to.put("\"workspace\":");
            to.put_text(workspace);
            to.put(",");
        }
        to.put("\"contact\":");
        to.put_text(self.contact);
        for part in self.parts() {
            match part {
                FormPart::Text(_, "") | FormPart::List(_, []) | FormPart::Named(_, []) => {}
                FormPart::Text(name, text) => {
                    put_name(name, to);
                    to.put_text(text);
                }
                FormPart::List(name, texts) => {
                    put_name(name, to);
                    to.put_list(texts, |text, to| to.put_text(text));
                }
                FormPart::Named(name, texts) => {
                    put_name(name, to);
                    to.put_list(texts, |text, to| to.put_text(&text.replace('\t', "=")));
                }
            }
        }
        for note in self.name_notes() {
            put_name(note, to);
            to.put("true");
        }
        to.put("}");
    }

    fn csv_rows(&self) -> Vec<Vec<String>> {
        let mut cells = vec![self.workspace.unwrap_or_default().to_owned(), self.contact.to_owned()];
        cells.extend(self.parts().map(|part| match part {
            FormPart::Text(_, text) => text.to_owned(),
            FormPart::List("given" | "family", words) => words.join(" "),
            FormPart::List(_, texts) => texts.join("; "),
            FormPart::Named(_, texts) => texts.join("; ").replace('\t', "="),
        }));
        cells.push(self.name_notes().collect::<Vec<_>>().join("; "));
        vec![cells]
    }

    fn table_rows(&self) -> Vec<Vec<String>> {
        let form = self.form;
        let lines = |texts: &[String]| texts.iter().map(|text| plain(text)).collect::<Vec<String>>().join("\n");
        let filled = |texts: &[&str], separator: &str| {
            let texts = texts.iter().filter(|text| !text.is_empty());
            plain(&texts.copied().collect::<Vec<&str>>().join(separator))
        };
        let reached = [&form.emails[..], &form.phones[..]].concat();
        let street = form.text_of(ComparedField::Street);
        let address = filled(&[&street, &form.postcode, &form.city, &form.state, &form.country], ", ");
        let identifiers = form.text_of(ComparedField::Identifier);
        let notes = self.name_notes().collect::<Vec<_>>().join(", ").replace('_', " ");
        let other = filled(&[&form.suffix, &form.gender, &form.company, &identifiers, &notes], ", ");
        vec![vec![
            plain(self.contact),
            plain(&form.given.join(" ")),
            plain(&form.family.join(" ")),
            lines(&form.birth_dates),
            lines(&reached),
            address,
            other,
        ]]
    }
}

/// Writes the name of a member after the first.
fn put_name(name: &str, to: &mut Vec<u8>) {
    to.put(",\"");
    to.put(name);
    to.put("\":");
}
