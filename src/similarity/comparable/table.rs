//! The comparable forms of many contacts, with each text stored once.

use crate::normalize::is_relay_address;
use crate::similarity::comparable::form::ComparableForm;
use crate::similarity::comparable::plain_text::skeleton;
use crate::similarity::frequencies::Frequencies;
use crate::similarity::interned_texts::{InternedTexts, NOTHING};
use crate::similarity::nicknames::Nicknames;
use crate::similarity::stable_hash::StableHash;
use crate::similarity::text_distance::LetterSet;

/// The texts of all contacts, by kind.
#[derive(Clone)]
pub(crate) struct Texts {
    /// The words of names, and suffixes.
    pub(crate) names: InternedTexts,
    pub(crate) emails: InternedTexts,
    pub(crate) phones: InternedTexts,
    pub(crate) companies: InternedTexts,
    pub(crate) streets: InternedTexts,
    /// Cities, postcodes, states, numbers of houses.
    pub(crate) places: InternedTexts,
    /// Identifiers and identities on channels.
    pub(crate) identifiers: InternedTexts,
    pub(crate) frequencies: Frequencies,
    // The relay addresses among the emails, by their numbers.
    relays: Vec<bool>,
    // The groups of short forms that each name belongs to, by the number of the name.
    nickname_groups: Vec<Box<[u16]>>,
    // The letters of each name, by the number of the name.
    letters: Vec<LetterSet>,
    // The skeleton of each name, by the number of the name.
    skeletons: Vec<u64>,
}

/// The comparable form of one contact, as numbers of texts.
///
/// ```text
/// values: | given | family | emails | phones | identifiers | channels |     each of them 0 to 8 numbers
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct ComparableRow {
    /// The hash of the whole form and its workspace.
    pub(crate) content: u64,
    pub(crate) workspace: u64,
    pub(crate) birth_dates: [u32; 2],
    pub(crate) company: u32,
    pub(crate) street: u32,
    pub(crate) house_number: u32,
    pub(crate) city: u32,
    pub(crate) postcode: u32,
    pub(crate) state: u32,
    pub(crate) suffix: u32,
    pub(crate) country: [u8; 2],
    pub(crate) gender: u8,
    pub(crate) flags: u8,
    ends: [u8; 6],
    values: Box<[u32]>,
}

impl ComparableRow {
    const ONE_FIELD: u8 = 1;
    const SEVERAL: u8 = 2;

    fn part(&self, part: usize) -> &[u32] {
        let start = if part == 0 { 0 } else { self.ends[part - 1] };
        &self.values[usize::from(start)..usize::from(self.ends[part])]
    }

    pub(crate) fn given(&self) -> &[u32] {
        self.part(0)
    }

    pub(crate) fn family(&self) -> &[u32] {
        self.part(1)
    }

    /// Returns all words of the name in the order in which they are written.
    pub(crate) fn name(&self) -> &[u32] {
        &self.values[..usize::from(self.ends[1])]
    }

    pub(crate) fn emails(&self) -> &[u32] {
        self.part(2)
    }

    pub(crate) fn phones(&self) -> &[u32] {
        self.part(3)
    }

    pub(crate) fn identifiers(&self) -> &[u32] {
        self.part(4)
    }

    pub(crate) fn channels(&self) -> &[u32] {
        self.part(5)
    }

    pub(crate) fn is_one_field(&self) -> bool {
        self.flags & Self::ONE_FIELD != 0
    }

    pub(crate) fn is_several(&self) -> bool {
        self.flags & Self::SEVERAL != 0
    }

    /// Returns the heap bytes of the row.
    pub(crate) fn memory(&self) -> usize {
        self.values.len() * 4
    }
}

impl Texts {
    pub(crate) fn new() -> Self {
        let mut purposes = 100..;
        let mut table = || InternedTexts::new(purposes.next().unwrap_or_default());
        Self {
            names: table(),
            emails: table(),
            phones: table(),
            companies: table(),
            streets: table(),
            places: table(),
            identifiers: table(),
            frequencies: Frequencies::default(),
            relays: vec![false],
            nickname_groups: vec![Box::default()],
            letters: vec![LetterSet::default()],
            skeletons: vec![0],
        }
    }

    /// Stores the texts of a form and returns its row.
    pub(crate) fn row(&mut self, form: &ComparableForm, workspace: u64, nicknames: &Nicknames) -> ComparableRow {
        let mut values = Vec::with_capacity(8);
        let mut ends = [0_u8; 6];
        for (part, texts) in [&form.given, &form.family, &form.emails, &form.phones, &form.identifiers, &form.channels]
            .into_iter()
            .enumerate()
        {
            let table = match part {
                0 | 1 => &mut self.names,
                2 => &mut self.emails,
                3 => &mut self.phones,
                _ => &mut self.identifiers,
            };
            values.extend(texts.iter().map(|text| table.number_of(text)));
            ends[part] = u8::try_from(values.len()).expect("a form has at most 40 values");
        }
        let mut row = ComparableRow {
            workspace,
            company: self.companies.number_of(&form.company),
            street: self.streets.number_of(&form.street),
            house_number: self.places.number_of(&form.house_number),
            city: self.places.number_of(&form.city),
            postcode: self.places.number_of(&form.postcode),
            state: self.places.number_of(&form.state),
            suffix: self.names.number_of(&form.suffix),
            gender: form.gender.bytes().next().unwrap_or_default(),
            flags: u8::from(form.is_one_field) * ComparableRow::ONE_FIELD
                + u8::from(form.is_several) * ComparableRow::SEVERAL,
            ends,
            values: values.into(),
            ..ComparableRow::default()
        };
        if let [a, b] = form.country.as_bytes() {
            row.country = [*a, *b];
        }
        for (place, text) in row.birth_dates.iter_mut().zip(&form.birth_dates) {
            *place = text.parse().unwrap_or_default();
        }
        for number in self.nickname_groups.len()..self.names.len() {
            let name = self.names.text(number as u32);
            self.nickname_groups.push(nicknames.groups_of(name).into());
            self.letters.push(LetterSet::of(name));
            self.skeletons.push(StableHash::of(9).bytes(skeleton(name).as_bytes()).value());
        }
        for number in self.relays.len()..self.emails.len() {
            self.relays.push(is_relay_address(self.emails.text(number as u32)));
        }
        row.content = self.content_of(&row);
        row
    }

