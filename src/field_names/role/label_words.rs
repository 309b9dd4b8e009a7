//! The words of a label in the form that the word table uses.

use crate::field_names::role::word_table;

/// Common labels of numbers, in lower case.
#[rustfmt::skip]
pub(crate) const LABELS: [&str; 84] = [
    "and", "apenas", "arbeit", "assistant", "bureau", "business", "b\u{fc}ro", "casa", "cel", "cell", "cellulare",
    "cellular", "celular", "comercial", "contact", "contato", "direct", "domicile", "dom", "ext", "extension", "extn",
    "fax", "fijo", "fixe", "fixo", "fone", "gesch\u{e4}ftlich", "handy", "home", "hotline", "iphone", "landline",
    "line", "main", "maison", "mob", "mobil", "mobile", "movil", "m\u{f3}vil", "number", "office", "oficina", "only",
    "other", "outro", "pager", "particular", "perso", "personal", "pessoal", "phone", "portable", "private", "privat",
    "pro", "principal", "ramal", "recado", "residencial", "school", "secondary", "signal", "sms", "tel", "telefone",
    "telefono", "telegram", "text", "trabajo", "trabalho", "travail", "ufficio", "viber", "voicemail", "wa", "whats",
    "whatsapp", "work", "wpp", "zap", "zapzap", "zuhause",
];

/// Returns the words of a folded text. A text that contains a phrase of `SHARED_PHRASES` gets the additional word
/// `main`, which has the same role.
pub(crate) fn words(folded: &str) -> impl Iterator<Item = &str> {
    let is_phrase = |phrase: &&&str| {
        let mut found = folded.match_indices(**phrase);
        found.any(|(at, text)| {
            let (before, behind) = (folded.get(..at).unwrap_or_default(), folded.get(at + text.len()..));
            (before.is_empty() || before.ends_with(' '))
                && behind.is_none_or(|rest| rest.is_empty() || rest.starts_with(' '))
        })
    };
    let phrase = word_table::SHARED_PHRASES.iter().find(is_phrase).map(|_| "main");
    folded.split(' ').filter(|word| !word.is_empty()).chain(phrase)
}

/// Returns true if a name may contain a word for a role. Returns false only for ASCII names without the beginning of
/// such a word. This filter avoids folding most names. Cost: O(n).
pub(crate) fn may_name_a_role(name: &str) -> bool {
    if !name.is_ascii() {
        return true;
    }
    let begins_core = |three: &[u8]| {
        let lower = [three[0] | 0x20, three[1] | 0x20, three[2] | 0x20];
        matches!(
            &lower,
            b"fax"
                | b"fac"
                | b"fak"
                | b"pag"
                | b"bee"
                | b"bip"
                | b"pie"
                | b"sem"
                | b"bus"
                | b"loc"
                | b"cer"
                | b"rad"
                | b"tel"
                | b"hak"
                | b"sze"
                | b"pen"
                | b"cag"
                | b"mod"
                | b"bbs"
                | b"pho"
                | b"mob"
                | b"cel"
                | b"gsm"
                | b"fon"
                | b"ruf"
                | b"puh"
                | b"mai"
                | b"cor"
                | b"cou"
                | b"epo"
                | b"sah"
                | b"per"
        )
    };
    name.as_bytes().windows(3).any(begins_core)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contact::fold_words;

    #[test]
    fn words_are_folded_and_found_before_folding() {
        use word_table::*;
        let all = [
            UNREACHABLE,
            UNREACHABLE_ROOTS,
            FAX_HEADS,
            SHARED,
            SHARED_PHRASES,
            UNREACHABLE_INSIDE,
            SHARED_INSIDE,
            PHONES,
            EMAILS,
            PHONES_INSIDE,
            EMAILS_INSIDE,
            BESIDE,
        ];
        for word in all.into_iter().flatten() {
            assert_eq!(fold_words(word), *word);
        }
        for word in [UNREACHABLE, UNREACHABLE_ROOTS, PHONES, EMAILS].into_iter().flatten() {
            assert!(may_name_a_role(word), "{word}");
        }
    }
}
