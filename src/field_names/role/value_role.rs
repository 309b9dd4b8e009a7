//! The owner of a phone or an email, from its label or the name of its field.

use crate::contact::{Field, fold_words};
use crate::field_names::role::label_words::{may_name_a_role, words};
use crate::field_names::role::word_table;
use crate::key::KeyKind;

/// The owner of a phone number or an email address, as its label describes it.
///
/// File readers and the normaliser share this interpretation: `Home Fax`, `TYPE=FAX` and `custom.fax` have one role.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
pub enum ValueRole {
    /// The contact, at home or at work. The default for a label without another role.
    Personal,
    /// A company, a department or another person, so that many contacts may have the value: company, main, billing,
    /// shipping or assistant. Its keys have the weak derivation
    /// [`Derivation::SharedValue`](crate::key::Derivation::SharedValue).
    Shared,
    /// A machine: a fax, a pager or a modem. The value gives no key, with the reason
    /// [`Reason::FaxOrPager`](crate::Reason::FaxOrPager).
    Unreachable,
}

/// The contents of a custom or unknown field that holds phones or emails by its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct NamedRole {
    /// The kind of the values: [`KeyKind::Phone`] or [`KeyKind::Email`].
    pub kind: KeyKind,
    /// The owner of the values.
    pub role: ValueRole,
}

impl ValueRole {
    /// Returns the role in a label: the type of a vCard property, the label beside a number, the header of a column, or
    /// the name of a field.
    ///
    /// Recognises words in Arabic, Chinese, Czech, Danish, Dutch, English, Finnish, French, German, Greek, Hebrew,
    /// Hungarian, Indonesian, Italian, Japanese, Korean, Norwegian, Polish, Portuguese, Romanian, Russian, Spanish,
    /// Swedish, Thai, Turkish, Ukrainian and Vietnamese, in any case, with or without accents. Cost: O(n).
    ///
    /// ```
    /// use onefold::field_names::role::ValueRole;
    ///
    /// assert_eq!(ValueRole::of_label("Home Fax"), ValueRole::Unreachable);
    /// assert_eq!(ValueRole::of_label("Telefone principal da empresa"), ValueRole::Shared);
    /// assert_eq!(ValueRole::of_label("assistant_phone"), ValueRole::Shared);
    /// assert_eq!(ValueRole::of_label("Mobile Phone"), ValueRole::Personal);
    /// ```
    pub fn of_label(label: &str) -> Self {
        let folded = fold_words(label);
        words(&folded).map(RoleWord::of).map(RoleWord::role).max().unwrap_or(Self::Personal)
    }

    /// Returns the kind and the owner of the values of a custom or unknown field whose name stands for phones or emails
    /// that are not the contact's own: `custom.fax`, `company_phone`, `billingEmail`.
    ///
    /// Returns `None` for every other field. Values of other custom fields give no key unless the host declares them as
    /// identifiers. Cost: O(n).
    ///
    /// ```
    /// use onefold::field_names::role::ValueRole;
    /// use onefold::{Field, KeyKind};
    ///
    /// let role = ValueRole::of_field(&Field::Custom("company_phone".into())).expect("a phone of a firm");
    /// assert_eq!((role.kind, role.role), (KeyKind::Phone, ValueRole::Shared));
    /// assert_eq!(ValueRole::of_field(&Field::Custom("company".into())), None);
    /// ```
    pub fn of_field(field: &Field) -> Option<NamedRole> {
        let (Field::Custom(name) | Field::Other(name)) = field else { return None };
        if !may_name_a_role(name) {
            return None;
        }
        let folded = fold_words(name);
        let (mut kind, mut role) = (None, Self::Personal);
        for word in words(&folded).map(RoleWord::of) {
            kind = match (kind, word.kind?) {
                (Some(KeyKind::Email), _) | (_, WordKind::Email) => Some(KeyKind::Email),
                (_, WordKind::Phone) => Some(KeyKind::Phone),
                (kind, WordKind::Beside) => kind,
            };
            role = role.max(word.role);
        }
        let kind = kind.filter(|_| role != Self::Personal)?;
        // A rejection names its field in text form, so the text form must stand for the same field.
        (Field::from_name(&field.to_string()) == *field).then_some(NamedRole { kind, role })
    }