    /// Returns true if one name is a short form of the other, or both of a third.
    pub(crate) fn are_nicknames(&self, a: u32, b: u32) -> bool {
        let (a, b) = (&self.nickname_groups[a as usize], &self.nickname_groups[b as usize]);
        a.iter().any(|group| b.contains(group))
    }

    /// Returns true for an address of a relay service.
    pub(crate) fn is_relay(&self, email: u32) -> bool {
        self.relays[email as usize]
    }

    pub(crate) fn given_count(&self, name: u32) -> u32 {
        self.frequencies.given(name)
    }

    pub(crate) fn family_count(&self, name: u32) -> u32 {
        self.frequencies.family(name)
    }

    /// Returns the hash of the words of a name in any order.
    pub(crate) fn whole_name(&self, row: &ComparableRow) -> u64 {
        let mut words: Vec<u64> = row.name().iter().map(|name| self.names.hash(*name)).collect();
        words.sort_unstable();
        words.into_iter().fold(StableHash::of(8), StableHash::number).value()
    }

    /// Returns true if two names can be alike. May be true for others.
    #[inline]
    pub(crate) fn may_be_alike(&self, a: u32, b: u32) -> bool {
        self.letters[a as usize].may_be_alike(self.letters[b as usize])
    }

    /// Returns the hash of a name's skeleton.
    pub(crate) fn skeleton(&self, name: u32) -> u64 {
        self.skeletons[name as usize]
    }

    /// Returns the hash of a form's texts, in which the order of their numbers has no part.
    fn content_of(&self, row: &ComparableRow) -> u64 {
        let mut hash = StableHash::of(1).number(row.workspace);
        for (table, numbers) in [
            (&self.names, row.name()),
            (&self.emails, row.emails()),
            (&self.phones, row.phones()),
            (&self.identifiers, row.identifiers()),
            (&self.identifiers, row.channels()),
            (&self.companies, &[row.company][..]),
            (&self.streets, &[row.street]),
            (&self.places, &[row.house_number, row.city, row.postcode, row.state]),
            (&self.names, &[row.suffix]),
        ] {
            hash = hash.number(numbers.len() as u64);
            hash = numbers.iter().fold(hash, |hash, number| hash.number(table.hash(*number)));
        }
        let rest = [row.given().len() as u64, row.birth_dates[0].into(), row.birth_dates[1].into()];
        let hash = rest.into_iter().fold(hash, StableHash::number);
        hash.bytes(&[row.country[0], row.country[1], row.gender, row.flags]).value()
    }

    /// Returns the form with the texts of a row.
    pub(crate) fn form(&self, row: &ComparableRow) -> ComparableForm {
        let texts = |table: &InternedTexts, numbers: &[u32]| -> Vec<String> {
            numbers.iter().map(|number| table.text(*number).to_owned()).collect()
        };
        ComparableForm {
            given: texts(&self.names, row.given()),
            family: texts(&self.names, row.family()),
            is_one_field: row.is_one_field(),
            is_several: row.is_several(),
            suffix: self.names.text(row.suffix).to_owned(),
            gender: if row.gender == 0 { String::new() } else { char::from(row.gender).to_string() },
            birth_dates: row.birth_dates.iter().filter(|date| **date > 0).map(|date| format!("{date:08}")).collect(),
            emails: texts(&self.emails, row.emails()),
            phones: texts(&self.phones, row.phones()),
            company: self.companies.text(row.company).to_owned(),
            street: self.streets.text(row.street).to_owned(),
            house_number: self.places.text(row.house_number).to_owned(),
            city: self.places.text(row.city).to_owned(),
            postcode: self.places.text(row.postcode).to_owned(),
            state: self.places.text(row.state).to_owned(),
            country: row.country.iter().filter(|letter| **letter > 0).map(|letter| char::from(*letter)).collect(),
            identifiers: texts(&self.identifiers, row.identifiers()),
            channels: texts(&self.identifiers, row.channels()),
        }
    }

    /// Returns an estimate of the heap bytes in use.
    pub(crate) fn memory(&self) -> usize {
        let tables =
            [&self.names, &self.emails, &self.phones, &self.companies, &self.streets, &self.places, &self.identifiers];
        tables.into_iter().map(InternedTexts::memory).sum::<usize>()
            + self.skeletons.capacity() * 8
            + self.nickname_groups.capacity() * 16
    }
}

/// Returns true if a number stands for a text that is not empty.
pub(crate) fn is_given(number: u32) -> bool {
    number != NOTHING
}
