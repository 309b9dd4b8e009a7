//! Words for yes and no, in the languages that exporters write.

use crate::contact::Time;
use crate::contact::fold;

// Each list is a text of folded words, one space between two.

const YES: &str = "1 x y yes true t on ja j jawohl wahr oui vrai si s vero sim verdadeiro verdadero cierto waar tak prawda \
ano pravda igen kylla da adevarat evet dogru co dung ya benar ναι nai αληθες да д истина так כן נעם نعم صح はい 真 是 对 對 예 네 참 \
ใช่ จริง";

const NO: &str = "0 n no false f off none null nil na nan never nein nicht falsch non faux nao nunca falso nee onwaar nie falsz ne \
nepravda nem hamis ei fals nu hayir yanlis h khong sai tidak bukan salah nej nei ikke inte οχι oxi ψευδες нет н ложь ні нi לא لا \
いいえ 偽 否 不 非 아니요 아니오 거짓 ไม่ เท็จ";

/// What a word says where yes or no is asked for: `None` if it is not known. Nothing, a dash or zero is no, and a time is yes,
/// since it says since when. Case, accents and blanks make no difference. O(n).
///
/// ```
/// use onefold::yes_or_no;
///
/// assert_eq!(["Ja", "n\u{e3}o", "2024-02-29", "weekly"].map(yes_or_no), [Some(true), Some(false), Some(true), None]);
/// ```
pub fn yes_or_no(word: &str) -> Option<bool> {
    let word = word.trim();
    // What nearly all files write.
    let is_one_of = |words: &[&str]| words.iter().any(|listed| listed.eq_ignore_ascii_case(word));
    if is_one_of(&["", "0", "false", "no"]) {
        return Some(false);
    }
    if is_one_of(&["1", "true", "yes", "x"]) {
        return Some(true);
    }
    let folded = letters(word);
    if is_among(NO, &folded) {
        return Some(false);
    }
    if is_among(YES, &folded) {
        return Some(true);
    }
    if folded.is_empty() {
        return sign(word);
    }
    if let Ok(number) = word.replace(',', ".").parse::<f64>() {
        return if number == 0.0 {
            Some(false)
        } else if number == 1.0 {
            Some(true)
        } else {
            None
        };
    }
    // A time of zeros is none.
    let is_none = word.starts_with("0000") || word.starts_with("1970-01-01");
    is_time(word).then_some(!is_none)
}

/// The letters and digits of a word, folded.
fn letters(word: &str) -> String {
    let mut folded = fold(word);
    folded.retain(char::is_alphanumeric);
    folded
}

fn is_among(list: &str, word: &str) -> bool {
    let mut listed = list.split(' ');
    if word.is_ascii() {
        return !word.is_empty() && listed.any(|listed| listed == word);
    }
    // Folding takes letters of other scripts apart.
    listed.any(|listed| !listed.is_ascii() && letters(listed) == word)
}

/// What a word without any letter or digit says.
fn sign(word: &str) -> Option<bool> {
    let all = |signs: &[char]| word.chars().all(|letter| signs.contains(&letter) || letter.is_whitespace());
    if all(&['-', '\u{2010}', '\u{2011}', '\u{2012}', '\u{2013}', '\u{2014}', '\u{2212}', '.', '_', '/']) {
        return Some(false);
    }
    if all(&['\u{2717}', '\u{2718}', '\u{274c}', '\u{2610}']) {
        return Some(false);
    }
    all(&['\u{2713}', '\u{2714}', '\u{2705}', '\u{2611}', '\u{fe0f}', '+']).then_some(true)
}

/// Returns true if a word is a date: four digits, two and two, with or without a time behind them.
fn is_time(word: &str) -> bool {
    let is_date = |word: &str| {
        let parts: Vec<&str> = word.split(['-', '/', '.']).collect();
        let lengths: Vec<usize> = parts.iter().map(|part| part.len()).collect();
        parts.iter().all(|part| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit()))
            && matches!(lengths.as_slice(), [4, 1 | 2, 1 | 2] | [1 | 2, 1 | 2, 4])
    };
    Time::parse(word).is_some() || word.split([' ', 'T']).next().is_some_and(is_date)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_for_yes_and_no_are_known_in_many_languages() {
        for word in [
            "1",
            "TRUE",
            "Yes",
            "sim",
            "S\u{ed}",
            "x",
            "ja",
            "Oui",
            "tak",
            "Да",
            "1.0",
            "EVET",
            "はい",
            "是",
            "예",
            "نعم",
            "\u{2713}",
            "2024-05-01",
            "2024-05-01T10:00:00Z",
            "01.05.2024 10:00",
            "on",
        ] {
            assert_eq!(yes_or_no(word), Some(true), "{word}");
        }
        for word in [
            "",
            " ",
            "0",
            "false",
            "No",
            "n\u{e3}o",
            "nein",
            "non",
            "n",
            "off",
            "0.0",
            "0,0",
            "-",
            "\u{2014}",
            "null",
            "nee",
            "нет",
            "Нет",
            "否",
            "لا",
            "아니요",
            "Hay\u{131}r",
            "HAYIR",
            "n/a",
            "none",
            "0000-00-00 00:00:00",
            "FALSCH",
            "nej",
            "ikke",
            "\u{2717}",
            "-0",
            "không",
            "ไม่",
            "όχι",
        ] {
            assert_eq!(yes_or_no(word), Some(false), "{word}");
        }
        for word in ["perhaps", "2", "spam", "?", "1.5"] {
            assert_eq!(yes_or_no(word), None, "{word}");
        }
    }
}