    /// Returns the name of the role in JSON, in snake case.
    pub fn name(self) -> &'static str {
        match self {
            Self::Personal => "personal",
            Self::Shared => "shared",
            Self::Unreachable => "unreachable",
        }
    }
}

/// The meaning of one word of a label.
struct RoleWord {
    role: ValueRole,
    /// The kind of values that the word stands for; `None` for an unknown word.
    kind: Option<WordKind>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum WordKind {
    Phone,
    Email,
    /// A word that may stand beside a word for phones or for emails.
    Beside,
}

impl RoleWord {
    fn of(word: &str) -> Self {
        let word = word.trim_end_matches(|c: char| c.is_ascii_digit());
        if is_unreachable(word) {
            return Self { role: ValueRole::Unreachable, kind: Some(WordKind::Phone) };
        }
        let (head, kind) = split_kind(word);
        let is_inside = |list: &[&str]| !word.is_ascii() && list.iter().any(|entry| word.contains(entry));
        let is_shared = word_table::SHARED.contains(&head) || is_inside(word_table::SHARED_INSIDE);
        let kind = match kind {
            Some(kind) if head.is_empty() || is_shared || word_table::BESIDE.contains(&head) => Some(kind),
            _ if is_inside(word_table::PHONES_INSIDE) => Some(WordKind::Phone),
            _ if is_inside(word_table::EMAILS_INSIDE) => Some(WordKind::Email),
            _ => (is_shared || word.is_empty() || word_table::BESIDE.contains(&word)).then_some(WordKind::Beside),
        };
        Self { role: if is_shared { ValueRole::Shared } else { ValueRole::Personal }, kind }
    }

