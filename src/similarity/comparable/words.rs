//! Words in companies and streets that do not tell one from another.

/// The legal forms of companies, as plain words.
const LEGAL_FORMS: &str = "inc incorporated llc llp ltd limited corp corporation co company plc gmbh ag kg ohg ug mbh eg ev sa \
sas sarl sl slu srl spa snc bv nv ab as aps oy oyj a/s ltda eireli me epp pty pte pvt kk sdn bhd ooo oao zao ao \
sp zoo kft zrt doo group the and und y e et";

/// Street words with their short forms; the first of each is what both are written as.
const STREET_WORDS: [&str; 22] = [
    "street st str strt",
    "road rd",
    "avenue ave av avda avenida",
    "boulevard blvd boul",
    "drive dr drv",
    "lane ln",
    "place pl plc",
    "court ct crt",
    "circuit cct crct",
    "crescent cres cr crs",
    "close cl",
    "terrace tce ter terr",
    "parade pde",
    "highway hwy hway",
    "square sq",
    "north n",
    "south s",
    "east e",
    "west w",
    "strasse strase straat",
    "rua r",
    "calle c",
];

/// Returns the plain words of a company without its legal form. The words stay if nothing else is left. Cost: O(n).
pub(crate) fn company_words(plain: &str) -> String {
    let is_form = |word: &&str| LEGAL_FORMS.split(' ').any(|form| form == *word);
    let words: Vec<&str> = plain.split(' ').filter(|word| !is_form(word)).collect();
    if words.is_empty() { plain.to_owned() } else { words.join(" ") }
}

/// A street and the number of a house in it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct StreetAddress {
    pub(crate) street: String,
    pub(crate) number: String,
}

/// Returns the street with its words written out, and the number of the house, of a plain text. Cost: O(n).
pub(crate) fn street_address(plain: &str) -> StreetAddress {
    let mut address = StreetAddress::default();
    for word in plain.split(' ').filter(|word| !word.is_empty()) {
        let is_number = word.bytes().next().is_some_and(|byte| byte.is_ascii_digit());
        let is_ordinal = is_number && ["st", "nd", "rd", "th"].iter().any(|end| word.ends_with(end));
        if is_number && !is_ordinal && address.number.is_empty() {
            address.number = word.to_owned();
            continue;
        }
        if !address.street.is_empty() {
            address.street.push(' ');
        }
        let written_out = STREET_WORDS.iter().find(|words| words.split(' ').any(|listed| listed == word));
        address.street.push_str(written_out.and_then(|words| words.split(' ').next()).unwrap_or(word));
    }
    address
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn companies_have_no_legal_form() {
        assert_eq!(company_words("muster trading gmbh"), "muster trading");
        assert_eq!(company_words("the company"), "the company");
    }

    #[test]
    fn streets_are_written_out_and_numbers_stand_alone() {
        let read = |text: &str| {
            let address = street_address(text);
            format!("{}|{}", address.street, address.number)
        };
        assert_eq!(read("12 muster st"), "muster street|12");
        assert_eq!(read("muster ave 12b"), "muster avenue|12b");
        assert_eq!(read("38 e 51st st"), "east 51st street|38");
        assert_eq!(read(""), "|");
    }
}