    fn role(self) -> ValueRole {
        self.role
    }
}

fn is_unreachable(word: &str) -> bool {
    word_table::UNREACHABLE.contains(&word)
        || word_table::UNREACHABLE_ROOTS.iter().any(|root| word.starts_with(root))
        || word.strip_suffix("fax").is_some_and(|head| word_table::FAX_HEADS.contains(&head))
        || (!word.is_ascii() && word_table::UNREACHABLE_INSIDE.iter().any(|entry| word.contains(entry)))
}

/// Splits `companyphone` before the word for a kind of values. The longest such word counts.
fn split_kind(word: &str) -> (&str, Option<WordKind>) {
    let phones = word_table::PHONES.iter().map(|core| (*core, WordKind::Phone));
    let emails = word_table::EMAILS.iter().map(|core| (*core, WordKind::Email));
    let split = |(core, kind)| Some((word.strip_suffix(core)?, Some(kind)));
    phones.chain(emails).filter_map(split).min_by_key(|(head, _)| head.len()).unwrap_or((word, None))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn assert_role(role: ValueRole, labels: &[&str]) {
        for label in labels {
            assert_eq!(ValueRole::of_label(label), role, "{label}");
        }
    }

    #[test]
    fn faxes_and_pagers_are_unreachable() {
        assert_role(
            ValueRole::Unreachable,
            &[
                "fax",
                "FAX",
                "Fax 2",
                "faxes",
                "home_fax",
                "homeFax",
                "HomeFAX",
                "Business Fax",
                "work;fax",
                "WORK,FAX",
                "custom.fax",
                "Company Fax",
                "faxnumber",
                "Fax No.",
                "Faxnummer",
                "Telefax",
                "Telefax privat",
                "Fax (dienstlich)",
                "B\u{fc}rofax",
                "T\u{e9}l\u{e9}copie (bureau)",
                "t\u{e9}l\u{e9}copieur",
                "Fax do trabalho",
                "Faks",
                "\u{130}\u{15f} Faks\u{131}",
                "\u{41f}\u{435}\u{439}\u{434}\u{436}\u{435}\u{440}",
                "\u{420}\u{430}\u{431}\u{43e}\u{447}\u{438}\u{439} \u{444}\u{430}\u{43a}\u{441}",
                "\u{4f1a}\u{793e}FAX",
                "\u{ff26}\u{ff21}\u{ff38}",
                "\u{5546}\u{52a1}\u{4f20}\u{771f}",
                "\u{ad7c}\u{bb34}\u{cc98} \u{d329}\u{c2a4}",
                "\u{30dd}\u{30b1}\u{30c3}\u{30c8}\u{30d9}\u{30eb}",
                "Pager",
                "pager_number",
                "Beeper",
                "Localizador",
                "Cercapersone",
                "Tel/Fax",
                "modem",
                "\u{c7}a\u{11f}r\u{131} Cihaz\u{131}",
                "\u{c7}A\u{11e}RI C\u{130}HAZI",
            ],
        );
    }

    #[test]
    fn what_belongs_to_a_firm_or_to_somebody_else_is_shared() {
        assert_role(
            ValueRole::Shared,
            &[
                "Company",
                "company_phone",
                "companyPhone",
                "companyphone",
                "Company Main Phone",
                "main",
                "Main",
                "mainPhone",
                "Billing Email",
                "billing-phone",
                "Ship To Phone",
                "bill_to_email",
                "Assistant's Phone",
                "ASSISTANT",
                "assistant_phone",
                "asst. phone",
                "Switchboard",
                "Front Desk",
                "Head office",
                "Telefone principal da empresa",
                "T\u{e9}l\u{e9}phone (soci\u{e9}t\u{e9})",
                "Telefono principale societ\u{e0}",
                "Telefon Firma",
                "Firmentelefon",
                "Zentrale",
                "Telefon Sekretariat",
                "Rechnungs-E-Mail",
                "E-Mail Buchhaltung",
                "Tel. Zentrale",
                "Email facturaci\u{f3}n",
                "Tel\u{e9}fono del asistente",
                "\u{15e}irket Ana Telefonu",
                "\u{422}\u{435}\u{43b}\u{435}\u{444}\u{43e}\u{43d} \u{43e}\u{440}\u{433}\u{430}\u{43d}\u{438}\u{437}\u{430}\u{446}\u{438}\u{438}",
                "\u{4f1a}\u{793e}\u{4ee3}\u{8868}\u{96fb}\u{8a71}",
                "\u{516c}\u{53f8}\u{7535}\u{8bdd}",
                "\u{bb38}\u{c758} \u{b300}\u{d45c} \u{c804}\u{d654}",
                "Emergency contact phone",
                "accounts payable email",
            ],
        );
    }

    #[test]
    fn a_persons_own_numbers_are_personal() {
        assert_role(
            ValueRole::Personal,
            &[
                "",
                "phone",
                "Mobile Phone",
                "Home",
                "work",
                "Business Phone 2",
                "Primary Phone",
                "E-mail 1 - Value",
                "Telefone celular",
                "Telefon gesch\u{e4}ftlich",
                "Domicile",
                "Domain",
                "Maine",
                "Halifax",
                "Fairfax",
                "remain",
                "Direct Dial",
                "\u{643a}\u{5e2f}\u{96fb}\u{8a71}",
                "Teletypewriter",
                "billy",
                "Telefon",
                "GSM",
            ],
        );
    }

    #[test]
    fn names_of_fields_say_what_they_hold() {
        let of = |name: &str| ValueRole::of_field(&Field::Custom(name.into())).map(|found| (found.kind, found.role));
        for name in ["fax", "Home Fax", "faxNumber", "pager", "telefax", "Company Fax", "work_fax_2"] {
            assert_eq!(of(name), Some((KeyKind::Phone, ValueRole::Unreachable)), "{name}");
        }
        for name in [
            "company_phone",
            "main_phone",
            "Assistant's Phone",
            "billingTelephone",
            "companyphone",
            "\u{516c}\u{53f8}\u{7535}\u{8bdd}",
        ] {
            assert_eq!(of(name), Some((KeyKind::Phone, ValueRole::Shared)), "{name}");
        }
        for name in ["company_email", "billing_email", "Shipping E-mail", "Rechnungs-E-Mail", "assistantEmail"] {
            assert_eq!(of(name), Some((KeyKind::Email, ValueRole::Shared)), "{name}");
        }
        for name in [
            "",
            "company",
            "company_number",
            "billing_address",
            "main",
            "plan",
            "phone",
            "mobile_phone",
            "email",
            "notes",
            "fax opt out",
            "company_phone_type",
            "assistant",
            "Halifax phone",
            "email_company_opt_in",
        ] {
            assert_eq!(of(name), None, "{name}");
        }
        assert_eq!(ValueRole::of_field(&Field::Phone), None);
        assert_eq!(ValueRole::of_field(&Field::Other("custom.fax".into())), None, "it would be read as another field");
        assert!(ValueRole::of_field(&Field::Other("company_phone".into())).is_some());
    }
}
